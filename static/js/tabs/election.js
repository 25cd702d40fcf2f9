/** Which tab leads: the one that holds the lock. When it closes or crashes, the browser gives the lock to the next. */

/** @typedef {Pick<LockManager, "request">} Locks */

export class Election {
  #locks
  #name
  #changed
  /** The newest request for the lock: what becomes of an earlier one is of no interest. @type {object | null} */
  #turn = null
  /** @type {AbortController | null} */
  #queue = null
  /** @type {(() => void) | null} */
  #release = null

  /** @param {{locks: Locks, name: string, changed: (isLeader: boolean) => void}} options */
  constructor({locks, name, changed}) {
    this.#locks = locks
    this.#name = name
    this.#changed = changed
  }

  /** Joins the queue. */
  start() {
    if (!this.#turn) this.#wait()
  }

  /** Takes the lead from a tab that sleeps. */
  claim() {
    if (!this.#turn || this.#release) return
    this.#queue?.abort()
    this.#enter({steal: true})
  }

  stop() {
    this.#turn = null
    this.#queue?.abort()
    this.#release?.()
    this.#release = null
  }

  #wait() {
    this.#queue = new AbortController()
    this.#enter({signal: this.#queue.signal})
  }

  /** @param {LockOptions} options */
  async #enter(options) {
    const turn = this.#turn = {}
    try {
      await this.#locks.request(this.#name, options, () => turn === this.#turn ? this.#hold() : undefined)
    } catch (error) {
      if (turn === this.#turn) this.#lost(error)
    }
  }

  /** @returns {Promise<void>} */
  #hold() {
    this.#changed(true)
    return new Promise(resolve => this.#release = resolve)
  }

  /** @param {any} error */
  #lost(error) {
    this.#release = null
    // Locks that are refused (a sandboxed frame) elect nobody: then each tab leads itself.
    if (error?.name !== "AbortError") return this.#changed(true)
    this.#changed(false)
    this.#wait()
  }
}
