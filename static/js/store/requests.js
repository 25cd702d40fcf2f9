/** What clients ask for, as far as it was looked at, the newest first. No DOM. */

/** @typedef {import("../wire.js").Attachment} Attachment */
/** @typedef {import("../wire.js").Member} Member */
/** @typedef {{id: string, kind: string, name: string, may_request: boolean}} Space */
/** @typedef {"material" | "change_order" | "info"} RequestKind */
/** @typedef {"pending" | "approved" | "rejected" | "withdrawn"} RequestStatus */
/**
 * @typedef {object} ClientRequest
 * @property {string} id
 * @property {{id: string, name: string}} space
 * @property {RequestKind} kind
 * @property {string} title
 * @property {string} description
 * @property {RequestStatus} status
 * @property {Member} created_by
 * @property {string} created_at
 * @property {string} updated_at
 * @property {Member | null} decided_by
 * @property {string | null} decided_at
 * @property {string} reason
 * @property {Attachment[]} files
 * @property {number} version
 */
/** @typedef {{client_id: string, space: string, kind: RequestKind, title: string, description: string}} Wanted */
/** @typedef {{status?: string}} Query */
/** @typedef {Pick<import("../api.js").Api, "get" | "post" | "uploadTo">} Api */
/** @typedef {(target: {url: string, headers: Record<string, string>, fields: Record<string, string>}, file: File) => Promise<unknown>} Upload */

const PATH = "client-requests/"
export const KINDS = /** @type {RequestKind[]} */ (["material", "change_order", "info"])

/** Announces `change`. */
export class Requests extends EventTarget {
  #api
  #upload
  /** @type {Map<string, ClientRequest>} */
  #known = new Map()
  /** What was asked for last, and what was answered. @type {Query} */
  #wanted = {}
  /** @type {Query} */
  #query = {}
  /** @type {string | null} */
  #next = null
  /** The last of what was listed. */
  #end = ""
  /** Answers to what was asked before are answered too late. */
  #asked = 0
  /** @type {Space[] | null} */
  spaces = null
  isLoaded = false

  /**
   * @param {Api} api
   * @param {EventTarget} client  which announces frames, and that it is connected
   * @param {Upload} upload
   */
  constructor(api, client, upload) {
    super()
    this.#api = api
    this.#upload = upload
    client.addEventListener("frame", event => this.#hear(/** @type {CustomEvent} */ (event).detail))
    client.addEventListener("connection", event => {
      // No version tells what was missed.
      if (/** @type {CustomEvent} */ (event).detail.state === "open" && this.#asked) this.load(this.#wanted).catch(() => {})
    })
  }

  /** Ids that begin with their time. @returns {ClientRequest[]} */
  get all() {
    return [...this.#known.values()].sort((a, b) => a.id < b.id ? 1 : -1)
  }

  get hasMore() {
    return this.#next !== null
  }

  /** @param {string} id */
  get(id) {
    return this.#known.get(id) ?? null
  }

  /** @param {Query} [query] */
  async load(query = {}) {
    const asked = ++this.#asked
    this.#wanted = query
    const [page, spaces] = await Promise.all([this.#api.get(PATH, query), this.spaces ? null : this.#api.get("spaces/")])
    if (asked !== this.#asked) return
    this.#query = query
    if (spaces) this.spaces = spaces.results
    this.isLoaded = true
    this.#end = ""
    this.#take(page)
  }

  async more() {
    const asked = this.#asked
    const page = this.#next && await this.#api.get(PATH, {...this.#query, cursor: this.#next})
    if (page && asked === this.#asked) this.#take(page)
  }

  /** @param {string} id */
  async find(id) {
    this.#keep(await this.#api.get(`${PATH}${id}/`))
  }

  /**
   * The same words sent again are one request: files that were not taken can follow.
   *
   * @param {Wanted} wanted
   * @param {File[]} files
   * @returns {Promise<{request: ClientRequest, refused: {name: string, error: unknown}[]}>}
   */
  async ask(wanted, files) {
    const request = await this.#api.post(PATH, wanted)
    this.#keep(request)
    return {request, refused: await this.add(request.id, files)}
  }

  /**
   * @param {string} id
   * @param {File[]} files
   */
  async add(id, files) {
    /** @type {{name: string, error: unknown}[]} */
    const refused = []
    for (const file of files) {
      const target = {...this.#api.uploadTo("client-request-attachments/"), fields: {request: id}}
      await this.#upload(target, file).catch(error => refused.push({name: file.name, error}))
    }
    if (files.length) await this.find(id).catch(() => {})
    return refused
  }

  /** @param {string} id */
  withdraw(id) {
    return this.#change(id, "withdraw", {})
  }

  /**
   * @param {string} id
   * @param {"approve" | "reject"} decision
   * @param {string} reason
   */
  decide(id, decision, reason) {
    return this.#change(id, decision, {reason})
  }

  /**
   * @param {string} id
   * @param {string} act
   * @param {object} body
   */
  async #change(id, act, body) {
    try {
      this.#keep(await this.#api.post(`${PATH}${id}/${act}/`, body))
    } catch (error) {
      const {current} = /** @type {{current?: ClientRequest}} */ (error)
      if (current) this.#keep(current)
      throw error
    }
  }

  /** @param {{results: ClientRequest[], next: string | null}} page */
  #take({results, next}) {
    const end = next && results.at(-1)?.id || ""
    const listed = new Set(results.map(({id}) => id))
    const {status: wanted} = this.#query
    const missing = this.all.filter(({id, status}) => !listed.has(id) && id >= end && (!this.#end || id < this.#end) && (!wanted || status === wanted))
    this.#next = next
    this.#end = end
    for (const one of results) this.#keep(one, {isQuiet: true})
    this.#changed()
    this.#findAnew(missing)
  }

  /** What a list leaves out has changed since, or is not to be seen any more. @param {ClientRequest[]} missing */
  async #findAnew(missing) {
    for (const {id} of missing) await this.find(id).catch(error => error.code === "not_found" && this.#drop(id))
  }

  /** @param {string} id */
  #drop(id) {
    this.#known.delete(id)
    this.#changed()
  }

  /**
   * @param {ClientRequest} request
   * @param {{isQuiet?: boolean}} [options]
   */
  #keep(request, {isQuiet = false} = {}) {
    const known = this.#known.get(request.id)
    if (!known || known.version <= request.version) this.#known.set(request.id, request)
    if (!isQuiet) this.#changed()
  }

  /** @param {import("../wire.js").Frame} frame */
  #hear({type, request}) {
    if (type === "request" && this.isLoaded) this.#keep(request)
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"))
  }
}
