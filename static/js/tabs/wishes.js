/** What the tabs of one person want of the server. Every tab says so now and then, so that what a dead one wanted lapses. */

import {firstOf} from "../store/watching.js"

/** @typedef {import("./tabs.js").Tabs} Tabs */
/** @typedef {Wanted & {openedAt: number}} Wish  and when the tab opened what it shows */
/**
 * @typedef {object} Wanted
 * @property {string[]} members  whose presence is shown
 * @property {string[]} conversations  shown without taking part in them
 * @property {boolean} away
 */

/** What the server takes. */
const MOST_CONVERSATIONS = 20
/** Timers of a hidden page may run a minute late. */
const RENEW_MS = 30_000
const LAPSE_MS = 150_000

/** Announces `change` when a tab wants something else, or is new. */
export class Wishes extends EventTarget {
  #tabs
  #id = crypto.randomUUID()
  /** @type {Wish} */
  #mine = {members: [], conversations: [], openedAt: 0, away: false}
  /** What other tabs want. @type {Map<string, {wish: Wish, at: number}>} */
  #others = new Map()
  /** @type {any} */
  #timer = null

  /** @param {Tabs} tabs */
  constructor(tabs) {
    super()
    this.#tabs = tabs
    tabs.hear("wish", ({tab, wish}) => this.#heard(tab, wish))
    tabs.hear("lead", () => this.#say())
  }

  start() {
    this.#timer ??= setInterval(() => this.#renew(), RENEW_MS)
    this.#say()
  }

  stop() {
    clearInterval(this.#timer)
    this.#timer = null
    this.#tabs.post("wish", {tab: this.#id, wish: null})
  }

  /** @returns {Wanted} of all tabs together, the newest first; who is here in one of them is not away */
  get all() {
    const wishes = [this.#mine, ...[...this.#others.values()].map(({wish}) => wish)]
      .toSorted((one, other) => other.openedAt - one.openedAt)
    return {
      members: firstOf(wishes.flatMap(({members}) => members)),
      conversations: firstOf(wishes.flatMap(({conversations}) => conversations), MOST_CONVERSATIONS),
      away: wishes.every(({away}) => away),
    }
  }

  /** @param {Partial<Wish>} change  what this tab wants from now on */
  want(change) {
    const wish = {...this.#mine, ...change}
    if (isSame(wish, this.#mine)) return
    this.#mine = wish
    this.#say()
    this.#changed()
  }

  /** Who has left wants nothing. */
  #say() {
    if (this.#timer) this.#tabs.post("wish", {tab: this.#id, wish: this.#mine})
  }

  /**
   * @param {string} tab
   * @param {Wish | null} wish  null from a tab that leaves
   */
  #heard(tab, wish) {
    const before = this.#others.get(tab)?.wish ?? null
    if (wish) this.#others.set(tab, {wish, at: Date.now()})
    else this.#others.delete(tab)
    if (!isSame(wish, before)) this.#changed()
  }

  #renew() {
    this.#say()
    const lapsed = [...this.#others].filter(([, {at}]) => Date.now() - at >= LAPSE_MS)
    for (const [tab] of lapsed) this.#others.delete(tab)
    if (lapsed.length) this.#changed()
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"))
  }
}

/**
 * What can be sent is the same when it would be sent alike.
 *
 * @param {unknown} one
 * @param {unknown} other
 */
export function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other)
}
