/** `<parley-filters>`: tabs above the list. Announces `filters:choose` ({name}). Arrows go from one to the other. */

import {announce, arrange, Base, build} from "./build.js"
import {icon} from "./icons.js"

/** @typedef {import("../store/filters.js").Filter} Filter */
/** @typedef {import("../words.js").Words} Words */

const MOST = 99

export class FiltersElement extends Base {
  /** @type {Words | null} */
  words = null
  /** @type {Map<string, HTMLElement>} */
  #tabs = new Map()

  connectedCallback() {
    this.role = "tablist"
    this.addEventListener("click", this)
    this.addEventListener("keydown", this)
  }

  disconnectedCallback() {
    this.removeEventListener("click", this)
    this.removeEventListener("keydown", this)
  }

  /** @param {Event} event */
  handleEvent(event) {
    const tab = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[role=tab]"))
    if (!tab) return
    if (event.type === "click") this.#choose(tab)
    else this.#key(/** @type {KeyboardEvent} */ (event), tab)
  }

  /**
   * @param {{filter: Filter, count: number}[]} offers
   * @param {string} chosen
   */
  show(offers, chosen) {
    const tabs = offers.map(({filter, count}) => this.#tab(filter, count, filter.name === chosen))
    this.#tabs = new Map(offers.map(({filter}, place) => [filter.name, tabs[place]]))
    arrange(this, tabs)
  }

  /**
   * @param {Filter} filter
   * @param {number} count
   * @param {boolean} isChosen
   */
  #tab({name, counts = false, symbol = ""}, count, isChosen) {
    const words = /** @type {Words} */ (this.words)
    const tab = this.#tabs.get(name) ?? build("button", {type: "button", role: "tab", class: "filter", id: `filter-${name}`, "data-name": name, "aria-controls": "list"})
    tab.ariaSelected = String(isChosen)
    tab.tabIndex = isChosen ? 0 : -1
    const print = `${counts && count}`
    if (tab.dataset.print === print) return tab
    const word = words.say(`filter_${name}`)
    tab.dataset.print = print
    tab.title = symbol && word
    tab.replaceChildren(...symbol ? [icon(symbol, {label: word, size: 16})] : [word])
    if (counts && count) {
      tab.append(build("span", {class: "filter-count", "aria-hidden": "true"}, count > MOST ? `${MOST}+` : String(count)),
        build("span", {class: "visually-hidden"}, words.say("conversations_count", {count})))
    }
    return tab
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} tab
   */
  #key(event, tab) {
    const tabs = [...this.#tabs.values()]
    const forward = getComputedStyle(this).direction === "rtl" ? -1 : 1
    const place = tabs.indexOf(tab)
    const to = {ArrowRight: place + forward, ArrowLeft: place - forward, Home: 0, End: tabs.length - 1}[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = tabs[(to + tabs.length) % tabs.length]
    next.focus()
    this.#choose(next)
  }

  /** @param {HTMLElement} tab */
  #choose({dataset}) {
    announce(this, "filters:choose", {name: dataset.name})
  }
}
