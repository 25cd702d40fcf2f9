/** The panel's tab of conversations. Loaded for those who have several. Announces `chats:support`: those who answer are written to. */

import {announce, build} from "../js/elements/build.js"
import {ConversationListElement} from "../js/elements/conversation-list.js"
import {defineElements} from "../js/elements/define.js"
import {adopt} from "../js/elements/sheet.js"

/** @typedef {import("../js/elements/conversation-list.js").View} View */

/**
 * @param {Node} node  in whose shadow it is going to be
 * @param {import("../js/words.js").Words} words
 */
export async function chatsIn(node, words) {
  await adopt(node, "list.css")
  defineElements(words, {"parley-conversation-list": ConversationListElement})
  const list = Object.assign(/** @type {ConversationListElement} */ (document.createElement("parley-conversation-list")), {words})
  const support = build("button", {type: "button", class: "button"})
  const foot = build("div", {class: "chats-foot"}, support)
  support.addEventListener("click", () => announce(support, "chats:support"))
  return {
    nodes: [list, foot],
    /**
     * @param {View} view
     * @param {boolean} hasSupport  that is there already
     */
    show(view, hasSupport) {
      list.show(view)
      support.hidden = hasSupport
      support.textContent = words.say("write_to", {name: view.nameless})
    },
  }
}
