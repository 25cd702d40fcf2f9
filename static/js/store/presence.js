/** Who is here, of those that are watched. Without a line for long, nobody can tell. No DOM. */

/** @typedef {import("../wire.js").Presences} Presences */

/** A line that is back within this time has missed nothing that matters. */
const TRUSTED_MS = 60_000

/**
 * How others see me while I am here, by what I have chosen.
 *
 * @param {import("../myself.js").Availability} availability
 * @param {boolean} isAway
 * @returns {import("../wire.js").PresenceOf}
 */
export function presenceOfMine(availability, isAway) {
  /** @type {Record<string, import("../wire.js").PresenceOf["state"]>} */
  const states = {auto: isAway ? "away" : "online", busy: "busy", invisible: "offline"}
  return {state: states[availability], last_seen_at: null}
}

/** Announces `change` when somebody came, went or turned away, as far as is known here. */
export class Presence extends EventTarget {
  /** @type {Presences} */
  #known = {}
  #trustedMs
  /** @type {any} */
  #doubt = null

  /** @param {{trustedMs?: number}} [options] */
  constructor({trustedMs = TRUSTED_MS} = {}) {
    super()
    this.#trustedMs = trustedMs
  }

  /** @returns {Presences} everybody of whom something is known */
  get known() {
    return this.#known
  }

  /** Nobody says any more whether what is known is still true. */
  get isStale() {
    return this.#doubt !== null
  }

  /**
   * @param {string} member
   * @returns {import("../wire.js").PresenceOf | null} null is unknown
   */
  of(member) {
    return Object.hasOwn(this.#known, member) ? this.#known[member] : null
  }

  /**
   * A frame: those that changed.
   *
   * @param {Presences} members
   */
  apply(members) {
    this.#become({...this.#known, ...members})
  }

  /**
   * The answer to what is watched: all that there is to know.
   *
   * @param {Presences} members
   */
  answered(members) {
    this.#trust()
    this.#become(members)
  }

  /** The line is gone: what is known is kept for a while, since most lines are back at once. */
  lost() {
    this.#doubt ??= setTimeout(() => this.#become({}), this.#trustedMs)
  }

  stop() {
    this.#trust()
  }

  #trust() {
    clearTimeout(this.#doubt)
    this.#doubt = null
  }

  /** @param {Presences} known */
  #become(known) {
    this.#known = known
    this.dispatchEvent(new CustomEvent("change"))
  }
}
