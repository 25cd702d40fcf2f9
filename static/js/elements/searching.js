/** What was said in a conversation, found by its words, in a dialog. Loaded with the first search. */

import dictionaries from "../words/searching.js"
import {arrange, build} from "./build.js"
import {icon} from "./icons.js"
import {adopt} from "./sheet.js"

/** @typedef {import("../wire.js").Message} Message */
/** @typedef {import("../words.js").Words} Words */
/** @typedef {{message: Message, excerpt: [string, boolean][]}} Found  of the excerpt's parts, whether each is what was looked for */
/**
 * @typedef {object} Options
 * @property {Element} root  where dialogs go
 * @property {Words} words
 * @property {(text: string, cursor: string | null) => Promise<{results: Found[], next: string | null}>} find
 * @property {(message: string) => void} go
 * @property {() => string} [typed]  what was typed until it opens
 */

const PAUSE_MS = 250

/** @param {Options} options */
export async function openSearch(options) {
  await Promise.all(["choosing.css", "searching.css"].map(name => adopt(options.root, name)))
  options.words.learn(dictionaries)
  if (!options.root.querySelector(".search-dialog")) new Search(options).open(options.typed?.() ?? "")
}

/**
 * @param {import("../api.js").Api} api
 * @param {string} conversation
 * @returns {Options["find"]}
 */
export function finderIn(api, conversation) {
  return (text, cursor) => api.get("chat/messages/", {conversation, q: text, limit: 30, cursor})
}

class Search {
  #options
  #dialog
  #input
  #note = build("p", {class: "search-note", role: "status"})
  #list = build("ul", {class: "search-results"})
  #more
  /** @type {any} */
  #pause = null
  #text = ""
  /** @type {Found[]} */
  #found = []
  /** @type {string | null} */
  #next = null

  /** @param {Options} options */
  constructor(options) {
    this.#options = options
    const say = (/** @type {string} */ word) => options.words.say(word)
    this.#input = build("input", {type: "search", autocomplete: "off", maxlength: 200, placeholder: say("search_words"), "aria-label": say("search_words")})
    this.#more = build("button", {type: "button", class: "button search-more", hidden: true}, say("search_more"))
    const close = build("button", {type: "button", class: "icon-button", "aria-label": say("search_close")}, icon("x"))
    const form = build("form", {method: "dialog"}, build("div", {class: "dialog-head"}, build("h2", {id: "search-heading"}, say("search_here")), close),
      this.#input, this.#note, build("div", {class: "search-scroll"}, this.#list, this.#more))
    this.#dialog = build("dialog", {class: "dialog search-dialog", "aria-labelledby": "search-heading"}, form)
    close.addEventListener("click", () => this.#dialog.close())
    this.#more.addEventListener("click", () => this.#find(this.#next))
    this.#input.addEventListener("input", () => this.#typed())
    form.addEventListener("submit", event => event.preventDefault())
    this.#list.addEventListener("click", ({target}) => this.#choose(/** @type {Element} */ (target)))
    this.#dialog.addEventListener("keydown", event => this.#key(event))
    this.#dialog.addEventListener("close", () => this.#dialog.remove())
  }

  /** @param {string} text */
  open(text) {
    this.#options.root.append(this.#dialog)
    this.#dialog.showModal()
    this.#input.focus()
    this.#input.value = text
    if (text) this.#typed()
  }

  #typed() {
    clearTimeout(this.#pause)
    this.#pause = setTimeout(() => {
      const text = this.#input.value.trim()
      if (text === this.#text) return
      this.#text = text
      this.#found = []
      if (text) this.#find(null)
      else this.#show(null, "")
    }, PAUSE_MS)
  }

  /** @param {string | null} cursor */
  async #find(cursor) {
    const text = this.#text
    const page = await this.#options.find(text, cursor).catch(() => null)
    // What was asked before may be answered after.
    if (text !== this.#text) return
    if (!page) return this.#note.textContent = this.#options.words.say("search_failed")
    const first = this.#found.length
    this.#found.push(...page.results)
    this.#show(page.next, this.#countOf(text, page.next))
    if (cursor) this.#rows[first]?.focus()
  }

  /**
   * @param {string} text
   * @param {string | null} next
   */
  #countOf(text, next) {
    const count = this.#found.length
    if (!count) return this.#options.words.say("search_none", {text})
    return this.#options.words.say(next ? "search_found_more" : "search_found", {count})
  }

  /**
   * @param {string | null} next
   * @param {string} note
   */
  #show(next, note) {
    this.#next = next
    this.#note.textContent = note
    this.#more.hidden = next === null
    arrange(this.#list, this.#found.map(one => this.#row(one)))
  }

  /** @param {Found} found */
  #row({message: {id, sender, created_at: at, attachments = []}, excerpt}) {
    const {words} = this.#options
    const said = excerpt.map(([text, isSought]) => isSought ? build("mark", {}, text) : text)
    return build("li", {}, build("button", {type: "button", class: "search-result", "data-id": id},
      build("span", {class: "search-who"}, build("span", {class: "search-name", dir: "auto"}, sender.name), build("time", {datetime: at, title: words.exact(at)}, words.brief(at))),
      build("span", {class: "search-text", dir: "auto"}, ...said.length ? said : [attachments.map(({name}) => name).filter(Boolean).join(", ") || words.say("search_file")])))
  }

  get #rows() {
    return /** @type {HTMLElement[]} */ ([...this.#list.querySelectorAll(".search-result")])
  }

  /** @param {Element} target */
  #choose(target) {
    const row = /** @type {HTMLElement | null} */ (target.closest("[data-id]"))
    if (!row) return
    this.#dialog.close()
    this.#options.go(row.dataset.id ?? "")
  }

  /** What is below hears nothing of its keys. @param {KeyboardEvent} event */
  #key(event) {
    event.stopPropagation()
    // A field of this kind would only be emptied.
    if (event.key === "Escape") return this.#dialog.close()
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key]
    const rows = this.#rows
    if (!step || !rows.length) return
    event.preventDefault()
    const place = rows.indexOf(/** @type {HTMLElement} */ (/** @type {Element} */ (event.target).closest(".search-result"))) + step
    if (place < 0) this.#input.focus()
    else rows[Math.min(place, rows.length - 1)].focus()
  }
}
