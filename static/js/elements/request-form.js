/** A request that is being written. What was written stays until it was sent. */

import {sizeOf} from "../files.js"
import {KINDS} from "../store/requests.js"
import {arrange, build} from "./build.js"
import {icon} from "./icons.js"

/** @typedef {import("../store/requests.js").Space} Space */
/** @typedef {import("../store/requests.js").Wanted} Wanted */
/** @typedef {import("../words.js").Words} Words */

const MOST = {title: 200, description: 5_000}

export class RequestForm {
  #words
  #parts
  /** @type {File[]} */
  #files = []
  /** One that is sent again is the same. */
  #clientId = ""
  #shownSpaces = ""

  /** @param {Words} words */
  constructor(words) {
    this.#words = words
    const say = (/** @type {string} */ word) => words.say(word)
    const space = build("select", {name: "space"})
    const spaceField = build("label", {class: "field"}, build("span", {}, say("request_space")), space)
    const kinds = build("fieldset", {class: "request-kinds"}, build("legend", {}, say("request_kind")),
      ...KINDS.map((kind, place) => build("label", {class: "request-kind"}, build("input", {type: "radio", name: "kind", value: kind, checked: place === 0}), build("span", {}, say(`request_${kind}`)))))
    const error = build("p", {class: "form-error", role: "alert", id: "request-error"})
    const title = build("input", {type: "text", name: "title", maxlength: MOST.title, autocomplete: "off", "aria-describedby": "request-error", "aria-required": "true"})
    const description = build("textarea", {name: "description", rows: 4, maxlength: MOST.description})
    const chosen = build("ul", {class: "request-files"})
    const picker = build("input", {type: "file", multiple: true, class: "visually-hidden", name: "files"})
    const send = build("button", {type: "submit", class: "button primary"}, say("request_send"))
    this.#parts = {space, spaceField, title, description, error, chosen, send}
    this.node = build("form", {class: "request-form", hidden: true, novalidate: true},
      build("button", {type: "button", class: "request-back", "data-act": "back"}, icon("arrow-left", {size: 18}), say("request_back")),
      build("h3", {}, say("requests_new")), spaceField, kinds,
      build("label", {class: "field"}, build("span", {}, say("request_title")), title),
      build("label", {class: "field"}, build("span", {}, say("request_description")), description),
      chosen, error,
      build("div", {class: "request-buttons"}, build("label", {class: "button request-add"}, icon("paperclip", {size: 18}), say("request_files"), picker), send))
    picker.addEventListener("change", () => {
      this.#files.push(...picker.files ?? [])
      picker.value = ""
      this.#showFiles()
    })
    this.node.addEventListener("input", () => this.#say(""))
    chosen.addEventListener("click", ({target}) => this.#leaveOut(/** @type {Element} */ (target)))
  }

  /** @param {Space[]} spaces  that a request can be for */
  set spaces(spaces) {
    const {space, spaceField} = this.#parts
    spaceField.hidden = spaces.length < 2
    const shown = JSON.stringify(spaces)
    if (shown === this.#shownSpaces) return
    this.#shownSpaces = shown
    const chosen = space.value
    space.replaceChildren(...spaces.map(({id, name}) => build("option", {value: id, selected: id === chosen}, name)))
  }

  get #kinds() {
    return /** @type {HTMLInputElement[]} */ ([...this.node.querySelectorAll("[name=kind]")])
  }

  /** What was written is on its way, until `clear` or `fail`. @returns {{wanted: Wanted, files: File[]}} */
  take() {
    this.#clientId ||= crypto.randomUUID()
    const said = new FormData(this.node)
    const text = (/** @type {string} */ name) => String(said.get(name) ?? "").trim()
    this.#parts.send.disabled = true
    return {
      wanted: {client_id: this.#clientId, space: text("space"), kind: /** @type {Wanted["kind"]} */ (text("kind")), title: text("title"), description: text("description")},
      files: this.#files,
    }
  }

  /** Whether it can be sent; if not, says why. */
  check() {
    const {title} = this.#parts
    if (title.value.trim()) return true
    title.setAttribute("aria-invalid", "true")
    title.focus()
    this.#say(this.#words.say("request_needs_title"))
    return false
  }

  /** What was written is not lost. @param {RequestForm} last */
  takeOver(last) {
    const {space, title, description} = this.#parts
    const {space: {value}} = last.#parts
    space.replaceChildren(...last.#parts.space.children)
    space.value = value
    title.value = last.#parts.title.value
    description.value = last.#parts.description.value
    for (const [place, kind] of this.#kinds.entries()) kind.checked = last.#kinds[place].checked
    this.#clientId = last.#clientId
    this.#files = last.#files
    this.#showFiles()
  }

  focus() {
    this.#parts.title.focus()
  }

  fail() {
    this.#parts.send.disabled = false
    this.#say(this.#words.say("request_not_sent"))
  }

  clear() {
    this.#parts.send.disabled = false
    this.#clientId = ""
    this.#files = []
    this.node.reset()
    this.#showFiles()
    this.#say("")
  }

  #showFiles() {
    arrange(this.#parts.chosen, this.#files.map(({name, size}, place) => build("li", {},
      build("span", {class: "request-file", dir: "auto"}, name), build("span", {class: "request-about"}, sizeOf(size, this.#words)),
      build("button", {type: "button", class: "icon-button", "data-place": place, "aria-label": this.#words.say("request_file_remove", {name})}, icon("x", {size: 18})))))
  }

  /** @param {Element} target */
  #leaveOut(target) {
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-place]"))
    if (!button) return
    this.#files.splice(Number(button.dataset.place), 1)
    this.#showFiles()
    this.#parts.title.focus()
  }

  /** @param {string} text */
  #say(text) {
    if (text === "") this.#parts.title.removeAttribute("aria-invalid")
    this.#parts.error.textContent = text
  }
}
