/** A list that comes up while somebody writes "@": people, or what the host's world has. The field keeps the focus. */

import {matching, stillMeant, wantedAt} from "../store/suggesting.js"
import {avatar} from "./avatar.js"
import {build} from "./build.js"

/** @typedef {import("../wire.js").Entity} Entity */
/** @typedef {import("../wire.js").Member} Member */
/** @typedef {import("../words.js").Words} Words */
/** `insert`: null where there is nothing to insert. `isWhole`: nothing is to follow it. @typedef {{insert: string | null, node: HTMLElement, member: Member | null, isWhole?: boolean}} Option */
/** @typedef {import("../canned.js").CannedReply} CannedReply */
/** @typedef {{people: () => Member[], entities: (type: string, query: string) => Promise<Entity[]>, canned?: (query: string) => Promise<CannedReply[]>}} Source */

const PAUSE_MS = 150

export class Suggestions {
  #text
  #words
  #source
  #chosen
  /** @type {Option[]} */
  #options = []
  #active = 0
  #from = 0
  #asked = 0
  /** @type {any} */
  #pause = null
  /** Whom the writer chose. @type {Map<string, Member>} */
  #meant = new Map()

  /**
   * @param {HTMLTextAreaElement} text
   * @param {Words} words
   * @param {() => Source} source
   * @param {() => void} chosen  the text has changed
   */
  constructor(text, words, source, chosen) {
    this.#text = text
    this.#words = words
    this.#source = source
    this.#chosen = chosen
    this.node = build("ul", {class: "suggestions", role: "listbox", id: "suggestions", "aria-label": words.say("suggestions"), hidden: true})
    // Before the field loses the focus.
    this.node.addEventListener("pointerdown", event => {
      event.preventDefault()
      const place = this.#options.findIndex(({node}) => node.contains(/** @type {Node} */ (event.target)))
      if (place >= 0) this.#choose(place)
    })
  }

  /** @param {string} text  @returns {string[]} whom of those that were chosen it still names */
  meantIn(text) {
    return stillMeant(text, this.#meant)
  }

  forget() {
    this.#meant.clear()
    this.close()
  }

  /** Something was written, or the caret moved. */
  update() {
    const {value, selectionStart, selectionEnd} = this.#text
    const wanted = selectionStart === selectionEnd ? wantedAt(value, selectionStart) : null
    const asked = ++this.#asked
    clearTimeout(this.#pause)
    if (!wanted) return this.close()
    this.#from = wanted.from
    if (wanted.kind === "people") return this.#show(matching(this.#source().people(), wanted.query).map(one => personOption(one, this.#words)))
    this.#pause = setTimeout(async () => {
      const found = await this.#find(wanted).catch(() => [])
      if (asked === this.#asked) this.#show(found)
    }, PAUSE_MS)
  }

  /** @param {Exclude<import("../store/suggesting.js").Wanted, {kind: "people"}>} wanted */
  async #find(wanted) {
    const {entities, canned} = this.#source()
    if (wanted.kind === "entities") return (await entities(wanted.type, wanted.query)).map(entityOption)
    const found = await canned?.(wanted.query)
    if (found && !found.length && !wanted.query) return [hintOption(this.#words)]
    return found?.map(cannedOption) ?? []
  }

  close() {
    this.#asked++
    this.#show([])
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether it was for the list
   */
  key(event) {
    if (this.node.hidden || event.isComposing) return false
    const count = this.#options.length
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key]
    if (step) this.#activate((this.#active + step + count) % count)
    else if (event.key === "Enter" || event.key === "Tab") this.#choose(this.#active)
    else if (event.key === "Escape") this.close()
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }

  /** @param {Option[]} options */
  #show(options) {
    this.#options = options
    this.node.hidden = !options.length
    this.node.replaceChildren(...options.map(({node}) => node))
    options.forEach(({node}, place) => node.id = `suggestion-${place}`)
    const says = options.length ? {"aria-haspopup": "listbox", "aria-controls": "suggestions", "aria-autocomplete": "list"} : {}
    // A field of several lines may not call itself a combobox.
    for (const name of ["aria-haspopup", "aria-controls", "aria-autocomplete", "aria-activedescendant"]) this.#text.removeAttribute(name)
    for (const [name, value] of Object.entries(says)) this.#text.setAttribute(name, value)
    if (options.length) this.#activate(0)
  }

  /** @param {number} place */
  #activate(place) {
    this.#active = place
    this.#options.forEach(({node}, other) => node.setAttribute("aria-selected", String(other === place)))
    this.#text.setAttribute("aria-activedescendant", `suggestion-${place}`)
    this.#options[place].node.scrollIntoView({block: "nearest"})
  }

  /** @param {number} place */
  #choose(place) {
    const {insert, member, isWhole} = this.#options[place]
    if (insert === null) return this.close()
    if (member) this.#meant.set(member.id, member)
    const caret = this.#text.selectionStart
    const hasSpace = !isWhole && this.#text.value[caret] === " "
    this.#text.setRangeText(hasSpace || isWhole ? insert : `${insert} `, this.#from, caret, "end")
    if (hasSpace) this.#text.selectionStart = this.#text.selectionEnd = this.#text.selectionStart + 1
    this.close()
    this.#chosen()
  }
}

/**
 * @param {Member} member
 * @param {Words} words
 * @returns {Option}
 */
function personOption(member, words) {
  const node = build("li", {role: "option", class: "suggestion"}, avatar(member),
    build("span", {class: "suggestion-name", dir: "auto"}, member.name), build("span", {class: "suggestion-about"}, words.say(`role_${member.role}`)))
  return {insert: `@${member.name}`, node, member}
}

/**
 * @param {Entity} entity
 * @returns {Option}
 */
function entityOption({type, ref, label}) {
  const node = build("li", {role: "option", class: "suggestion"},
    build("span", {class: "suggestion-name", dir: "auto"}, label), build("span", {class: "suggestion-about"}, `${type}#${ref}`))
  return {insert: `@${type}#${ref}`, node, member: null}
}

/**
 * @param {CannedReply} reply
 * @returns {Option}
 */
function cannedOption({shortcut, body, text = body}) {
  const node = build("li", {role: "option", class: "suggestion canned"},
    build("span", {class: "suggestion-name", dir: "auto"}, `/${shortcut}`), build("span", {class: "suggestion-about", dir: "auto"}, text.slice(0, 200)))
  return {insert: text, node, member: null, isWhole: true}
}

/**
 * @param {Words} words
 * @returns {Option}
 */
function hintOption(words) {
  const node = build("li", {role: "option", class: "suggestion hint", "aria-disabled": "true"}, words.say("canned_none"))
  return {insert: null, node, member: null}
}
