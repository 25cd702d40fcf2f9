/** `<parley-conversation-list>`: every conversation in two lines. Announces `list:open` ({id}). */

import {plainly} from "../formatting.js"
import {briefOf} from "../store/items.js"
import {faceOf, nameOf} from "../store/naming.js"
import {conversationAvatar} from "./avatar.js"
import {announce, arrange, Base, build} from "./build.js"
import {icon} from "./icons.js"
import {presenceWords, withPresence} from "./presence.js"
import {moveAmong} from "./rows.js"
import {systemText} from "./system-line.js"

/** @typedef {import("../store/conversation.js").Conversation} Conversation */
/** @typedef {import("../wire.js").PresenceOf} PresenceOf */
/** @typedef {import("../words.js").Words} Words */
/**
 * @typedef {object} View
 * @property {import("../wire.js").Member} me
 * @property {Conversation[] | null} conversations  null while they are not known
 * @property {string | null} selected
 * @property {Node | null} empty
 * @property {string} nameless  what a conversation is called that has neither title nor others
 * @property {(member: string) => PresenceOf | null} presenceOf
 */

const SKELETONS = 5
/** More than there is room for. */
const PREVIEW = 200

export class ConversationListElement extends Base {
  /** @type {Words | null} */
  words = null
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map()
  #list = /** @type {HTMLElement} */ (/** @type {unknown} */ (null))

  connectedCallback() {
    if (!this.#list) this.append(this.#list = build("ul", {class: "conversation-list"}))
    this.addEventListener("click", this)
    this.addEventListener("keydown", this)
  }

  disconnectedCallback() {
    this.removeEventListener("click", this)
    this.removeEventListener("keydown", this)
  }

  /** @param {Event} event */
  handleEvent(event) {
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-id]"))
    if (event.type === "keydown") moveAmong(/** @type {KeyboardEvent} */ (event), this, "[data-id]")
    else if (row) announce(this, "list:open", {id: row.dataset.id})
  }

  /** @param {View} view */
  show(view) {
    const {conversations, empty} = view
    if (!conversations) return arrange(this.#list, Array.from({length: SKELETONS}, () => build("li", {class: "row skeleton"})))
    const rows = conversations.map(conversation => this.#rowOf(conversation, view))
    this.#rows = new Map(conversations.map(({id}, index) => [id, rows[index]]))
    arrange(this.#list, rows.length || !empty ? rows : [/** @type {Element} */ (empty)])
  }

  /** Whose row has the focus. */
  get focused() {
    const row = document.activeElement?.closest("[data-id]")
    return row instanceof HTMLElement && this.contains(row) ? row.dataset.id ?? null : null
  }

  /**
   * @param {string | null} id
   * @param {number} by
   * @returns {string | null} the one that is so many rows further, as far as there are some
   */
  step(id, by) {
    const ids = [...this.#rows.keys()]
    const place = id ? ids.indexOf(id) : -1
    if (place < 0) return ids[0] ?? null
    return ids[Math.max(0, Math.min(ids.length - 1, place + by))]
  }

  /** @param {string | null} id  @returns {boolean} whether it is there */
  focusRow(id) {
    const button = /** @type {HTMLElement | null | undefined} */ (this.#rows.get(id ?? "")?.firstElementChild)
    button?.focus()
    return Boolean(button)
  }

  /**
   * @param {Conversation} conversation
   * @param {View} view
   */
  #rowOf(conversation, view) {
    const words = /** @type {Words} */ (this.words)
    const row = this.#rows.get(conversation.id) ?? build("li", {}, build("button", {type: "button", class: "row", "data-id": conversation.id}))
    const button = /** @type {HTMLElement} */ (row.firstElementChild)
    button.classList.toggle("unread", conversation.unread > 0)
    if (conversation.id === view.selected) button.setAttribute("aria-current", "true")
    else button.removeAttribute("aria-current")
    const shown = contentOf(conversation, view, words)
    const print = JSON.stringify(shown)
    if (button.dataset.print !== print) {
      button.dataset.print = print
      button.replaceChildren(...partsOf(conversation, view.me, shown, words))
    }
    return row
  }
}

/**
 * @param {Conversation} conversation
 * @param {View} view
 * @param {Words} words
 */
function contentOf(conversation, {me, nameless, presenceOf}, words) {
  const presence = presenceOf(faceOf(conversation, me)?.id ?? "")
  return {
    presence,
    here: presenceWords(presence, words),
    name: nameOf(conversation, me) || nameless,
    preview: previewOf(conversation, me, words),
    isFile: !conversation.lastMessage?.body && Boolean(conversation.lastMessage?.attachments?.length),
    at: words.brief(conversation.changedAt),
    unread: conversation.unread,
    stands: conversation.isWaiting ? "waiting" : conversation.isResolved ? "resolved" : "",
    isMuted: conversation.isMutedAt(words.now()),
  }
}

/**
 * @param {Conversation} conversation
 * @param {import("../wire.js").Member} me
 * @param {ReturnType<typeof contentOf>} shown
 * @param {Words} words
 */
function partsOf(conversation, me, {presence, here, name, preview, isFile: shows, at, unread, stands, isMuted}, words) {
  const chip = build("span", {class: `chip ${stands}`}, words.say(stands))
  const count = build("span", {class: "badge"}, build("span", {"aria-hidden": "true"}, String(Math.min(unread, 99))),
    build("span", {class: "visually-hidden"}, words.say("unread", {count: unread})))
  return [
    withPresence(conversationAvatar(conversation, me, name), presence),
    build("span", {class: "row-lines"},
      build("span", {class: "row-line"},
        build("span", {class: "row-name", dir: "auto"}, name),
        here && build("span", {class: "visually-hidden"}, here),
        isMuted && icon("bell-off", {label: words.say("muted"), size: 14}),
        build("time", {class: "row-time", datetime: conversation.changedAt, title: words.exact(conversation.changedAt)}, at)),
      build("span", {class: "row-line"},
        shows && icon("paperclip", {size: 14}),
        build("span", {class: "row-preview", dir: "auto"}, preview),
        unread > 0 && stands !== "waiting" ? count : stands && chip)),
  ]
}

/**
 * @param {Conversation} conversation
 * @param {import("../wire.js").Member} me
 * @param {Words} words
 */
function previewOf({lastMessage}, me, words) {
  if (!lastMessage) return words.say("no_messages_title")
  if (lastMessage.kind === "system") return systemText(lastMessage, words)
  const text = lastMessage.deleted_at ? words.say("deleted") : plainly(briefOf(lastMessage, words.say("quoted_files", {count: 1})).slice(0, PREVIEW))
  return lastMessage.sender?.id === me.id ? words.say("you_said", {text}) : text
}
