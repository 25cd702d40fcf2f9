/** What no sync brings: older messages, and what is pinned further up. */

/** @typedef {import("./wire.js").Message} Message */

const PAGE = 50
/** When what is looked for is far up. */
const LONG_PAGE = 200

export class Paging {
  #api
  #store
  /** @type {Promise<void> | null} */
  #loading = null
  /** Conversations whose pins are being asked for, or could not be had. @type {Set<string>} */
  #asked = new Set()

  /** @param {{api: import("./api.js").Api, store: import("./store/conversations.js").Conversations}} options */
  constructor({api, store}) {
    this.#api = api
    this.#store = store
  }

  /** @param {string} conversation */
  older(conversation) {
    return this.#older(conversation, PAGE)
  }

  /**
   * Loads back to a message, so that nothing between is missing; rejects when there is none to be seen.
   *
   * @param {string} conversation
   * @param {string} message
   */
  async reach(conversation, message) {
    const timeline = this.#store.get(conversation)?.timeline
    if (!timeline || timeline.has(message)) return
    const {seq} = await this.#api.get(`chat/messages/${message}/`)
    while (timeline.floor > seq) await this.#older(conversation, LONG_PAGE)
  }

  /**
   * @param {string} conversation
   * @param {boolean} [again]  also when they could not be had before
   */
  async pins(conversation, again = false) {
    const timeline = this.#store.get(conversation)?.timeline
    if (again) this.#asked.delete(conversation)
    if (!timeline || timeline.hasPins || this.#asked.has(conversation)) return
    this.#asked.add(conversation)
    const {results} = await this.#api.get(`chat/conversations/${conversation}/pins/`)
    this.#asked.delete(conversation)
    this.#store.setPins(conversation, results)
  }

  /**
   * @param {string} conversation
   * @param {number} limit
   */
  async #older(conversation, limit) {
    const timeline = this.#store.get(conversation)?.timeline
    if (!timeline?.hasOlder) return
    this.#loading ??= this.#load(conversation, timeline.floor, limit).finally(() => this.#loading = null)
    await this.#loading
  }

  /**
   * @param {string} conversation
   * @param {number} before
   * @param {number} limit
   */
  async #load(conversation, before, limit) {
    const {results} = await this.#api.get(`chat/conversations/${conversation}/messages/`, {before, limit})
    this.#store.prepend(conversation, results)
  }
}
