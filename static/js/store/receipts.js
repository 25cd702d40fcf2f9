/** Tells the server how far this person got, once in a while instead of once for each message. */

/** @typedef {{delivered: number, read: number}} Marks */

const COALESCE_MS = 300

export class Receipts {
  #move
  /** @type {Map<string, Marks>} */
  #due = new Map()
  /** @type {any} */
  #timer = null

  /** @param {(conversation: string, marks: Marks) => void} move */
  constructor(move) {
    this.#move = move
  }

  /**
   * @param {string} conversation
   * @param {Marks} marks
   */
  note(conversation, {delivered, read}) {
    const due = this.#due.get(conversation) ?? {delivered: 0, read: 0}
    this.#due.set(conversation, {delivered: Math.max(due.delivered, delivered), read: Math.max(due.read, read)})
    this.#timer ??= setTimeout(() => this.#flush(), COALESCE_MS)
  }

  stop() {
    clearTimeout(this.#timer)
    this.#timer = null
    this.#due.clear()
  }

  #flush() {
    this.#timer = null
    const due = [...this.#due]
    this.#due.clear()
    for (const [conversation, marks] of due) this.#move(conversation, marks)
  }
}
