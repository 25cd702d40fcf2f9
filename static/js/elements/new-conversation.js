/**
 * `<parley-new-conversation>`: a dialog to choose people, for a new conversation or for one that there is. Announces
 * `new:find` ({text}), and `new:start` ({members, title}) or `new:add` ({members}).
 */

import {avatar} from "./avatar.js"
import {announce, arrange, Base, build} from "./build.js"
import {icon} from "./icons.js"

/** @typedef {import("../wire.js").Member} Member */
/** @typedef {import("../words.js").Words} Words */

const PAUSE_MS = 200

export class NewConversationElement extends Base {
  /** @type {Words | null} */
  words = null
  /** @type {Map<string, Member>} */
  #chosen = new Map()
  /** @type {Member[]} */
  #found = []
  /** @type {any} */
  #pause = null
  /** @type {Record<string, any>} */
  #parts = {}
  #isAdding = false
  #isGroup = false

  connectedCallback() {
    if (!this.firstChild) this.#make()
    for (const type of ["submit", "input", "change", "click"]) this.addEventListener(type, this)
  }

  disconnectedCallback() {
    for (const type of ["submit", "input", "change", "click"]) this.removeEventListener(type, this)
  }

  /** @param {Event} event */
  handleEvent(event) {
    const target = /** @type {HTMLInputElement} */ (event.target)
    if (event.type === "submit") this.#submit(event)
    else if (event.type === "click") target.closest("[data-action=close]") && this.close()
    else if (event.type === "change" && target.type === "checkbox") this.#choose(target)
    else if (event.type === "input" && target === this.#parts.find) this.#typed()
  }

  /** @param {{isAdding?: boolean, isGroup?: boolean}} [options]  to a conversation that there is; a group, however few */
  open({isAdding = false, isGroup = false} = {}) {
    this.#isAdding = isAdding
    this.#isGroup = isGroup
    this.#parts.heading.textContent = this.words?.say(isAdding ? "add_people" : isGroup ? "new_group" : "new_conversation") ?? ""
    this.#parts.start.textContent = this.words?.say(isAdding ? "add" : "start") ?? ""
    this.#chosen.clear()
    this.#parts.form.reset()
    this.#say("")
    this.#changed()
    this.#parts.dialog.showModal()
    announce(this, "new:find", {text: ""})
  }

  close() {
    this.#parts.dialog.close()
  }

  /** @param {Member[]} members */
  set found(members) {
    this.#found = members
    this.#renderPeople()
  }

  /** It could not be started: the choice stays. */
  fail() {
    this.#say(this.words?.say(this.#isAdding ? "not_saved" : "start_failed") ?? "")
  }

  #make() {
    const say = (/** @type {string} */ key) => this.words?.say(key) ?? ""
    const find = build("input", {type: "search", placeholder: say("find_people"), "aria-label": say("find_people"), autocomplete: "off"})
    const people = build("ul", {class: "choices"})
    const title = build("input", {type: "text", name: "title", maxlength: 120, autocomplete: "off"})
    const group = build("label", {class: "field group-field", hidden: true}, build("span", {}, say("group_name")), title)
    const error = build("p", {class: "form-error", role: "alert"})
    const start = build("button", {type: "submit", class: "button primary"}, say("start"))
    const cancel = build("button", {type: "button", class: "button", "data-action": "close"}, say("cancel"))
    const close = build("button", {type: "button", class: "icon-button", "data-action": "close", "aria-label": say("cancel")}, icon("x"))
    const heading = build("h2", {id: "new-heading"}, say("new_conversation"))
    const form = build("form", {method: "dialog"}, build("div", {class: "dialog-head"}, heading, close), find, people, group, error,
      build("div", {class: "dialog-foot"}, cancel, start))
    const dialog = build("dialog", {class: "dialog", "aria-labelledby": "new-heading"}, form)
    this.#parts = {find, people, title, group, error, start, heading, form, dialog}
    this.append(dialog)
  }

  #typed() {
    clearTimeout(this.#pause)
    this.#pause = setTimeout(() => announce(this, "new:find", {text: this.#parts.find.value.trim()}), PAUSE_MS)
  }

  /** @param {HTMLInputElement} box */
  #choose(box) {
    const member = this.#found.find(({id}) => id === box.value) ?? this.#chosen.get(box.value)
    if (box.checked && member) this.#chosen.set(member.id, member)
    else this.#chosen.delete(box.value)
    this.#changed()
  }

  #changed() {
    this.#parts.start.disabled = this.#chosen.size === 0
    this.#parts.group.hidden = this.#isAdding || this.#chosen.size < 2 && !this.#isGroup
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault()
    this.#say("")
    const members = [...this.#chosen.values()]
    if (!members.length) return
    if (this.#isAdding) announce(this, "new:add", {members})
    else announce(this, "new:start", {members, title: this.#parts.title.value.trim()})
  }

  #renderPeople() {
    const chosen = [...this.#chosen.values()]
    const rest = this.#found.filter(({id}) => !this.#chosen.has(id))
    const rows = [...chosen, ...rest].map(member => this.#choice(member))
    const nobody = build("li", {class: "choices-empty"}, this.words?.say("nobody_found") ?? "")
    arrange(this.#parts.people, rows.length ? rows : [nobody])
  }

  /** @param {Member} member */
  #choice(member) {
    const box = build("input", {type: "checkbox", value: member.id, checked: this.#chosen.has(member.id)})
    return build("li", {}, build("label", {class: "choice"}, avatar(member),
      build("span", {class: "person-name", dir: "auto"}, member.name),
      build("span", {class: "person-role"}, this.words?.say(`role_${member.role}`) ?? ""), box))
  }

  /** @param {string} text */
  #say(text) {
    this.#parts.error.textContent = text
  }
}
