/** Tells the others that this person is writing: seldom, and no longer than it is true. */

const AGAIN_MS = 3_000
const IDLE_MS = 5_000

export class Typist {
  #tell
  /** Where this person is writing now. @type {string | null} */
  #conversation = null
  /** What was last said to be begun. */
  #begun = {conversation: "", at: -Infinity}
  #isTold = false
  /** @type {any} */
  #idle = null

  /** @param {(conversation: string, isTyping: boolean) => void} tell */
  constructor(tell) {
    this.#tell = tell
  }

  /**
   * A key was pressed.
   *
   * @param {string} conversation
   * @param {string} draft  what is written by now
   */
  write(conversation, draft) {
    if (conversation !== this.#conversation || !draft.trim()) this.stop()
    if (!draft.trim()) return
    this.#conversation = conversation
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.stop(), IDLE_MS)
    if (conversation !== this.#begun.conversation || Date.now() - this.#begun.at >= AGAIN_MS) this.#begin(conversation)
  }

  /** Sent, left, or nothing written for a while. */
  stop() {
    clearTimeout(this.#idle)
    if (this.#isTold && this.#conversation) this.#tell(this.#conversation, false)
    this.#isTold = false
    this.#conversation = null
  }

  /** @param {string} conversation */
  #begin(conversation) {
    this.#begun = {conversation, at: Date.now()}
    this.#isTold = true
    this.#tell(conversation, true)
  }
}
