/**
 * `<parley-composer>`: where a message is written. Announces `composer:send` ({body}); refused, the text stays. Also
 * `composer:write` ({draft}) with each key, and `composer:rest` when it is left.
 */

import {announce, Base, build} from "./build.js"
import {icon} from "./icons.js"

/** @typedef {import("../words.js").Words} Words */

const LIMIT = 5_000
const MOST_ROWS = 6
const HEARD = ["submit", "input", "keydown", "focusout"]

export class ComposerElement extends Base {
  /** @type {Words | null} */
  words = null
  limit = LIMIT
  /** What is written but not sent, for each conversation. @type {Map<string, string>} */
  #drafts = new Map()
  #context = ""
  #form = /** @type {HTMLFormElement} */ (/** @type {unknown} */ (null))
  #text = /** @type {HTMLTextAreaElement} */ (/** @type {unknown} */ (null))
  #over = /** @type {HTMLElement} */ (/** @type {unknown} */ (null))

  connectedCallback() {
    if (!this.#form) this.#make()
    for (const type of HEARD) this.#form.addEventListener(type, this)
  }

  disconnectedCallback() {
    for (const type of HEARD) this.#form.removeEventListener(type, this)
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "submit") this.#submit(event)
    else if (event.type === "input") this.#written()
    else if (event.type === "focusout") announce(this, "composer:rest")
    else this.#key(/** @type {KeyboardEvent} */ (event))
  }

  /** The conversation that is written to; each keeps its own draft. @param {string} context */
  set context(context) {
    if (context === this.#context) return
    this.#drafts.set(this.#context, this.#text.value)
    this.#context = context
    this.value = this.#drafts.get(context) ?? ""
  }

  /** Another person writes here now. */
  forget() {
    this.#drafts.clear()
    this.#context = ""
    this.value = ""
  }

  /** @param {string} value */
  set value(value) {
    this.#text.value = value
    this.#changed()
  }

  get value() {
    return this.#text.value
  }

  /** @param {boolean} disabled */
  set disabled(disabled) {
    this.#text.disabled = disabled
  }

  /** @override */
  focus() {
    this.#text.focus()
  }

  #make() {
    const write = this.words?.say("write")
    this.#text = build("textarea", {rows: 1, "aria-label": write, placeholder: write, enterkeyhint: "send", dir: "auto"})
    this.#over = build("span", {class: "composer-over", role: "status"})
    const send = build("button", {type: "submit", class: "send", "aria-label": this.words?.say("send")}, icon("arrow-up"))
    this.#form = build("form", {class: "composer"}, this.#text, this.#over, send)
    this.append(this.#form)
    this.#changed()
  }

  #written() {
    this.#changed()
    announce(this, "composer:write", {draft: this.value})
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While an input method composes, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    this.#form.requestSubmit()
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault()
    const body = this.#text.value.trim()
    if (!body || this.#excess > 0) return
    if (announce(this, "composer:send", {body})) this.value = ""
    this.#text.focus()
  }

  /** Characters as the server counts them. */
  get #excess() {
    return Array.from(this.#text.value.trim()).length - this.limit
  }

  #changed() {
    this.#form.classList.toggle("ready", this.#text.value.trim() !== "" && this.#excess <= 0)
    this.#over.textContent = this.#excess > 0 ? this.words?.say("too_long", {over: this.#excess}) ?? "" : ""
    if (!CSS.supports("field-sizing", "content")) this.#fit()
  }

  #fit() {
    this.#text.rows = 1
    const {lineHeight, paddingTop, paddingBottom} = getComputedStyle(this.#text)
    const height = this.#text.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom)
    this.#text.rows = Math.min(MOST_ROWS, Math.max(1, Math.round(height / parseFloat(lineHeight))))
  }
}
