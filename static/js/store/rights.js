/** What I may do, as far as it can be known here: what is offered. The server decides. Pure. */

/** @typedef {import("../wire.js").Member} Member */
/** @typedef {import("../wire.js").Participant} Participant */
/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {import("./items.js").Item} Item */
/** @typedef {{me: Member, permissions: string[]}} Person */
/** @typedef {"react" | "reply" | "edit" | "pin" | "unpin" | "copy" | "delete"} Action */

/** Whose work it is to answer. */
export const STAFF = ["admin", "manager", "agent"]

/**
 * For pages that were not told more than who I am.
 *
 * @param {Member} me
 */
export function usualPermissions({role}) {
  if (role === "viewer") return []
  return role === "guest" ? ["send"] : ["send", "start_direct"]
}

/**
 * Whether a conversation of two may begin. Visitors have no inbox: only the staff write to them.
 *
 * @param {Member} member
 * @param {Person} person
 */
export function mayWriteTo({id, role}, {me, permissions}) {
  return id !== me.id && permissions.includes("start_direct") && (role !== "guest" || STAFF.includes(me.role))
}

/**
 * @param {Conversation} conversation
 * @param {Person} person
 */
export function maySpeak(conversation, {me, permissions}) {
  const joinsBySpeaking = STAFF.includes(me.role) && ["support", "channel"].includes(conversation.info.kind)
  const isHere = conversation.timeline.mine !== null || joinsBySpeaking
  return permissions.includes("send") && !conversation.isClosed && isHere
}

/**
 * What may be done with one message, in the order in which it is offered.
 *
 * @param {Item} item
 * @param {Conversation} conversation
 * @param {Person} person
 * @returns {Action[]}
 */
export function actionsOn(item, conversation, person) {
  if (!item.id || item.deleted || item.kind === "system") return []
  const speaks = maySpeak(conversation, person)
  /** @type {[Action, boolean][]} */
  const offers = [
    ["react", speaks], ["reply", speaks], ["edit", speaks && item.mine],
    [item.pinned ? "unpin" : "pin", speaks && mayPin(conversation, person)],
    ["copy", true], ["delete", mayDelete(item, conversation, person)],
  ]
  return offers.filter(([, is]) => is).map(([action]) => action)
}

/**
 * @param {Conversation} conversation
 * @param {Person} person
 */
export function mayPin({info}, {me}) {
  return STAFF.includes(me.role) || !["channel", "support"].includes(info.kind)
}

/**
 * @param {Item} item
 * @param {Conversation} conversation
 * @param {Person} person
 */
function mayDelete({mine}, {info, timeline}, {me, permissions}) {
  const handles = info.kind === "support" && STAFF.includes(me.role) && timeline.mine !== null
  return permissions.includes("send") && (mine || handles || permissions.includes("delete_any_message"))
}

/**
 * What may be done with the conversation and its people.
 *
 * @param {Conversation} conversation
 * @param {Person} person
 */
export function rightsIn({info, timeline}, {me, permissions}) {
  const {kind, client} = info
  const may = (/** @type {string} */ permission) => permissions.includes(permission)
  const isHere = timeline.mine !== null
  const isStaff = STAFF.includes(me.role)
  const owns = timeline.mine?.role === "owner"
  const takesOut = kind === "group" ? owns || may("see_every_conversation") : may("manage_channels")
  return {
    rename: kind === "channel" ? may("manage_channels") : kind !== "direct" && may("send") && (isHere || kind === "support" && isStaff),
    add: kind !== "direct" && may("add_people") && (kind !== "support" || isStaff) && (kind !== "group" || isHere),
    remove: (/** @type {Member} */ {id}) => kind !== "direct" && id !== client && id !== me.id && takesOut,
    leave: kind !== "direct" && isHere && me.id !== client,
    own: isHere && may("change_settings"),
    close: kind === "channel" && may("manage_channels"),
    delete: kind === "channel" && !info.is_default && may("delete_channels"),
  }
}
