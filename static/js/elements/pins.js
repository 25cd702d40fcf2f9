/** `<parley-pins>`: what is pinned, in one line; opened, all of it. Announces `pins:jump` and `pins:unpin` ({id}). */

import {plainly} from "../formatting.js"
import {briefOf} from "../store/items.js"
import {announce, Base, build} from "./build.js"
import {icon} from "./icons.js"

/** @typedef {import("../store/items.js").Item} Item */
/** @typedef {import("../words.js").Words} Words */

export class PinsElement extends Base {
  /** @type {Words | null} */
  words = null
  #shown = ""
  #conversation = ""

  connectedCallback() {
    this.addEventListener("click", this)
    this.addEventListener("keydown", this)
  }

  disconnectedCallback() {
    this.removeEventListener("click", this)
    this.removeEventListener("keydown", this)
  }

  /** @param {Event} event */
  handleEvent(event) {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-act]"))
    if (event.type === "keydown") this.#key(/** @type {KeyboardEvent} */ (event))
    else if (button?.dataset.act === "more") this.#open(!this.#isOpen)
    else if (button) announce(this, `pins:${button.dataset.act}`, {id: button.dataset.id})
  }

  /**
   * @param {string} conversation
   * @param {Item[]} pinned  the one that was pinned last first
   * @param {boolean} mayUnpin
   */
  show(conversation, pinned, mayUnpin) {
    const shown = JSON.stringify([pinned.map(item => [item.id, briefOf(item), item.sender.name]), mayUnpin])
    const isOpen = this.#isOpen && conversation === this.#conversation && pinned.length > 1
    this.hidden = !pinned.length
    if (shown === this.#shown && conversation === this.#conversation) return
    this.#shown = shown
    this.#conversation = conversation
    this.replaceChildren(...pinned.length ? this.#parts(pinned, mayUnpin) : [])
    this.#open(isOpen)
  }

  get #isOpen() {
    return this.classList.contains("open")
  }

  /** @param {boolean} isOpen */
  #open(isOpen) {
    this.classList.toggle("open", isOpen)
    this.querySelector("[data-act=more]")?.setAttribute("aria-expanded", String(isOpen))
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || !this.#isOpen) return
    event.stopPropagation()
    this.#open(false)
    const more = this.querySelector("[data-act=more]")
    if (more instanceof HTMLElement) more.focus()
  }

  /**
   * @param {Item[]} pinned
   * @param {boolean} mayUnpin
   */
  #parts(pinned, mayUnpin) {
    const words = /** @type {Words} */ (this.words)
    const count = words.say("pins", {count: pinned.length})
    const more = build("button", {type: "button", class: "pins-more", "data-act": "more", "aria-expanded": "false", "aria-label": count, title: count},
      build("span", {"aria-hidden": "true"}, String(pinned.length)), icon("chevron-down", {size: 16}))
    return [
      build("div", {class: "pins-line"}, icon("pin", {size: 16}), this.#jump(pinned[0]), pinned.length > 1 || mayUnpin ? more : null),
      build("ul", {class: "pins-list"}, ...pinned.map(item => build("li", {}, this.#jump(item), mayUnpin && this.#unpin(item)))),
    ]
  }

  /** @param {Item} item */
  #jump(item) {
    const {id, sender} = item
    return build("button", {type: "button", class: "pins-jump", "data-act": "jump", "data-id": id, title: this.words?.say("go_to_message")},
      build("span", {class: "pins-name", dir: "auto"}, sender.name), " ", build("span", {dir: "auto"}, plainly(briefOf(item, this.words?.say("quoted_files", {count: 1})).slice(0, 300))))
  }

  /** @param {Item} item */
  #unpin({id}) {
    const label = this.words?.say("action_unpin") ?? ""
    return build("button", {type: "button", class: "icon-button", "data-act": "unpin", "data-id": id, "aria-label": label, title: label}, icon("pin-off", {size: 16}))
  }
}
