/** Tells the server how far this person got, once in a while instead of once for each message. */

/** @typedef {{delivered: number, read: number}} Marks */

const IN_A_PAIR_MS = 300
// Where many hear each message, the server tells of them once a second anyway.
const IN_A_CROWD_MS = 1000

export class Receipts {
  #move
  /** @type {Map<string, Marks>} */
  #due = new Map()
  /** @type {Map<string, any>} */
  #timers = new Map()

  /** @param {(conversation: string, marks: Marks) => void} move */
  constructor(move) {
    this.#move = move
  }

  /**
   * @param {string} conversation
   * @param {Marks} marks
   * @param {boolean} [isCrowd]
   */
  note(conversation, {delivered, read}, isCrowd = false) {
    const due = this.#due.get(conversation) ?? {delivered: 0, read: 0}
    this.#due.set(conversation, {delivered: Math.max(due.delivered, delivered), read: Math.max(due.read, read)})
    if (this.#timers.has(conversation)) return
    this.#timers.set(conversation, setTimeout(() => this.#flush(conversation), isCrowd ? IN_A_CROWD_MS : IN_A_PAIR_MS))
  }

  stop() {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#due.clear()
  }

  /** @param {string} conversation */
  #flush(conversation) {
    const marks = this.#due.get(conversation)
    this.#timers.delete(conversation)
    this.#due.delete(conversation)
    if (marks) this.#move(conversation, marks)
  }
}
