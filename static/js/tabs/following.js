/** The line as a follower has it: what its leader says, once this tab has a first state of its own. */

/** @typedef {import("../line.js").Status} Status */

/** @type {Status} */
const CONNECTING = {state: "connecting", attempts: 0, retryAt: null, code: null, isPolling: false}

export class Following {
  #sync
  #changed
  #said = CONNECTING
  #isCaughtUp = false
  #isCatchingUp = false

  /**
   * @param {() => Promise<unknown>} sync  asks what there is, and applies it
   * @param {() => void} changed
   */
  constructor(sync, changed) {
    this.#sync = sync
    this.#changed = changed
  }

  /** Who does not know yet what there is must not look as if there were nothing. */
  get status() {
    return this.#isCaughtUp || this.#said.state !== "open" ? this.#said : {...this.#said, state: CONNECTING.state}
  }

  /** Another tab leads from now on. */
  begin() {
    this.#said = CONNECTING
  }

  /** @param {Status} status */
  heard(status) {
    this.#said = status
    if (!this.#isCaughtUp) this.#catchUp()
    this.#changed()
  }

  /** The first state is here; from now on frames keep it true. */
  caughtUp() {
    this.#isCaughtUp = true
  }

  async #catchUp() {
    if (this.#isCatchingUp) return
    this.#isCatchingUp = true
    await this.#sync().then(() => this.caughtUp(), () => {})
    this.#isCatchingUp = false
    this.#changed()
  }
}
