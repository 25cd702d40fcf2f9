/** Asks for news again and again while no socket can be had. */

/** @typedef {"focused" | "visible" | "hidden"} Attention */

const EVERY_MS = {focused: 5_000, visible: 10_000, hidden: 60_000}

/**
 * @param {Attention} one
 * @param {Attention} other
 */
export const stronger = (one, other) => EVERY_MS[one] < EVERY_MS[other] ? one : other

export class Polling {
  #poll
  #attention
  /** @type {any} */
  #timer = null
  #dueAt = 0
  #running = false

  /**
   * @param {() => Promise<unknown>} poll
   * @param {() => Attention} attention
   */
  constructor(poll, attention) {
    this.#poll = poll
    this.#attention = attention
  }

  get isRunning() {
    return this.#running
  }

  start() {
    if (this.#running) return
    this.#running = true
    this.#once()
  }

  stop() {
    this.#running = false
    clearTimeout(this.#timer)
    this.#timer = null
  }

  /** Somebody looks again: do not sit out the long wait of a hidden page. */
  hurry() {
    const ms = EVERY_MS[this.#attention()]
    if (this.#timer && Date.now() + ms < this.#dueAt) this.#wait(ms)
  }

  async #once() {
    this.#timer = null
    try {
      await this.#poll()
    } catch {
      // The next turn asks again; the connection bar already tells the person.
    }
    if (this.#running) this.#wait(EVERY_MS[this.#attention()])
  }

  /** @param {number} ms */
  #wait(ms) {
    clearTimeout(this.#timer)
    this.#dueAt = Date.now() + ms
    this.#timer = setTimeout(() => this.#once(), ms)
  }
}
