/** What is to happen once, however many tabs hear of it: in the one that claims it. No DOM. */

/** @typedef {{request: (name: string, options: {ifAvailable: true}, act: (lock: unknown) => unknown) => Promise<unknown>}} Locks */

/** Until every tab has heard; timers of hidden ones run once in a second. */
const HOLD_MS = 10_000
/** So that a tab which has it in front of somebody comes first. */
const SETTLE_MS = 250

export class Claims {
  #locks

  /** @param {Locks | null} locks  without them each tab has its way */
  constructor(locks) {
    this.#locks = locks
  }

  /**
   * @param {string} name
   * @returns {Promise<boolean>} whether it is this tab's
   */
  take(name) {
    const locks = this.#locks
    if (!locks) return Promise.resolve(true)
    return new Promise(resolve => {
      locks.request(`parley:${name}`, {ifAvailable: true}, lock => {
        resolve(Boolean(lock))
        return lock && new Promise(done => setTimeout(done, HOLD_MS))
      }).catch(() => resolve(true))
    })
  }

  /**
   * Unless another tab has it by then.
   *
   * @param {string} name
   * @returns {Promise<boolean>}
   */
  async takeLater(name) {
    await new Promise(done => setTimeout(done, SETTLE_MS))
    return this.take(name)
  }
}
