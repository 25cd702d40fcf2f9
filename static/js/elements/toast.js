/** What came of something that has no place of its own: over the foot of the page or panel, until it is put away or long read. */

import {build} from "./build.js"
import {icon} from "./icons.js"
import {adopt} from "./sheet.js"
import dictionaries from "../words/toast.js"

const READ_MS = 8000

/**
 * @param {HTMLElement} node  over whose foot it is shown
 * @param {import("../words.js").Words} words
 */
export async function toastsIn(node, words) {
  await adopt(node, "toast.css")
  words.learn(dictionaries)
  const toast = new Toast(words)
  node.append(toast.node)
  return toast
}

export class Toast {
  #text = build("p", {class: "toast-text", dir: "auto"})
  #card
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /** @param {import("../words.js").Words} words */
  constructor(words) {
    const close = build("button", {type: "button", class: "icon-button", "aria-label": words.say("toast_close")}, icon("x"))
    this.#card = build("div", {class: "toast"}, this.#text, close)
    // The region is there before anything is said in it, or nobody would hear that.
    this.node = build("div", {class: "toasts", role: "status"})
    this.node.addEventListener("keydown", event => {
      if (event.key !== "Escape") return
      event.stopPropagation()
      this.#end()
    })
    close.addEventListener("click", () => this.#end())
  }

  /** Goes by itself. @param {string} text */
  tell(text) {
    this.#show(text)
    this.#timer = setTimeout(() => this.#end(), READ_MS)
  }

  /** Stays until it is put away, or the next one comes. @param {string} text */
  fail(text) {
    this.#show(text)
  }

  /** @param {string} text */
  #show(text) {
    clearTimeout(this.#timer)
    this.#text.textContent = text
    this.node.replaceChildren(this.#card)
  }

  #end() {
    clearTimeout(this.#timer)
    this.node.replaceChildren()
  }
}
