/** Says above the text what is answered, or that something is edited. */

import {plainly} from "../formatting.js"
import {briefOf} from "../store/items.js"
import {build} from "./build.js"
import {icon} from "./icons.js"

/** @typedef {import("./composer.js").About} About */
/** @typedef {import("../words.js").Words} Words */

export class ComposerBar {
  #words
  /** @type {"" | "reply" | "edit"} */
  what = ""
  /** @type {About | null} */
  about = null

  /** @param {Words} words */
  constructor(words) {
    this.#words = words
    this.node = build("div", {class: "composer-bar", role: "status", hidden: true})
  }

  /**
   * @param {"reply" | "edit"} what
   * @param {About} about
   */
  show(what, about) {
    this.what = what
    this.about = about
    const who = about.mine ? this.#words.say("you") : about.sender.name
    const title = what === "edit" ? this.#words.say("editing") : this.#words.say("replying_to", {who})
    const label = this.#words.say("cancel")
    this.node.replaceChildren(
      icon(what === "edit" ? "pencil" : "reply", {size: 16}),
      build("span", {class: "composer-bar-lines"}, build("span", {class: "composer-bar-title", dir: "auto"}, title),
        build("span", {class: "composer-bar-text", dir: "auto"}, plainly(briefOf(about, this.#words.say("quoted_files", {count: 1})).slice(0, 300)))),
      build("button", {type: "button", class: "icon-button", "data-act": "cancel", "aria-label": label, title: label}, icon("x", {size: 16})))
    this.node.hidden = false
  }

  clear() {
    this.what = ""
    this.about = null
    this.node.hidden = true
    this.node.replaceChildren()
  }
}
