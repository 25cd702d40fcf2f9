/** A follower's eye on the leader: a tab that sleeps must not stand between a person and the server. */

/** @typedef {{state: string, retryAt: number | null}} Said */

export const ASK_MS = 5_000
/** A tab that works answers in milliseconds; one that is frozen, not at all. */
const PATIENCE_MS = 2_000

export class Vigil {
  #ask
  #claim
  /** @type {any} */
  #timer = null

  /** @param {{ask: () => void, claim: () => void}} options */
  constructor({ask, claim}) {
    this.#ask = ask
    this.#claim = claim
  }

  /** Somebody looks at this tab. */
  start() {
    if (!this.#timer) this.#question()
  }

  stop() {
    clearTimeout(this.#timer)
    this.#timer = null
  }

  /**
   * The leader says how it stands. Hidden pages run their timers late: one that has missed its own time is asleep.
   *
   * @param {Said} said
   */
  heard({state, retryAt}) {
    if (!this.#timer) return
    if (state === "waiting" && Date.now() > (retryAt ?? 0) + PATIENCE_MS) this.#give()
    else this.#in(ASK_MS, () => this.#question())
  }

  #question() {
    this.#in(PATIENCE_MS, () => this.#give())
    this.#ask()
  }

  #give() {
    this.#in(PATIENCE_MS, () => this.#question())
    this.#claim()
  }

  /**
   * @param {number} ms
   * @param {() => void} act
   */
  #in(ms, act) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(act, ms)
  }
}
