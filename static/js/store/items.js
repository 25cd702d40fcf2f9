/** What a person sees as one message, made from what is known of it. Pure. */

import {STAFF} from "./rights.js"
import {tickOf} from "./ticks.js"
import {isOver, wished} from "./wish.js"

/** @typedef {import("../wire.js").Attachment} Attachment */
/** @typedef {import("../wire.js").Member} Member */
/** @typedef {import("../wire.js").Message} Message */
/** @typedef {import("../wire.js").Sending} Sending */
/** @typedef {import("./wish.js").Wish} Wish */
/** @typedef {{id: string, name: string, excerpt: string, files: (string | null)[], mine: boolean}} QuoteItem  without words and files it was deleted */
/** @typedef {{emoji: string, count: number, names: string[], mine: boolean}} ReactionItem  `names`: those that are known, but mine */
/**
 * `id` and `seq` are null while it is on its way; `version` is what an edit is based on. `wish`: what I have asked to
 * become of it.
 *
 * @typedef {{
 *   key: string, id: string | null, seq: number | null, version: number, clientId: string | null, kind: string, sender: Member,
 *   body: string, mentions: import("../wire.js").Mention[], reactions: ReactionItem[], replyTo: QuoteItem | null,
 *   attachments: Attachment[], pinned: boolean, linkUrl: string, preview: import("../wire.js").Preview | null,
 *   system: import("../wire.js").SystemNews | null,
 *   createdAt: string, edited: boolean, deleted: boolean, mine: boolean, wish: Wish | null,
 *   tick: null | "pending" | "failed" | "sent" | "delivered" | "read", error: string,
 * }} Item
 */
/**
 * @typedef {object} Around  what a message stands among
 * @property {Member} me
 * @property {import("../wire.js").Participant[]} others
 * @property {(id: string) => Message | undefined} find  a message that is known here
 * @property {(id: string) => string | undefined} nameOf  a member whose name is known here
 */

/** As the server cuts it. */
const EXCERPT = 140

/**
 * The copy on its way and the message that it becomes are one to the eye.
 *
 * @param {Message} message
 */
export function keyOf({id, client_id, sender}) {
  return client_id ? `${sender.id}:${client_id}` : id
}

/**
 * @param {Message} known
 * @param {Wish | undefined} wish
 * @param {Around} around
 * @returns {Item}
 */
export function arrivedItem(known, wish, around) {
  const {me, others} = around
  const message = wished(known, wish, me.id)
  const mine = message.sender.id === me.id
  const readers = known.kind === "note" ? others.filter(({member}) => STAFF.includes(member.role)) : others
  return {
    key: keyOf(message),
    id: message.id, seq: message.seq, version: known.version, clientId: message.client_id, kind: message.kind, sender: message.sender,
    body: message.body, mentions: message.mentions ?? [], reactions: (message.reactions ?? []).map(one => reactionItem(one, around)),
    replyTo: message.reply_to ? quoteItem(message.reply_to, around) : null,
    attachments: message.attachments ?? [], pinned: Boolean(message.pinned), linkUrl: message.link_url ?? "", preview: message.preview ?? null, system: message.system ?? null,
    createdAt: message.created_at, edited: Boolean(message.edited_at), deleted: Boolean(message.deleted_at),
    mine, wish: wish && !isOver(known, wish, me.id) ? wish : null, tick: mine ? tickOf(message, readers) : null, error: "",
  }
}

/**
 * @param {Sending} sending
 * @param {Around} around
 * @returns {Item}
 */
export function pendingItem(sending, around) {
  const {me} = around
  const original = around.find(sending.reply_to ?? "")
  return {
    key: `${me.id}:${sending.client_id}`,
    id: null, seq: null, version: 0, clientId: sending.client_id, kind: sending.kind ?? "text", sender: me,
    body: sending.body, mentions: [], reactions: [],
    replyTo: original ? quoteItem({id: original.id, sender: original.sender, excerpt: ""}, around) : null,
    attachments: sending.attachments ?? [], pinned: false, linkUrl: "", preview: null, system: null,
    createdAt: sending.created_at, edited: false, deleted: false,
    mine: true, wish: null, tick: sending.state, error: sending.error ?? "",
  }
}

/**
 * A quote says what its original says now, as far as that is known here; a reply is not told of again when that changes.
 *
 * @param {import("../wire.js").Quote} quote
 * @param {Around} around
 * @returns {QuoteItem}
 */
function quoteItem({id, sender, excerpt, files = []}, {me, find}) {
  const original = find(id)
  return {id, name: sender.name, excerpt: original ? excerptOf(original) : excerpt, files: original ? [] : files, mine: sender.id === me.id}
}

/** @param {Message} message */
export function excerptOf(message) {
  return message.deleted_at ? "" : Array.from(briefOf(message)).slice(0, EXCERPT).join("")
}

/**
 * For where there is room for words only: files are named where nothing was said with them.
 *
 * @param {{body: string, attachments?: Attachment[]}} message
 * @param {string} [unnamed]  one that is not for all
 */
export function briefOf({body, attachments = []}, unnamed = "…") {
  return body || attachments.map(({name}) => name ?? unnamed).join(", ")
}

/**
 * @param {import("../wire.js").Reaction} reaction
 * @param {Around} around
 * @returns {ReactionItem}
 */
function reactionItem({emoji, members}, {me, nameOf}) {
  const others = members.filter(member => member !== me.id)
  const names = others.map(nameOf).filter(name => name !== undefined)
  return {emoji, count: members.length, names, mine: others.length < members.length}
}
