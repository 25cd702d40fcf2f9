/** Files that are to be said with the next message of a conversation: a few are on their way at once. No DOM. */

import {isThere} from "./starting.js"

/** @typedef {import("../wire.js").Attachment} Attachment */
/**
 * @typedef {object} Upload
 * @property {string} key
 * @property {string} conversation  or what stands for one that is not there yet
 * @property {File} file
 * @property {"waiting" | "going" | "done" | "refused"} state
 * @property {number} progress  how much of it is there, of 1
 * @property {Attachment | null} attachment  what the server made of it
 * @property {Refusal | null} refusal
 */
/** @typedef {{code: string, message: string, temporary: boolean}} Refusal */
/** @typedef {{progressed: (part: number) => void, signal: AbortSignal}} Course */
/**
 * @typedef {object} Delegate
 * @property {(upload: Upload, course: Course) => Promise<Attachment>} send
 * @property {(file: string) => void} takeBack
 * @property {(conversation: string) => Promise<number>} atOnce  how many may be on their way there
 */

/** How many may be on their way, until the server has said it. */
const AT_FIRST = 1
/** As many as one message may have. */
export const MOST = 20

/** Announces `change`. */
export class Uploads extends EventTarget {
  #delegate
  /** @type {Upload[]} */
  #all = []
  /** @type {Map<Upload, AbortController>} */
  #going = new Map()
  /** @type {Map<string, number>} */
  #atOnce = new Map()
  /** The server has enough for now. @type {ReturnType<typeof setTimeout> | null} */
  #rest = null
  #last = 0

  /** @param {Delegate} delegate */
  constructor(delegate) {
    super()
    this.#delegate = delegate
  }

  /** @param {string} conversation */
  of(conversation) {
    return this.#all.filter(upload => upload.conversation === conversation)
  }

  /**
   * @param {string} conversation
   * @param {File[]} files
   */
  add(conversation, files) {
    const room = MOST - this.of(conversation).filter(({state}) => state !== "refused").length
    this.#all.push(...files.map((file, place) => this.#begun(conversation, file, place < room)))
    this.#learn(conversation)
    this.#next()
  }

  /** @param {string} key */
  retry(key) {
    const upload = this.#all.find(one => one.key === key)
    if (upload) Object.assign(upload, {state: "waiting", progress: 0, refusal: null})
    this.#next()
  }

  /** @param {string} key */
  cancel(key) {
    const upload = this.#all.find(one => one.key === key)
    if (!upload) return
    this.#drop([upload])
    if (upload.attachment) this.#delegate.takeBack(upload.attachment.id)
    this.#next()
  }

  /**
   * They are said now.
   *
   * @param {string} conversation
   */
  said(conversation) {
    this.#drop(this.of(conversation).filter(({state}) => state === "done"))
    this.#announce()
  }

  /**
   * The conversation that they were chosen for exists now.
   *
   * @param {string} place  what they were chosen for until then
   * @param {string} conversation
   */
  settle(place, conversation) {
    for (const upload of this.of(place)) upload.conversation = conversation
    if (this.of(conversation).length > 0) this.#learn(conversation)
  }

  /** Another person is here now. */
  forget() {
    this.#drop(this.#all)
    this.#announce()
  }

  /**
   * @param {string} conversation
   * @param {File} file
   * @param {boolean} hasRoom
   * @returns {Upload}
   */
  #begun(conversation, file, hasRoom) {
    const refusal = hasRoom ? null : {code: "too_many", message: "", temporary: false}
    return {key: String(++this.#last), conversation, file, state: hasRoom ? "waiting" : "refused", progress: 0, attachment: null, refusal}
  }

  #next() {
    for (const upload of this.#all) {
      if (upload.state === "waiting" && this.#hasRoom(upload)) this.#send(upload)
    }
    this.#announce()
  }

  /** @param {Upload} upload */
  #hasRoom({conversation}) {
    return !this.#rest && this.#going.size < (this.#atOnce.get(conversation) ?? AT_FIRST)
  }

  /**
   * Asked with each choice: a policy changes.
   *
   * @param {string} conversation
   */
  async #learn(conversation) {
    if (!isThere(conversation)) return
    try {
      this.#atOnce.set(conversation, await this.#delegate.atOnce(conversation))
      this.#next()
    } catch {
      // It goes on as before.
    }
  }

  /**
   * From another page or device of this member, others are on their way.
   *
   * @param {number} after
   */
  #pause(after) {
    if (this.#rest) clearTimeout(this.#rest)
    this.#rest = setTimeout(() => {
      this.#rest = null
      this.#next()
    }, after)
  }

  /** @param {Upload} upload */
  async #send(upload) {
    const aborting = new AbortController()
    this.#going.set(upload, aborting)
    upload.state = "going"
    try {
      const attachment = await this.#delegate.send(upload, {signal: aborting.signal, progressed: part => this.#progressed(upload, part)})
      // Cancelled too late for its way, not for what became of it.
      if (aborting.signal.aborted) this.#delegate.takeBack(attachment.id)
      Object.assign(upload, {state: "done", progress: 1, attachment})
    } catch (error) {
      const {code = "internal", message = "", temporary = false, retryAfter} = /** @type {Partial<Refusal> & {retryAfter?: number}} */ (error)
      if (code === "rate_limited") {
        Object.assign(upload, {state: "waiting", progress: 0})
        this.#pause(retryAfter || 1_000)
      } else Object.assign(upload, {state: "refused", refusal: {code, message, temporary}})
    }
    this.#going.delete(upload)
    this.#next()
  }

  /**
   * @param {Upload} upload
   * @param {number} part
   */
  #progressed(upload, part) {
    upload.progress = part
    this.#announce()
  }

  /** @param {Upload[]} uploads */
  #drop(uploads) {
    for (const upload of uploads) this.#going.get(upload)?.abort()
    this.#all = this.#all.filter(upload => !uploads.includes(upload))
  }

  #announce() {
    this.dispatchEvent(new CustomEvent("change"))
  }
}
