/**
 * Messages that are written but not yet answered. They survive a reload, keep their order within a conversation, and
 * go out again under the same `client_id`, so a retry can never become a second message.
 */

import {backoff} from "../socket/backoff.js"
import {namesIn} from "./storage.js"

/** @typedef {import("../wire.js").Message} Message */
/** @typedef {import("../wire.js").Sending} Sending */
/** @typedef {{temporary?: boolean, code?: string, retryAfter?: number | null}} Refusal */

/**
 * Announces `change` ({conversation}) and `sent` (a Message); and, for other tabs, what was `kept` (a Sending) and
 * `dropped` (its client_id) here.
 */
export class Outbox extends EventTarget {
  #storage
  #prefix
  #send
  #random
  /** @type {Map<string, Sending>} */
  #sendings = new Map()
  /** Conversations with a message on its way. @type {Set<string>} */
  #busy = new Set()
  /** @type {Map<string, {tries: number, timer: any}>} */
  #waits = new Map()
  #isOpen = true
  #isAllowed = true

  /**
   * @param {object} options
   * @param {import("./storage.js").Keep} options.storage
   * @param {string} options.prefix  one for each person, so that nobody sends another's words
   * @param {(sending: Sending) => Promise<Message>} options.send
   * @param {() => number} [options.random]
   */
  constructor({storage, prefix, send, random = Math.random}) {
    super()
    this.#storage = storage
    this.#prefix = prefix
    this.#send = send
    this.#random = random
    this.#load()
  }

  /** @param {string} conversation */
  of(conversation) {
    return this.all.filter(sending => sending.conversation === conversation)
  }

  get all() {
    return [...this.#sendings.values()]
  }

  get conversations() {
    return [...new Set(this.all.map(sending => sending.conversation))]
  }

  /** @param {Omit<Sending, "state" | "error">} sending */
  add(sending) {
    if (!this.#isOpen) return
    this.#keep({...sending, state: "pending"})
    this.#drain(sending.conversation)
  }

  /** @param {string} clientId */
  retry(clientId) {
    const sending = this.#sendings.get(clientId)
    if (!sending) return
    this.#keep({...sending, state: "pending", error: undefined})
    this.#drain(sending.conversation)
  }

  /** @param {string} clientId */
  discard(clientId) {
    if (this.drop(clientId)) this.#announce("dropped", clientId)
  }

  /**
   * Another tab wrote it, or says what became of it.
   *
   * @param {Sending} sending
   */
  take(sending) {
    if (this.#sendings.get(sending.client_id)?.state === sending.state) return
    this.#sendings.set(sending.client_id, sending)
    this.#changed(sending.conversation)
    this.#drain(sending.conversation)
  }

  /**
   * Another tab is done with it.
   *
   * @param {string} clientId
   * @returns {boolean} whether it was known here
   */
  drop(clientId) {
    const sending = this.#sendings.get(clientId)
    if (!sending) return false
    this.#sendings.delete(clientId)
    this.#storage.removeItem(this.#prefix + clientId)
    this.#changed(sending.conversation)
    return true
  }

  /**
   * Of several tabs one may send, and takes over what is left in the storage that they share.
   *
   * @param {boolean} isAllowed
   */
  allow(isAllowed) {
    this.#isAllowed = isAllowed
    if (!isAllowed) return
    this.#load()
    this.conversations.forEach(conversation => this.#changed(conversation))
  }

  /** The way is open again: everything that waits goes out, oldest first, one conversation beside another. */
  flush() {
    for (const conversation of this.conversations) {
      this.#forgetWait(conversation)
      this.#drain(conversation)
    }
  }

  /** No more sending from here; what is kept stays kept. */
  stop() {
    this.#isOpen = false
    for (const conversation of [...this.#waits.keys()]) this.#forgetWait(conversation)
  }

  /** @param {string} conversation */
  async #drain(conversation) {
    if (this.#busy.has(conversation)) return
    this.#busy.add(conversation)
    for (let next = this.#next(conversation); next; next = this.#next(conversation)) {
      if (!await this.#sendOne(next)) break
    }
    this.#busy.delete(conversation)
  }

  /** @param {string} conversation */
  #next(conversation) {
    if (!this.#isOpen || !this.#isAllowed || this.#waits.get(conversation)?.timer) return undefined
    return this.of(conversation).find(({state}) => state === "pending")
  }

  /**
   * @param {Sending} sending
   * @returns {Promise<boolean>} whether the next one may follow
   */
  async #sendOne(sending) {
    try {
      this.#sent(sending, await this.#send(sending))
      return true
    } catch (error) {
      return this.#refused(sending, /** @type {Refusal} */ (error))
    }
  }

  /**
   * @param {Sending} sending
   * @param {Message} message
   */
  #sent(sending, message) {
    this.#forgetWait(sending.conversation)
    this.#announce("sent", message)
    this.discard(sending.client_id)
  }

  /**
   * @param {Sending} sending
   * @param {Refusal} error
   */
  #refused(sending, error) {
    if (error?.temporary) {
      this.#wait(sending.conversation, error.retryAfter)
      return false
    }
    // It goes when whoever wrote it is signed in again.
    if (error?.code === "not_authenticated") return false
    if (this.#sendings.has(sending.client_id)) {
      this.#keep({...sending, state: "failed", error: error?.code ?? "internal"})
    }
    return true
  }

  /**
   * @param {string} conversation
   * @param {number | null} [retryAfter]
   */
  #wait(conversation, retryAfter) {
    if (!this.#isOpen) return
    const tries = this.#waits.get(conversation)?.tries ?? 0
    const timer = setTimeout(() => {
      this.#waits.set(conversation, {tries: tries + 1, timer: null})
      this.#drain(conversation)
    }, retryAfter ?? backoff(tries, {base: 1_000, random: this.#random}))
    this.#waits.set(conversation, {tries, timer})
  }

  /** @param {string} conversation */
  #forgetWait(conversation) {
    clearTimeout(this.#waits.get(conversation)?.timer)
    this.#waits.delete(conversation)
  }

  /** @param {Sending} sending */
  #keep(sending) {
    this.#sendings.set(sending.client_id, sending)
    this.#storage.setItem(this.#prefix + sending.client_id, JSON.stringify(sending))
    this.#changed(sending.conversation)
    this.#announce("kept", sending)
  }

  #load() {
    const kept = namesIn(this.#storage, this.#prefix).map(name => parse(this.#storage.getItem(name)))
    const sendings = [...this.all, ...kept.filter(sending => sending !== null)]
    sendings.sort((a, b) => a.created_at.localeCompare(b.created_at))
    this.#sendings = new Map(sendings.map(sending => [sending.client_id, sending]))
  }

  /** @param {string} conversation */
  #changed(conversation) {
    this.#announce("change", {conversation})
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #announce(name, detail) {
    this.dispatchEvent(new CustomEvent(name, {detail}))
  }
}

/**
 * Storage is shared with whoever shares the origin: take only what has the right shape.
 *
 * @param {string | null} text
 * @returns {Sending | null}
 */
function parse(text) {
  try {
    const sending = JSON.parse(text ?? "")
    const fields = ["client_id", "conversation", "body", "created_at"]
    return fields.every(name => typeof sending?.[name] === "string") ? sending : null
  } catch {
    return null
  }
}
