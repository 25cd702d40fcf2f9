/** Decides when a conversation counts as read: open, and looked at for half a second. */

const GLANCE_MS = 500

export class Reading {
  #read
  #isLooking = false
  /** @type {string | null} */
  #open = null
  /** @type {any} */
  #timer = null
  #isSettled = false

  /** @param {(conversation: string) => void} read */
  constructor(read) {
    this.#read = read
  }

  /** @returns {string | null} */
  get conversation() {
    return this.#open
  }

  /** @param {string | null} conversation */
  open(conversation) {
    if (conversation === this.#open) return
    this.#open = conversation
    this.#restart()
  }

  /** @param {boolean} isLooking  the page is visible and has the focus */
  look(isLooking) {
    if (isLooking === this.#isLooking) return
    this.#isLooking = isLooking
    this.#restart()
  }

  /**
   * Something changed in a conversation; if it is being read, so is that.
   *
   * @param {string} conversation
   */
  changed(conversation) {
    if (this.#isSettled && conversation === this.#open) this.#read(conversation)
  }

  stop() {
    this.#isLooking = false
    this.#restart()
  }

  #restart() {
    clearTimeout(this.#timer)
    this.#isSettled = false
    if (this.#isLooking && this.#open) this.#timer = setTimeout(() => this.#settle(), GLANCE_MS)
  }

  #settle() {
    this.#isSettled = true
    if (this.#open) this.#read(this.#open)
  }
}
