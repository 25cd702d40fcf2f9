/**
 * The panel's tab of conversations, with those put away behind a button. Loaded for those who have several. Announces
 * `chats:support`: those who answer are written to.
 */

import {announce, build} from "../js/elements/build.js"
import {ConversationListElement} from "../js/elements/conversation-list.js"
import {defineElements} from "../js/elements/define.js"
import {icon} from "../js/elements/icons.js"
import {adopt} from "../js/elements/sheet.js"
import dictionaries from "../js/words/putting-away.js"

/** @typedef {import("../js/elements/conversation-list.js").View} View */
/** @typedef {import("../js/words.js").Words} Words */

/**
 * @param {Node} node  in whose shadow it is going to be
 * @param {Words} words
 */
export async function chatsIn(node, words) {
  await adopt(node, "list.css")
  words.learn(dictionaries)
  defineElements(words, {"parley-conversation-list": ConversationListElement})
  return new Chats(words)
}

class Chats {
  #words
  #list
  #title
  #support = build("button", {type: "button", class: "button"})
  #archived = build("button", {type: "button", class: "button chats-archived"})
  /** Whether those that were put away are shown. */
  #isArchive = false
  #showAgain = () => {}

  /** @param {Words} words */
  constructor(words) {
    this.#words = words
    this.#list = Object.assign(/** @type {ConversationListElement} */ (document.createElement("parley-conversation-list")), {words})
    this.#title = build("h3", {class: "chats-title", hidden: true}, words.say("archived_title"))
    this.nodes = [this.#title, this.#list, build("div", {class: "chats-foot"}, this.#support, this.#archived)]
    this.#support.addEventListener("click", () => announce(this.#support, "chats:support"))
    this.#archived.addEventListener("click", () => {
      this.#isArchive = !this.#isArchive
      this.#showAgain()
    })
  }

  /**
   * @param {View & {conversations: import("../js/store/conversation.js").Conversation[]}} view
   * @param {boolean} hasSupport  that is among them already
   */
  show(view, hasSupport) {
    this.#showAgain = () => this.show(view, hasSupport)
    const archived = view.conversations.filter(({info}) => info.archived)
    this.#isArchive &&= archived.length > 0
    const conversations = this.#isArchive ? archived : view.conversations.filter(one => !archived.includes(one))
    const none = archived.length ? build("li", {class: "chats-none"}, this.#words.say("archived_all")) : null
    this.#list.show({...view, conversations, empty: none ?? view.empty})
    this.#title.hidden = !this.#isArchive
    this.#support.hidden = hasSupport || this.#isArchive
    this.#support.textContent = this.#words.say("write_to", {name: view.nameless})
    const hadFocus = this.#archived.matches(":focus")
    this.#archived.hidden = archived.length === 0
    if (hadFocus && this.#archived.hidden) this.#list.focusRow(conversations[0]?.id ?? null)
    this.#archived.replaceChildren(...this.#isArchive
      ? [icon("arrow-left", {size: 16}), this.#words.say("archived_back")]
      : [icon("archive", {size: 16}), this.#words.say("archived_chats", {count: archived.length})])
  }
}
