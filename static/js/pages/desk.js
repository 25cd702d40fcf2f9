/** Who serves the open conversation, and what can be done about it. Loaded when the page has come up. */

import {SYMBOLS} from "../elements/act-symbols.js"
import {avatar} from "../elements/avatar.js"
import {build} from "../elements/build.js"
import {icon} from "../elements/icons.js"
import {adopt} from "../elements/sheet.js"
import {STAFF} from "../store/rights.js"
import {servingOf} from "../store/serving.js"
import dictionaries from "../words/desk.js"
import rating from "../words/rating.js"
import {part} from "./boot.js"
import {Ratings} from "./ratings.js"

/** @typedef {import("../store/conversation.js").Conversation} Conversation */
/** @typedef {import("../store/serving.js").DeskAct} DeskAct */
/** @typedef {import("../wire.js").Member} Member */
/** @typedef {{id: string, assignee: Member, assigned_by: Member, state: string, created_at: string, ended_at: string | null}} Assignment */
/**
 * @typedef {object} Options
 * @property {import("./staff-view.js").StaffView} view
 * @property {import("../client.js").Client} client
 * @property {import("../words.js").Words} words
 * @property {import("./boot.js").Boot} boot
 */

export class Desk {
  #options
  #bar = build("div", {class: "desk-bar", role: "group"})
  #said = build("p", {class: "desk-said", role: "alert", hidden: true})
  #history = build("section", {class: "desk-history", hidden: true})
  #shown = ""
  #told = ""
  /** One after the other: a key may be faster than the answer to the one before. */
  #last = Promise.resolve()

  /** @param {Options} options */
  constructor(options) {
    this.#options = options
    const {client, words} = options
    words.learn(dictionaries)
    words.learn(rating)
    this.#bar.setAttribute("aria-label", words.say("desk"))
    part("details-toggle").before(this.#bar)
    part("pins").before(this.#said)
    part("people").parentElement?.after(this.#history)
    this.#bar.addEventListener("click", this)
    this.#history.addEventListener("click", this)
    client.addEventListener("change", () => this.show())
    window.addEventListener("hashchange", () => this.show())
    new Ratings(options)
    adopt(document.body, "desk.css").then(() => this.show(), () => this.show())
  }

  /** @param {Event} event */
  handleEvent(event) {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-act]"))
    const conversation = this.#open
    if (button && conversation) this.act(/** @type {DeskAct} */ (button.dataset.act), conversation)
  }

  /** @returns {Conversation | null} */
  get #open() {
    const {client, view} = this.#options
    return client.store.get(view.selected ?? "")
  }

  show() {
    const conversation = this.#open
    const offered = conversation ? servingOf(conversation, this.#options.boot.permissions) : []
    const shown = JSON.stringify([conversation?.id, offered, conversation?.isResolved])
    if (shown !== this.#shown) this.#renderBar(offered, conversation?.isResolved ?? false)
    if (conversation?.id !== this.#conversationOf(this.#shown)) this.#say("")
    this.#shown = shown
    const told = conversation?.info.kind === "support" ? `${conversation.id} ${conversation.info.assignee?.id} ${conversation.info.status}` : ""
    if (told !== this.#told) this.#tell(told, conversation)
  }

  /** @param {string} shown */
  #conversationOf(shown) {
    return shown ? JSON.parse(shown)[0] : undefined
  }

  /**
   * @param {DeskAct} act
   * @param {Conversation} conversation
   */
  async act(act, conversation) {
    if (act === "assign") return this.#choose(conversation)
    const {client, boot} = this.#options
    await (this.#last = this.#last.then(async () => {
      const now = client.store.get(conversation.id)
      if (now && servingOf(now, boot.permissions).includes(act)) await this.#do(now, () => act === "take" ? this.#assign(now) : this.#end(act, now))
    }))
  }

  /**
   * @param {Conversation} conversation
   * @param {() => Promise<unknown>} change
   */
  async #do(conversation, change) {
    const {client, view, words} = this.#options
    this.#say("")
    try {
      await change()
    } catch (error) {
      const {code, current} = /** @type {{code?: string, current?: Assignment}} */ (error)
      const other = code === "conflict" && current?.state === "active" && current.assignee.id !== client.me.id ? current.assignee : null
      if (other) view.taken(conversation.id, other)
      this.#say(words.say(other ? "taken_title" : "not_saved", {name: other?.name ?? ""}))
    }
  }

  /**
   * @param {Conversation} conversation
   * @param {string} [member]  oneself, unless told
   */
  #assign(conversation, member) {
    return this.#options.client.api.post("desk/assign/", {conversation: conversation.id, ...member && {member}})
  }

