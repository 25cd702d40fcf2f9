/** Decides when a person has turned away: nothing done here for five minutes. A hidden page lets nothing be done. */

const PATIENCE_MS = 5 * 60_000

export class Idling {
  #turned
  #isAway = false
  #actedAt = 0
  /** @type {any} */
  #timer = null

  /** @param {(isAway: boolean) => void} turned */
  constructor(turned) {
    this.#turned = turned
  }

  start() {
    this.acted()
  }

  stop() {
    clearTimeout(this.#timer)
    this.#timer = null
  }

  /** A key, a touch, a look. Called often, so it only takes the time. */
  acted() {
    this.#actedAt = Date.now()
    this.#timer ??= setTimeout(() => this.#check(), PATIENCE_MS)
    if (this.#isAway) this.#turn(false)
  }

  #check() {
    const left = this.#actedAt + PATIENCE_MS - Date.now()
    this.#timer = left > 0 ? setTimeout(() => this.#check(), left) : null
    if (!this.#timer) this.#turn(true)
  }

  /** @param {boolean} isAway */
  #turn(isAway) {
    this.#isAway = isAway
    this.#turned(isAway)
  }
}
