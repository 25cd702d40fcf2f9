/** What the panel can show, and to whom each is of use. Pure. */

import {STAFF} from "../js/store/rights.js"

/** @typedef {import("../js/wire.js").Member} Member */
/** @typedef {import("../js/store/conversation.js").Conversation} Conversation */
/** @typedef {"conversation" | "chats" | "people"} View */

/** Conversations that are found among the people. */
export const CROWDS = ["group", "channel"]

/**
 * The staff are written to in the conversation; people are of use where there are others.
 *
 * @param {Conversation[]} conversations
 * @param {Member[]} people  whom one can reach
 * @returns {View[]}
 */
export function viewsFor(conversations, people) {
  const hasOthers = people.some(({role}) => role !== "bot" && !STAFF.includes(role))
  if (hasOthers || conversations.some(({info}) => CROWDS.includes(info.kind))) return ["conversation", "chats", "people"]
  return conversations.length > 1 ? ["conversation", "chats"] : ["conversation"]
}

/**
 * @param {View} wanted
 * @param {View[]} views
 * @param {boolean} isChosen  whether it is known which conversation
 * @returns {View}
 */
export function viewOf(wanted, views, isChosen) {
  const view = views.includes(wanted) ? wanted : "conversation"
  return view === "conversation" && !isChosen && views.includes("chats") ? "chats" : view
}
