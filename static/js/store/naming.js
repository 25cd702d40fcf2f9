/** What a conversation is called by somebody who takes part in it. Pure. */

/** @typedef {import("../wire.js").Member} Member */

const OUTSIDE = ["guest", "client", "external_pm", "viewer"]

/** @typedef {{info: import("../wire.js").ConversationInfo, participants: import("../wire.js").Participant[]}} Named */

/**
 * A conversation without a title is named after the others in it; support after the one who asks.
 *
 * @param {Named} conversation
 * @param {Member} me
 * @returns {string} "" when nobody else is there
 */
export function nameOf(conversation, me) {
  return conversation.info.title || namesakes(conversation, me).map(({name}) => name).join(", ")
}

/**
 * The one member whose face stands for a conversation, if one does.
 *
 * @param {Named} conversation
 * @param {Member} me
 * @returns {Member | null}
 */
export function faceOf(conversation, me) {
  const [first, ...others] = namesakes(conversation, me)
  return first && !others.length && ["direct", "support"].includes(conversation.info.kind) ? first : null
}

/**
 * @param {Named} conversation
 * @param {Member} me
 */
function namesakes({info, participants}, me) {
  const others = participants.map(({member}) => member).filter(({id}) => id !== me.id)
  const askers = others.filter(({role}) => OUTSIDE.includes(role))
  return info.kind === "support" && askers.length ? askers : others
}

/**
 * @param {string} name
 * @returns {string} one or two letters
 */
export function initialsOf(name) {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const picked = words.length > 1 ? [words[0], words[words.length - 1]] : words
  return picked.map(word => Array.from(word)[0].toLocaleUpperCase()).join("")
}

/**
 * @param {string} id
 * @returns {number} 0 to 11, the same for the same id everywhere
 */
export function hueOf(id) {
  let sum = 0
  for (const character of id) sum = (sum * 31 + /** @type {number} */ (character.codePointAt(0))) >>> 0
  return sum % 12
}
