/** What I have asked to become of a message, shown before it is so; refused, it says why. Pure. */

/** @typedef {import("../wire.js").Message} Message */
/**
 * `body`, `deleted`, `pinned`, `reaction`: how it will be.
 *
 * @typedef {{
 *   what: "edit" | "delete" | "react" | "pin", state: "pending" | "failed", code?: string,
 *   body?: string, deleted?: boolean, pinned?: boolean, reaction?: {emoji: string, on: boolean},
 * }} Wish
 */

/**
 * @param {Message} message
 * @param {Wish | undefined} wish
 * @param {string} me
 * @returns {Message} as it will be; as it is, where that was refused
 */
export function wished(message, wish, me) {
  if (!wish || wish.state === "failed") return message
  const {body = message.body, pinned = message.pinned, deleted, reaction} = wish
  if (deleted) return {...message, body: "", reply_to: null, mentions: [], reactions: [], attachments: [], pinned: false, deleted_at: message.created_at}
  const edited_at = wish.body === undefined ? message.edited_at : message.edited_at ?? message.created_at
  return {...message, body, pinned, edited_at, reactions: reaction ? reacted(message.reactions ?? [], reaction, me) : message.reactions}
}

/**
 * Refused as it seemed, it may have come true all the same: an answer can get lost. And of what is deleted nobody wants
 * anything any more.
 *
 * @param {Message} message
 * @param {Wish} wish
 * @param {string} me
 */
export function isOver(message, wish, me) {
  if (wish.state === "pending") return false
  const {body = null, pinned = null, reaction = null} = wish
  const has = reaction && (message.reactions ?? []).some(({emoji, members}) => emoji === reaction.emoji && members.includes(me))
  return message.deleted_at !== null || message.body === body || message.pinned === pinned || has === reaction?.on
}

/**
 * @param {import("../wire.js").Reaction[]} reactions
 * @param {{emoji: string, on: boolean}} reaction
 * @param {string} me
 */
function reacted(reactions, {emoji, on}, me) {
  const known = reactions.some(one => one.emoji === emoji) ? reactions : [...reactions, {emoji, members: []}]
  const changed = known.map(one => {
    if (one.emoji !== emoji) return one
    const others = one.members.filter(member => member !== me)
    return {emoji, members: on ? [...others, me] : others}
  })
  return changed.filter(({members}) => members.length)
}
