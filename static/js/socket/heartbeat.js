/** Keeps one socket honest: pings now and then, and says when nobody answers. */

const SILENCE_MS = 10_000
/** A ping younger than this may still be answered; hidden tabs run their timers late and all at once. */
const PATIENCE_MS = 4_000
/** The server stops sending bodies to a client that has not said what it saw; say it well before. */
const UNSEEN_BYTES = 64 * 1024

export class Heartbeat {
  #every
  #ping
  #dead
  #random
  /** @type {any} */
  #pingTimer = null
  /** @type {any} */
  #silenceTimer = null
  /** @type {number | null} */
  #pingedAt = null
  #unseen = 0

  /** @param {{every: number, ping: () => void, dead: () => void, random?: () => number}} options */
  constructor({every, ping, dead, random = Math.random}) {
    this.#every = every
    this.#ping = ping
    this.#dead = dead
    this.#random = random
  }

  start() {
    this.#schedulePing()
    this.#watch(this.#every + SILENCE_MS)
  }

  stop() {
    clearTimeout(this.#pingTimer)
    clearTimeout(this.#silenceTimer)
  }

  /**
   * A frame came in.
   *
   * @param {number} bytes
   */
  heard(bytes) {
    this.#pingedAt = null
    this.#watch(this.#every + SILENCE_MS)
    this.#unseen += bytes
    if (this.#unseen >= UNSEEN_BYTES) this.#beat()
  }

  #schedulePing() {
    const jitter = 0.8 + 0.4 * this.#random()
    this.#pingTimer = setTimeout(() => {
      this.#beat()
      this.#schedulePing()
    }, Math.round(this.#every * jitter))
  }

  #beat() {
    this.#unseen = 0
    this.#pingedAt ??= Date.now()
    this.#ping()
  }

  /** @param {number} ms */
  #watch(ms) {
    clearTimeout(this.#silenceTimer)
    this.#silenceTimer = setTimeout(() => this.#silent(), ms)
  }

  #silent() {
    if (this.#pingedAt === null) this.#beat()
    const waited = Date.now() - /** @type {number} */ (/** @type {unknown} */ (this.#pingedAt))
    if (waited >= PATIENCE_MS) this.#dead()
    else this.#watch(PATIENCE_MS - waited)
  }
}
