/**
 * `<parley-people>`: who takes part in a conversation, how they are, and how far each has read. Announces `people:remove`
 * ({member}).
 */

import {avatar} from "./avatar.js"
import {announce, Base, build} from "./build.js"
import {icon} from "./icons.js"
import {presenceWords, withPresence} from "./presence.js"

/** @typedef {import("../store/conversation.js").Conversation} Conversation */
/** @typedef {import("../wire.js").Member} Member */
/** @typedef {import("../wire.js").PresenceOf} PresenceOf */
/** @typedef {import("../words.js").Words} Words */
/** @typedef {{member: Member, name: string, about: string, read: string, isBehind: boolean, presence: PresenceOf | null, isRemovable: boolean}} Person */

export class PeopleElement extends Base {
  /** @type {Words | null} */
  words = null
  #shown = ""
  /** Who is about to be taken out. */
  #asked = ""

  connectedCallback() {
    this.addEventListener("click", this)
  }

  disconnectedCallback() {
    this.removeEventListener("click", this)
  }

  /** @param {Event} event */
  handleEvent(event) {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-act]"))
    if (!button) return
    const {act, id = ""} = button.dataset
    if (act === "remove") announce(this, "people:remove", {member: id})
    this.#ask(act === "ask" ? id : "")
  }

  /**
   * @param {Conversation} conversation
   * @param {Member} me
   * @param {(member: string) => PresenceOf | null} presenceOf
   * @param {(member: Member) => boolean} [mayRemove]
   */
  show({participants, timeline}, me, presenceOf, mayRemove = () => false) {
    const words = /** @type {Words} */ (this.words)
    const people = participants.map(participant => {
      const {member} = participant
      const presence = presenceOf(member.id)
      const behind = timeline.unreadBy(participant)
      const isMe = member.id === me.id
      return {
        member, presence, isRemovable: mayRemove(member), isBehind: behind > 0,
        name: isMe ? `${member.name} (${words.say("you").toLocaleLowerCase()})` : member.name,
        about: [words.say(`role_${member.role}`), presenceWords(presence, words)].filter(Boolean).join(" · "),
        read: isMe || timeline.head === 0 ? "" : behind ? words.say("unseen", {count: behind}) : words.say("seen_all"),
      }
    })
    const shown = JSON.stringify(people)
    // Whoever is on a button stays there.
    if (shown === this.#shown) return
    this.#shown = shown
    this.replaceChildren(build("ul", {class: "people"}, ...people.map(one => this.#row(one))))
    this.#ask(this.#asked)
  }

  /** @param {string} id */
  #ask(id) {
    this.#asked = id
    for (const row of this.querySelectorAll("li")) row.classList.toggle("asking", row.dataset.id === id)
    const keep = id && this.querySelector(".asking [data-act=keep]")
    if (keep instanceof HTMLElement) keep.focus()
  }

  /** @param {Person} person */
  #row({member, name, about, read, isBehind, presence, isRemovable}) {
    return build("li", {class: "person", "data-id": member.id},
      withPresence(avatar(member), presence),
      build("span", {class: "person-name", dir: "auto"}, name),
      build("span", {class: "person-role"}, about),
      read && build("span", {class: isBehind ? "person-read" : "person-read all"}, read),
      ...isRemovable ? this.#removing(member) : [])
  }

  /** @param {Member} member */
  #removing({id, name}) {
    const words = /** @type {Words} */ (this.words)
    const label = words.say("remove_person", {name})
    const button = (/** @type {string} */ act, /** @type {string} */ word) =>
      build("button", {type: "button", class: "link-button", "data-act": act, "data-id": id}, words.say(word))
    return [
      build("button", {type: "button", class: "icon-button person-remove", "data-act": "ask", "data-id": id, "aria-label": label, title: label},
        icon("user-minus", {size: 16})),
      build("span", {class: "person-ask"}, words.say("remove_ask"), button("remove", "remove"), button("keep", "cancel")),
    ]
  }
}
