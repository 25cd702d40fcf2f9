/** Asks for news again and again while no socket can be had. */

/** @typedef {"focused" | "visible" | "hidden"} Attention */

const EVERY_MS = {focused: 5_000, visible: 10_000, hidden: 60_000}

export class Polling {
  #poll
  #attention
  /** @type {any} */
  #timer = null
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
  }

  async #once() {
    try {
      await this.#poll()
    } catch {
      // The next turn asks again; the connection bar already tells the person.
    }
    if (this.#running) this.#timer = setTimeout(() => this.#once(), EVERY_MS[this.#attention()])
  }
}
