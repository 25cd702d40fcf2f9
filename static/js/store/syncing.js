/** Asks what happened, one question at a time, until there is no more. */

/** @typedef {import("../wire.js").SyncAnswer} SyncAnswer */

/** A server that never catches up must not be asked without pause, and one that refuses less and less often. */
const REST_MS = 1_000
const REST_AT_MOST_MS = 30_000

export class Syncing {
  #ask
  #apply
  /** @type {Promise<void> | null} */
  #running = null
  #again = false
  #isStillBehind = false
  #endedAt = -Infinity
  #failures = 0
  /** @type {any} */
  #timer = null

  /**
   * @param {() => Promise<SyncAnswer>} ask
   * @param {(answer: SyncAnswer) => void} apply
   */
  constructor(ask, apply) {
    this.#ask = ask
    this.#apply = apply
  }

  /**
   * Resolves when everything that had happened at the time of the call is known here.
   *
   * @returns {Promise<void>}
   */
  now() {
    this.#again = true
    this.#running ??= this.#run().finally(() => this.#ended())
    return this.#running
  }

  /** Like `now`, but not right after the last one. Refused or unanswered, it asks again: nobody else will. */
  soon() {
    // What is under way may have been answered before the news came that made us ask.
    if (this.#running) {
      this.#isStillBehind = true
      return
    }
    const rest = Math.min(REST_AT_MOST_MS, REST_MS * 2 ** this.#failures)
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.now().catch(() => this.soon())
    }, Math.max(0, this.#endedAt + rest - Date.now()))
  }

  stop() {
    clearTimeout(this.#timer)
    this.#timer = null
    this.#again = this.#isStillBehind = false
  }

  #ended() {
    this.#running = null
    this.#endedAt = Date.now()
    if (this.#isStillBehind) this.soon()
    this.#isStillBehind = false
  }

  async #run() {
    while (this.#again) {
      this.#again = false
      this.#failures++
      const answer = await this.#ask()
      this.#failures = 0
      this.#apply(answer)
      if (answer.more) this.#again = true
    }
  }
}
