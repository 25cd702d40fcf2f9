/** Whether the site answers now, also when the page stays open for longer than that holds. No DOM. */

/**
 * @typedef {object} Told  as the server says it; the earlier of both moments ends what is now, the later what comes then
 * @property {boolean} open
 * @property {string | null} opens_at
 * @property {string | null} closes_at
 * @property {string} now  the server's clock: the visitor's may be wrong
 * @property {Record<string, string>} message  by language
 */

/** Whoever was told nothing new asks again so much later. */
const AGAIN_MS = 60_000
/** @type {Told} */
const ALWAYS = {open: true, opens_at: null, closes_at: null, now: "", message: {}}

export class Hours {
  #load
  #clock
  #told = ALWAYS
  #behind = 0
  #askedAt = 0

  /**
   * @param {() => Promise<Told | undefined>} load
   * @param {() => number} [clock]
   */
  constructor(load, clock = Date.now) {
    this.#load = load
    this.#clock = clock
  }

  /** @param {Told | undefined} told */
  set told(told) {
    this.#told = told ?? ALWAYS
    this.#behind = told ? Date.parse(told.now) - this.#clock() : 0
    this.#askedAt = this.#clock()
  }

  get now() {
    const {message} = this.#told
    return {...hoursAt(this.#told, this.#clock() + this.#behind), message}
  }

  /** Both moments have passed: what comes now has to be asked. @returns {Promise<boolean>} whether it was */
  async refresh() {
    if (!this.now.isOver || this.#clock() - this.#askedAt < AGAIN_MS) return false
    this.#askedAt = this.#clock()
    const told = await this.#load().catch(() => null)
    if (told) this.told = told
    return Boolean(told)
  }
}

/**
 * @param {Told} told
 * @param {number} now  by the server's clock
 * @returns {{isOpen: boolean, opensAt: string | null, isOver: boolean}}
 */
export function hoursAt({open, opens_at, closes_at}, now) {
  const moments = [opens_at, closes_at].filter(at => at !== null)
  const passed = moments.filter(at => Date.parse(at) <= now).length
  const isOpen = passed % 2 === 0 ? open : !open
  const opensAt = !isOpen && opens_at !== null && Date.parse(opens_at) > now ? opens_at : null
  return {isOpen, opensAt, isOver: passed > 0 && passed === moments.length}
}

/**
 * What is said while nobody answers; null while somebody does.
 *
 * @param {{isOpen: boolean, opensAt: string | null, message: Record<string, string>}} hours
 * @param {import("../js/words.js").Words} words
 */
export function awayWords({isOpen, opensAt, message}, words) {
  if (isOpen) return null
  return {
    message: message[words.language] || words.say("away"),
    note: opensAt ? words.say("away_until", {when: words.ahead(opensAt)}) : words.say("away_note"),
  }
}
