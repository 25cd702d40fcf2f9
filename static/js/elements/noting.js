/** What the staff's composer has beside the widget's: whether one answers the client, or notes something for colleagues. */

import {build} from "./build.js"
import {addIcons, icon} from "./icons.js"

/** @typedef {import("./composer.js").ComposerElement} ComposerElement */
/** @typedef {import("../words.js").Words} Words */
/** @typedef {import("../store/conversation.js").Conversation} Conversation */

addIcons({"lock": ["M5 11h14a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2", "M7 11V7a5 5 0 0 1 10 0v4"]})

const KINDS = ["text", "note"]

export class Noting {
  #composer
  #words
  #said
  #text
  #conversation = ""
  #answersNote = false
  isOffered = false

  /**
   * @param {ComposerElement} composer
   * @param {EventTarget} timeline  a note that is answered is answered by a note
   * @param {Words} words
   * @param {HTMLElement} said  where those learn of it who do not see it
   */
  constructor(composer, timeline, words, said) {
    this.#composer = composer
    this.#words = words
    this.#said = said
    this.#text = /** @type {HTMLTextAreaElement} */ (composer.querySelector("textarea"))
    this.node = build("fieldset", {class: "composer-kinds", hidden: true}, build("legend", {class: "visually-hidden"}, words.say("write_as")),
      ...KINDS.map(kind => this.#choice(kind)))
    composer.querySelector("form")?.prepend(this.node)
    this.node.addEventListener("change", event => this.#changed(event))
    // Arrows choose here; in the text they would edit the last message.
    this.node.addEventListener("keydown", event => event.key.startsWith("Arrow") && event.stopPropagation())
    // Who points wants to write next; who goes by keys is choosing still.
    this.node.addEventListener("click", event => event.detail && composer.focus())
    timeline.addEventListener("timeline:reply", event => this.#answers(/** @type {CustomEvent} */ (event).detail.item.kind))
  }

  get isNote() {
    return this.#composer.kind === "note"
  }

  /**
   * @param {Conversation} conversation
   * @param {boolean} mayNote
   */
  show({id, info}, mayNote) {
    this.isOffered = mayNote && info.kind === "support"
    this.node.hidden = !this.isOffered
    if (id === this.#conversation && (this.isOffered || !this.isNote)) return
    this.#conversation = id
    this.#answersNote = false
    this.#turn(this.isOffered && this.#composer.drafts.get(this.#name) || "text")
  }

  /** By a key: to the other one. */
  toggle() {
    if (!this.isOffered) return
    this.#choose(this.isNote ? "text" : "note")
    this.#composer.focus()
    this.#said.textContent = this.#words.say(this.isNote ? "writes_note" : "writes_reply")
  }

  /** It is kept with the draft. */
  get #name() {
    return `${this.#conversation}:kind`
  }

  /** @param {string} kind */
  #choice(kind) {
    const name = this.#words.say(`write_${kind}`)
    return build("label", {class: `composer-kind ${kind}`},
      build("input", {type: "radio", name: "composer-kind", value: kind, class: "visually-hidden"}), icon(kind === "note" ? "lock" : "reply", {size: 14}), name)
  }

  /** @param {Event} event */
  #changed(event) {
    // The composer thinks of files.
    event.stopPropagation()
    this.#choose(/** @type {HTMLInputElement} */ (event.target).value)
  }

  /** @param {string} kind */
  #choose(kind) {
    this.#composer.drafts.set(this.#name, kind === "note" ? kind : "")
    // Nobody outside reads what answers a note.
    if (kind !== "note" && this.#answersNote) /** @type {HTMLElement | null} */ (this.#composer.querySelector("[data-act=cancel]"))?.click()
    this.#answersNote &&= kind === "note"
    this.#turn(kind)
  }

  /** @param {string} kind  of what is answered */
  #answers(kind) {
    this.#answersNote = kind === "note"
    if (this.#answersNote && this.isOffered) this.#choose("note")
  }

  /** @param {string} kind */
  #turn(kind) {
    const isNote = kind === "note"
    this.#composer.kind = isNote ? kind : undefined
    for (const input of this.node.querySelectorAll("input")) input.checked = input.value === kind
    this.#composer.querySelector("form")?.classList.toggle("noting", isNote)
    const write = this.#words.say(isNote ? "write_a_note" : "write")
    Object.assign(this.#text, {placeholder: write, ariaLabel: write})
  }
}
