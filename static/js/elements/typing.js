/** `<parley-typing>`: who is typing, on a line that is always there, so that nothing jumps. */

import {Base, build} from "./build.js"

/** @typedef {import("../words.js").Words} Words */

/** Somebody who pauses and goes on is no news to who listens. */
const QUIET_MS = 30_000

export class TypingElement extends Base {
  /** @type {Words | null} */
  words = null
  #conversation = ""
  #shown = ""
  #saidAt = -Infinity
  #line = /** @type {HTMLElement} */ (/** @type {unknown} */ (null))
  #status = /** @type {HTMLElement} */ (/** @type {unknown} */ (null))

  connectedCallback() {
    if (!this.#line) this.#make()
  }

  /**
   * @param {string} conversation
   * @param {(string | null)[]} names  of those who type; null is somebody whose name is not known here
   */
  show(conversation, names) {
    const text = this.#textFor(names)
    const isAnother = conversation !== this.#conversation
    if (!isAnother && text === this.#shown) return
    if (isAnother) this.#saidAt = -Infinity
    if (!text) this.#status.textContent = ""
    else if (isAnother || !this.#shown) this.#say(text)
    this.#conversation = conversation
    this.#shown = text
    this.#line.hidden = !text
    this.#line.lastElementChild?.replaceChildren(text)
  }

  #make() {
    const dots = build("span", {class: "typing-dots"}, build("i"), build("i"), build("i"))
    this.#line = build("span", {class: "typing-shown", "aria-hidden": "true", hidden: true}, dots, build("span", {class: "typing-names", dir: "auto"}))
    this.#status = build("span", {class: "visually-hidden", role: "status"})
    this.append(this.#line, this.#status)
  }

  /**
   * To the ear only that it begins: each change would drown what is written.
   *
   * @param {string} text
   */
  #say(text) {
    if (Date.now() - this.#saidAt < QUIET_MS) return
    this.#saidAt = Date.now()
    this.#status.textContent = text
  }

  /** @param {(string | null)[]} names */
  #textFor(names) {
    const words = /** @type {Words} */ (this.words)
    const known = names.filter(name => name !== null)
    if (!names.length) return ""
    if (names.length > 2 || names.length > 1 && known.length < 2) return words.say("typing_many")
    return known.length ? words.say("typing", {count: known.length, names: words.list(known)}) : words.say("typing_somebody")
  }
}
