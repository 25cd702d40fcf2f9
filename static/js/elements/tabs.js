/**
 * A row of tabs, one stop for the Tab key: arrows, Home and End go along it. Announces `tabs:choose` ({tab}). Loaded when there
 * is something to choose from.
 */

import {announce, arrange, build} from "./build.js"
import {adopt} from "./sheet.js"

/** @typedef {import("../words.js").Words} Words */
/** @typedef {{name: string, text: string, unread?: number}} Tab */

/**
 * @param {Node} node  in whose document or shadow they are
 * @param {Words} words
 */
export async function tabsIn(node, words) {
  await adopt(node, "tabs.css")
  return new TabRow(words)
}

export class TabRow {
  #words
  /** @type {Map<string, HTMLElement>} */
  #tabs = new Map()

  /**
   * Each tab's view is `view-` and its name.
   *
   * @param {Words} words
   */
  constructor(words) {
    this.#words = words
    this.node = build("div", {class: "tabs", role: "tablist", "aria-label": words.say("conversations"), hidden: true})
    this.node.addEventListener("click", ({target}) => this.#choose(/** @type {Element} */ (target).closest("[data-tab]")))
    this.node.addEventListener("keydown", event => this.#key(event))
  }

  /**
   * @param {Tab[]} tabs  one alone is none
   * @param {string} chosen
   */
  show(tabs, chosen) {
    this.node.hidden = tabs.length < 2
    this.#tabs = new Map(tabs.map(tab => [tab.name, this.#fill(this.#tabs.get(tab.name) ?? tabNode(tab), tab, chosen)]))
    arrange(this.node, [...this.#tabs.values()])
  }

  focus() {
    for (const tab of this.#tabs.values()) if (tab.tabIndex === 0) tab.focus()
  }

  /**
   * @param {HTMLElement} node
   * @param {Tab} tab
   * @param {string} chosen
   */
  #fill(node, {name, text, unread = 0}, chosen) {
    node.setAttribute("aria-selected", String(name === chosen))
    node.tabIndex = name === chosen ? 0 : -1
    const shown = `${text} ${unread}`
    if (node.dataset.shown !== shown) node.replaceChildren(build("span", {}, text), ...unread ? this.#count(unread) : [])
    node.dataset.shown = shown
    return node
  }

  /** @param {number} unread */
  #count(unread) {
    return [
      build("span", {class: "badge", "aria-hidden": "true"}, String(Math.min(unread, 99))),
      build("span", {class: "visually-hidden"}, this.#words.say("unread", {count: unread})),
    ]
  }

  /** @param {Element | null} tab */
  #choose(tab) {
    if (tab instanceof HTMLElement) announce(this.node, "tabs:choose", {tab: tab.dataset.tab})
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const tabs = [...this.#tabs.values()]
    const place = tabs.findIndex(tab => tab.tabIndex === 0)
    const next = placeAfter(event.key, place, tabs.length, getComputedStyle(this.node).direction === "rtl")
    if (next === null) return
    event.preventDefault()
    this.#choose(tabs[next])
    this.focus()
  }
}

/** @param {Tab} tab */
function tabNode({name}) {
  return build("button", {type: "button", role: "tab", class: "tab", id: `tab-${name}`, "aria-controls": `view-${name}`, "data-tab": name})
}

/**
 * @param {string} key
 * @param {number} place
 * @param {number} count
 * @param {boolean} isRightToLeft
 * @returns {number | null} null for a key that leads nowhere
 */
export function placeAfter(key, place, count, isRightToLeft) {
  const step = {ArrowRight: 1, ArrowLeft: -1}[key]
  if (step) return (place + (isRightToLeft ? -step : step) + count) % count
  return {Home: 0, End: count - 1}[key] ?? null
}
