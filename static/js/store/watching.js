/** Whose presence is of interest: those on the screen. Pure. */

import {faceOf} from "./naming.js"

/** @typedef {import("../wire.js").Member} Member */

/** What the server takes. */
export const MOST_WATCHED = 200

/**
 * The others of the open conversation first, then the faces in the list, from the top.
 *
 * @param {import("./conversation.js").Conversation[]} listed  newest first
 * @param {import("./conversation.js").Conversation | null} open
 * @param {Member} me
 * @returns {string[]}
 */
export function membersToWatch(listed, open, me) {
  const others = open?.participants.map(({member}) => member.id).filter(id => id !== me.id) ?? []
  const faces = listed.map(conversation => faceOf(conversation, me)?.id).filter(id => id !== undefined)
  return firstOf([...others, ...faces])
}

/**
 * @param {string[]} ids
 * @param {number} [most]  as many as may be watched
 * @returns {string[]} each once
 */
export function firstOf(ids, most = MOST_WATCHED) {
  return [...new Set(ids)].slice(0, most)
}
