/** What the panel can show, and to whom each is of use. Pure. */

import {STAFF} from "../js/store/rights.js"

/** @typedef {import("../js/wire.js").Member} Member */
/** @typedef {import("../js/store/conversation.js").Conversation} Conversation */
/** @typedef {"conversation" | "chats" | "people" | "requests"} View */

/** Conversations that are found among the people. */
export const CROWDS = ["group", "channel"]

/**
 * The staff are written to in the conversation; people are of use where there are others, requests where one belongs to a space.
 *
 * @param {Conversation[]} conversations
 * @param {Member[]} people  whom one can reach
 * @param {boolean} hasSpaces
 * @returns {View[]}
 */
export function viewsFor(conversations, people, hasSpaces) {
  const hasOthers = people.some(({role}) => role !== "bot" && !STAFF.includes(role))
  const hasPeople = hasOthers || conversations.some(({info}) => CROWDS.includes(info.kind))
  /** @type {[View, boolean][]} */
  const views = [["conversation", true], ["chats", hasPeople || conversations.length > 1], ["people", hasPeople], ["requests", hasSpaces]]
  return views.filter(([, is]) => is).map(([view]) => view)
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
