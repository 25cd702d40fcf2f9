/** Files that wait for a person, the oldest first: kept true by the news of each. No DOM. */

/** @typedef {import("../wire.js").FileInfo} FileInfo */
/** @typedef {(query: {cursor: string | null, limit: number}) => Promise<{results: FileInfo[], next: string | null}>} Ask */

const PAGE = 100

/** Announces `change`, and `gone` ({file}) when one does not wait any more. */
export class Queue extends EventTarget {
  #ask
  /** @type {FileInfo[]} */
  files = []
  /** @type {"loading" | "here" | "failed"} */
  state = "loading"
  /** @type {string | null} */
  #next = ""
  #asking = 0
  /** What has come while a page was on its way. @type {FileInfo[]} */
  #meanwhile = []

  /** @param {Ask} ask */
  constructor(ask) {
    super()
    this.#ask = ask
  }

  get hasMore() {
    return this.#next !== null
  }

  /** From the beginning: news may have been missed. */
  load() {
    this.#next = ""
    return this.#load([])
  }

  async more() {
    if (this.state !== "loading" && this.hasMore) await this.#load(this.files)
  }

  /** @param {FileInfo} file  something has become of it */
  hear(file) {
    if (this.state === "loading") this.#meanwhile.push(file)
    else this.#place(file)
  }

  /** @param {FileInfo} file */
  #place(file) {
    const known = this.files.some(({id}) => id === file.id)
    if (file.state !== "pending") return known && this.#drop(file)
    if (known) this.files = this.files.map(one => one.id === file.id ? {...one, ...file} : one)
    // What comes after the last page that is here comes with its own.
    else if (!this.hasMore || file.id < (this.files.at(-1)?.id ?? "")) this.files = [...this.files, file].sort((a, b) => a.id < b.id ? -1 : 1)
    else return
    this.#announce("change")
  }

  /** @param {FileInfo} file */
  #drop(file) {
    this.files = this.files.filter(({id}) => id !== file.id)
    this.#announce("gone", {file})
    this.#announce("change")
  }

  /** @param {FileInfo[]} before */
  async #load(before) {
    const question = ++this.#asking
    this.state = "loading"
    this.#announce("change")
    try {
      const {results, next} = await this.#ask({cursor: this.#next, limit: PAGE})
      if (question !== this.#asking) return
      const known = new Set(before.map(({id}) => id))
      this.files = [...before, ...results.filter(({id}) => !known.has(id))]
      this.#next = next
      this.state = "here"
    } catch {
      if (question !== this.#asking) return
      this.state = "failed"
    }
    for (const file of this.#meanwhile.splice(0)) this.#place(file)
    this.#announce("change")
  }

  /**
   * @param {string} name
   * @param {unknown} [detail]
   */
  #announce(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, {detail}))
  }
}

/**
 * A queue that hears what is heard of files.
 *
 * @param {import("../filing.js").Filing} filing
 */
export function queueOf(filing) {
  const queue = new Queue(query => filing.pending(query))
  filing.addEventListener("change", event => {
    const {file} = /** @type {CustomEvent} */ (event).detail
    // One that nobody has said yet waits for nobody.
    if (file.message || file.request) queue.hear(file)
  })
  filing.addEventListener("back", () => queue.load())
  return queue
}
