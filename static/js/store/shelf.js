/** A long list of files that comes page by page, under conditions that change. No DOM. */

/** @typedef {import("../wire.js").FileInfo} FileInfo */
/** @typedef {Record<string, string>} Wanted */
/** @typedef {(query: Record<string, any>) => Promise<{results: FileInfo[], next: string | null}>} Ask */

const PAGE = 50

/** Announces `change`. */
export class Shelf extends EventTarget {
  #ask
  /** @type {FileInfo[]} */
  files = []
  /** @type {"loading" | "here" | "failed"} */
  state = "loading"
  /** @type {Wanted} */
  wanted = {}
  /** @type {string | null} */
  #next = ""
  /** Which of the questions is the last one. */
  #asking = 0

  /** @param {Ask} ask */
  constructor(ask) {
    super()
    this.#ask = ask
  }

  /** Whether there are more than are here. */
  get hasMore() {
    return this.#next !== null
  }

  /** @param {Wanted} wanted  conditions; the list begins anew */
  want(wanted) {
    this.wanted = wanted
    this.files = []
    this.#next = ""
    return this.#load()
  }

  /** There are new ones, and the newest page is as it is now: what a newer version replaced is no longer in it. */
  async renew() {
    if (this.state !== "here") return
    const question = this.#asking
    const {results, next} = await this.#ask({...this.wanted, cursor: "", limit: PAGE})
    if (question !== this.#asking) return
    // Newest first: those beyond the page are older than its last, and as they were.
    const last = next === null ? "" : results.at(-1)?.id ?? ""
    this.files = [...results, ...this.files.filter(({id}) => id < last)]
    this.#announce()
  }

  /** The next page, unless one is on its way. */
  async more() {
    if (this.state === "loading" || !this.hasMore) return
    await this.#load()
  }

  /**
   * What has become of one that is here.
   *
   * @param {FileInfo} file
   */
  keep(file) {
    const place = this.files.findIndex(({id}) => id === file.id)
    if (place < 0) return
    const known = this.files[place]
    // What is told of one file alone does not say what waits beside it.
    this.files = this.files.with(place, {...known, ...file, waiting: file.waiting ?? known.waiting})
    this.#announce()
  }

  async #load() {
    const question = ++this.#asking
    this.state = "loading"
    this.#announce()
    try {
      const {results, next} = await this.#ask({...this.wanted, cursor: this.#next, limit: PAGE})
      if (question !== this.#asking) return
      const known = new Set(this.files.map(({id}) => id))
      this.files = [...this.files, ...results.filter(({id}) => !known.has(id))]
      this.#next = next
      this.state = "here"
    } catch {
      if (question !== this.#asking) return
      this.state = "failed"
    }
    this.#announce()
  }

  #announce() {
    this.dispatchEvent(new CustomEvent("change"))
  }
}

/**
 * Files of each day, in the order in which they come.
 *
 * @param {FileInfo[]} files
 */
export function daysOf(files) {
  /** @type {Map<string, {day: string, at: string, files: FileInfo[]}>} */
  const days = new Map()
  for (const file of files) {
    const day = new Date(file.created_at).toDateString()
    const known = days.get(day) ?? {day, at: file.created_at, files: []}
    known.files.push(file)
    days.set(day, known)
  }
  return [...days.values()]
}