  /**
   * @param {DeskAct} act
   * @param {Conversation} conversation
   */
  async #end(act, conversation) {
    const active = (await this.#assignmentsOf(conversation)).find(({state}) => state === "active")
    if (active) await this.#options.client.api.post(`desk/${active.id}/${act}/`)
  }

  /** @param {Conversation} conversation  @returns {Promise<Assignment[]>} */
  async #assignmentsOf({id}) {
    return (await this.#options.client.api.get("desk/assignments/", {conversation: id, limit: 10})).results
  }

  /** @param {Conversation} conversation */
  async #choose(conversation) {
    const {client, words} = this.#options
    const {openPalette} = await import("../elements/palette.js")
    const {fitting} = await import("../store/finding.js")
    const here = conversation.participants.map(({member}) => member).filter(({role}) => STAFF.includes(role))
    /** @param {Member} member */
    const choice = member => ({
      id: member.id, name: member.name, about: words.say(`role_${member.role}`), face: () => avatar(member), isSlow: true,
      act: () => this.#do(conversation, () => this.#assign(conversation, member.id)),
    })
    /** @param {Member[]} members @param {string} text */
    const groups = (members, text) => {
      const others = members.filter(({id}) => id !== conversation.info.assignee?.id || conversation.isResolved)
      return [{word: "desk_assign_to", choices: fitting(others, ({name}) => name, text, 12).map(choice)}]
    }
    await openPalette({words, root: document.body, typed: () => "", label: words.say("desk_find"), source: {
      here: text => groups(here, text),
      there: async text => {
        const found = await Promise.all(STAFF.map(role => client.api.get("members/", {q: text, role})))
        const members = found.flatMap(({results}) => /** @type {Member[]} */ (results))
        return groups([...new Map([...members, client.me].map(one => [one.id, one])).values()], text)
      },
    }})
  }

  /**
   * @param {DeskAct[]} offered
   * @param {boolean} isResolved
   */
  #renderBar(offered, isResolved) {
    const hadFocus = this.#bar.contains(document.activeElement)
    this.#bar.hidden = offered.length === 0
    this.#bar.replaceChildren(...offered.map((act, place) => this.#button(act, isResolved, place === 0 ? "button primary" : "icon-button desk-more")))
    if (hadFocus) (this.#bar.querySelector("button") ?? part("details-toggle")).focus()
  }

  /**
   * @param {DeskAct} act
   * @param {boolean} isResolved
   * @param {string} look
   */
  #button(act, isResolved, look) {
    const word = this.#options.words.say(`desk_${isResolved ? "reopen" : act}`)
    // In the head there is room for one word; the details have them all.
    if (look.startsWith("icon")) return build("button", {type: "button", class: look, "data-act": act, "aria-label": word, title: word}, icon(SYMBOLS[act]))
    return build("button", {type: "button", class: look, "data-act": act}, icon(SYMBOLS[act], {size: 16}), build("span", {}, word))
  }

  /**
   * Who has served it, in the details.
   *
   * @param {string} told
   * @param {Conversation | null} conversation
   */
  async #tell(told, conversation) {
    this.#told = told
    if (!told || !conversation) return void (this.#history.hidden = true)
    const {words} = this.#options
    const found = await this.#assignmentsOf(conversation).catch(() => /** @type {Assignment[]} */ ([]))
    if (told !== this.#told) return
    const offered = servingOf(conversation, this.#options.boot.permissions).slice(1)
    this.#history.hidden = found.length + offered.length === 0
    this.#history.replaceChildren(
      build("h2", {}, words.say("desk_history")),
      ...found.length ? [build("ol", {class: "desk-turns"}, ...found.map(one => this.#turn(one)))] : [build("p", {class: "details-note"}, words.say("desk_nobody"))],
      ...offered.length ? [build("div", {class: "desk-acts"}, ...offered.map(act => this.#button(act, false, "button")))] : [])
  }

  /** @param {Assignment} turn */
  #turn({assignee, assigned_by: by, state, created_at: from, ended_at: until}) {
    const {words} = this.#options
    const how = by.id === assignee.id ? "" : words.say("desk_by", {name: by.name})
    return build("li", {class: `desk-turn ${state}`}, avatar(assignee),
      build("span", {class: "desk-turn-lines"},
        build("span", {class: "desk-turn-name", dir: "auto"}, assignee.name),
        build("span", {class: "desk-turn-about"}, [words.say(`desk_state_${state}`), how].filter(Boolean).join(" · "))),
      build("time", {datetime: until ?? from, title: words.exact(until ?? from)}, words.brief(until ?? from)))
  }

  /** @param {string} text */
  #say(text) {
    this.#said.textContent = text
    this.#said.hidden = text === ""
  }
}
