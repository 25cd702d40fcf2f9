/** Files that are to be said with the next message of a conversation: a few are on their way at once. No DOM. */

/** @typedef {import("../wire.js").Attachment} Attachment */
/**
 * @typedef {object} Upload
 * @property {string} key
 * @property {string} conversation  "" as long as there is none
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
 */

const AT_ONCE = 3
/** As many as one message may have. */
export const MOST = 20

/** Announces `change`. */
export class Uploads extends EventTarget {
  #delegate
  /** @type {Upload[]} */
  #all = []
  /** @type {Map<Upload, AbortController>} */
  #going = new Map()
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
   * @param {string} conversation
   */
  settle(conversation) {
    for (const upload of this.of("")) upload.conversation = conversation
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
    const waiting = this.#all.filter(({state}) => state === "waiting")
    waiting.slice(0, AT_ONCE - this.#going.size).forEach(upload => this.#send(upload))
    this.#announce()
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
      const {code = "internal", message = "", temporary = false} = /** @type {Partial<Refusal>} */ (error)
      Object.assign(upload, {state: "refused", refusal: {code, message, temporary}})
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
