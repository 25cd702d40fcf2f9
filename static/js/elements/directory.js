/**
 * Whom one can write to, and the groups one is in. Announces `directory:open` ({id}) for a group, `directory:write`
 * ({member}), `directory:group` for a new one, `directory:find` ({text}).
 */

import {nameOf} from "../store/naming.js"
import {avatar, conversationAvatar} from "./avatar.js"
import {announce, arrange, build} from "./build.js"
import {icon} from "./icons.js"
import {presenceWords, withPresence} from "./presence.js"
import {moveAmong} from "./rows.js"

/** @typedef {import("../store/conversation.js").Conversation} Conversation */
/** @typedef {import("../wire.js").Member} Member */
/** @typedef {import("../wire.js").PresenceOf} PresenceOf */
/** @typedef {import("../words.js").Words} Words */
/**
 * @typedef {object} View
 * @property {Member} me
 * @property {Member[]} people
 * @property {Conversation[]} groups  newest first
 * @property {string} text  what was looked for
 * @property {(member: string) => PresenceOf | null} presenceOf
 * @property {(member: Member) => boolean} mayWriteTo
 * @property {boolean} mayGather
 */
/** @typedef {{key: string, act: string, name: string, about: string, state: string, face: () => Node, unread?: number}} Row */

const PAUSE_MS = 200

export class Directory {
  #words
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map()
  /** @type {Map<string, Member>} */
  #people = new Map()
  #parts
  /** @type {any} */
  #pause = null

  /** @param {Words} words */
  constructor(words) {
    this.#words = words
    const say = (/** @type {string} */ word) => words.say(word)
    const find = build("input", {type: "search", placeholder: say("find_people"), "aria-label": say("find_people"), autocomplete: "off"})
    const gather = build("button", {type: "button", class: "button", "data-gather": true}, icon("users", {size: 18}), say("new_group"))
    const groups = build("ul", {"aria-label": say("groups")})
    const people = build("ul", {"aria-label": say("people")})
    const [groupsHead, peopleHead] = [build("h3", {}, say("groups")), build("h3", {}, say("people"))]
    const error = build("p", {class: "form-error", role: "alert"})
    this.#parts = {gather, groups, people, groupsHead, peopleHead, error}
    this.node = build("div", {class: "directory"}, build("div", {class: "directory-head"}, find, gather), error, groupsHead, groups, peopleHead, people)
    this.node.addEventListener("input", () => this.#typed(find.value.trim()))
    this.node.addEventListener("click", ({target}) => this.#clicked(/** @type {Element} */ (target)))
    this.node.addEventListener("keydown", event => moveAmong(event, this.node, "[data-act]"))
  }

  /** @param {View} view */
  show({me, people, groups, text, presenceOf, mayWriteTo, mayGather}) {
    const {gather, groupsHead, groups: groupList, people: peopleList} = this.#parts
    this.#people = new Map(people.map(member => [member.id, member]))
    const crowds = text ? groups.filter(one => nameOf(one, me).toLocaleLowerCase().includes(text.toLocaleLowerCase())) : groups
    const groupRows = crowds.map(one => this.#node(this.#groupRow(one, me)))
    const peopleRows = people.map(member => this.#node(this.#personRow(member, presenceOf(member.id), mayWriteTo(member))))
    const nobody = build("li", {class: "directory-empty"}, this.#words.say("nobody_found"))
    gather.hidden = !mayGather
    groupsHead.hidden = groupList.hidden = !groupRows.length
    arrange(groupList, groupRows)
    arrange(peopleList, peopleRows.length ? peopleRows : [nobody])
  }

  /** It could not be started. */
  fail() {
    this.#parts.error.textContent = this.#words.say("write_failed")
  }

  /**
   * @param {Conversation} group
   * @param {Member} me
   * @returns {Row}
   */
  #groupRow(group, me) {
    const name = nameOf(group, me) || this.#words.say("nameless")
    const about = [this.#words.say(`kind_${group.info.kind}`), this.#words.say("people_count", {count: group.participants.length})].join(" · ")
    return {key: group.id, act: "open", name, about, state: "", unread: group.unread, face: () => conversationAvatar(group, me, name)}
  }

  /**
   * @param {Member} member
   * @param {PresenceOf | null} presence
   * @param {boolean} mayWrite
   * @returns {Row}
   */
  #personRow(member, presence, mayWrite) {
    const about = [this.#words.say(`role_${member.role}`), presenceWords(presence, this.#words)].filter(Boolean).join(" · ")
    return {
      key: member.id, act: mayWrite ? "write" : "", name: member.name, about, state: presence?.state ?? "",
      face: () => withPresence(avatar(member), presence),
    }
  }

  /**
   * Made anew where something of it changed: whoever is on it stays there.
   *
   * @param {Row} row
   */
  #node(row) {
    const {key, act, name, about, state, unread = 0, face} = row
    const node = this.#rows.get(key) ?? build("li", {})
    this.#rows.set(key, node)
    const shown = JSON.stringify([act, name, about, state, unread])
    if (node.dataset.shown === shown) return node
    node.dataset.shown = shown
    const known = node.firstElementChild
    const line = known?.matches("button") === Boolean(act) ? /** @type {HTMLElement} */ (known)
      : build(act ? "button" : "div", {class: "row", ...act ? {type: "button", "data-act": act, "data-id": key} : {}})
    line.replaceChildren(face(), build("span", {class: "row-lines"},
      build("span", {class: "row-name", dir: "auto"}, name), build("span", {class: "row-preview"}, about)),
      ...unread ? this.#count(unread) : [], ...act === "write" ? [icon("message", {size: 18})] : [])
    if (line !== known) node.replaceChildren(line)
    return node
  }

  /** @param {number} unread */
  #count(unread) {
    return [build("span", {class: "badge", "aria-hidden": "true"}, String(Math.min(unread, 99))),
      build("span", {class: "visually-hidden"}, this.#words.say("unread", {count: unread}))]
  }

  /** @param {string} text */
  #typed(text) {
    clearTimeout(this.#pause)
    this.#pause = setTimeout(() => announce(this.node, "directory:find", {text}), PAUSE_MS)
  }

  /** @param {Element} target */
  #clicked(target) {
    this.#parts.error.textContent = ""
    if (target.closest("[data-gather]")) return announce(this.node, "directory:group")
    const row = /** @type {HTMLElement | null} */ (target.closest("[data-act]"))
    const {act, id = ""} = row?.dataset ?? {}
    if (act === "open") announce(this.node, "directory:open", {id})
    else if (act === "write") announce(this.node, "directory:write", {member: this.#people.get(id)})
  }
}
