/** What is known of files beside their messages, and what is asked about them. Loaded with the first of them. No DOM. */

import {upload} from "./uploading.js"

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./wire.js").Attachment} Attachment */
/** @typedef {import("./wire.js").FileInfo} FileInfo */
/** @typedef {import("./wire.js").ShareLink} ShareLink */
/** @typedef {Record<string, string | number | null | undefined>} Query */
/** @typedef {{results: FileInfo[], next: string | null}} Page */

/** How far each state is on its way: older news do not take the place of newer. */
const STEPS = {scanning: 0, pending: 1, approved: 2, rejected: 2, infected: 2}

/** @type {WeakMap<Client, Filing>} */
const filings = new WeakMap()

/** @param {Client} client */
export function filingOf(client) {
  const known = filings.get(client) ?? new Filing(client.api, client)
  filings.set(client, known)
  return known
}

/** Announces `change` ({file}) when more is known of one, `said` (a frame) for each message, `back` when news may have been missed. */
export class Filing extends EventTarget {
  #api
  /** @type {Map<string, Attachment>} */
  #told = new Map()
  /** @type {Set<string>} */
  #asked = new Set()

  /**
   * @param {import("./api.js").Api} api
   * @param {EventTarget} client  which announces frames
   */
  constructor(api, client) {
    super()
    this.#api = api
    client.addEventListener("frame", event => this.#heard(/** @type {CustomEvent} */ (event).detail))
    client.addEventListener("connection", event => this.#connected(/** @type {CustomEvent} */ (event).detail))
  }

  /**
   * All that is known of a file: what its message says, or what I was told besides.
   *
   * @param {Attachment} file
   */
  told(file) {
    const known = this.#told.get(file.id)
    const isNews = known && known.name !== null && (file.name === null ? STEPS[known.state] >= STEPS[file.state] : STEPS[known.state] > STEPS[file.state])
    return isNews ? known : file
  }

  /** @param {Attachment} file  as I was told of it */
  keep(file) {
    if (JSON.stringify(this.#told.get(file.id)) === JSON.stringify(file)) return
    this.#told.set(file.id, file)
    this.#announce("change", {file})
  }

  /**
   * Asks once for what its message does not say.
   *
   * @param {Attachment} file
   */
  async ask({id, state}) {
    const question = `${id} ${state}`
    if (this.#asked.has(question)) return
    this.#asked.add(question)
    try {
      this.keep(await this.#api.get(`chat/attachments/${id}/`))
    } catch (error) {
      if (/** @type {{temporary?: boolean}} */ (error).temporary) this.#asked.delete(question)
    }
  }

  /**
   * All that I may know of it, now.
   *
   * @param {string} id
   * @returns {Promise<FileInfo>}
   */
  info(id) {
    return this.#api.get(`chat/attachments/${id}/`)
  }

  /**
   * @param {string} id
   * @param {{size?: number}} [query]  of a picture: the thumbnail
   * @returns {Promise<Blob>}
   */
  bytes(id, query) {
    return this.#api.blob(`chat/download/${id}/`, query)
  }

  /**
   * @param {string} id
   * @returns {Promise<string>} the words in it
   */
  async text(id) {
    return (await this.#api.get(`chat/attachments/${id}/text/`)).text
  }

  /**
   * @param {string} conversation
   * @param {Query} query
   * @returns {Promise<Page>}
   */
  list(conversation, query) {
    return this.#api.get(`chat/files/${conversation}/`, query)
  }

  /**
   * What waits for me.
   *
   * @param {Query} [query]
   * @returns {Promise<Page>}
   */
  pending(query) {
    return this.#api.get("chat/attachments/pending/", query)
  }

  /**
   * @param {string[]} ids
   * @param {"approve" | "reject"} decision
   * @param {string} [reason]
   * @returns {Promise<(FileInfo | {id: string, error: {code: string, message: string, current?: FileInfo}})[]>}
   */
  async decide(ids, decision, reason = "") {
    const {results} = await this.#api.post("chat/attachments/review/", {ids, decision, reason})
    for (const one of results) if (!one.error) this.keep(one)
    return results
  }

  /**
   * @param {string} id
   * @param {{category?: string, tags?: string[]}} change
   */
  async organise(id, change) {
    this.keep(await this.#api.patch(`chat/attachments/${id}/organise/`, change))
  }

  /**
   * Where a browser's own viewer finds it; null for whoever has a token, which stands in no address.
   *
   * @param {string} id
   */
  address(id) {
    const {url, headers} = this.#api.uploadTo(`chat/download/${id}/`)
    const query = new URLSearchParams({inline: "true", organisation: headers["X-Organisation"] ?? ""})
    return headers.Authorization ? null : `${url}?${query}`
  }

  /**
   * @param {string} id
   * @returns {Promise<ShareLink[]>} those that hold, the newest first
   */
  async links(id) {
    return (await this.#api.get(`chat/attachments/${id}/share_links/`)).results
  }

  /**
   * @param {string} id
   * @param {{mode: string, expires_at: string, max_uses?: number, password?: string}} wanted
   * @returns {Promise<ShareLink>}
   */
  share(id, wanted) {
    return this.#api.post(`chat/attachments/${id}/share_links/`, wanted)
  }

  /** @param {string} link */
  revoke(link) {
    return this.#api.delete(`chat/share_links/${link}/`)
  }

  /**
   * Who has read it, the newest first.
   *
   * @param {string} id
   * @param {Query} query
   * @returns {Promise<{results: import("./wire.js").FileAccess[], next: string | null}>}
   */
  accesses(id, query) {
    return this.#api.get(`chat/attachments/${id}/access_log/`, query)
  }

  /**
   * @param {string} id
   * @returns {Promise<FileInfo[]>} the newest first
   */
  async versions(id) {
    return (await this.#api.get(`chat/attachments/${id}/versions/`)).results
  }

  /**
   * @param {string} id
   * @param {File} file
   * @param {import("./store/uploads.js").Course} course
   */
  addVersion(id, file, course) {
    return upload(this.#api.uploadTo(`chat/attachments/${id}/versions/`), file, course)
  }

  /** @param {import("./wire.js").Frame} frame */
  #heard(frame) {
    if (frame.type === "file") this.keep(/** @type {FileInfo} */ (frame.file))
    else if (frame.type === "message") this.#announce("said", frame)
  }

  /** @param {{state: string}} status */
  #connected({state}) {
    if (state === "open") this.#announce("back", null)
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #announce(name, detail) {
    this.dispatchEvent(new CustomEvent(name, {detail}))
  }
}
