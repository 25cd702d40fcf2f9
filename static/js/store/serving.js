/** What may be done at the desk with a support conversation. The server decides. Pure. */

/** @typedef {import("./conversation.js").Conversation} Conversation */
/** @typedef {"take" | "resolve" | "release" | "assign"} DeskAct */

/**
 * @param {Conversation} conversation
 * @param {string[]} permissions
 * @returns {DeskAct[]} what is nearest comes first; what is resolved is opened again by taking it
 */
export function servingOf({info, isMine, isResolved}, permissions) {
  if (info.kind !== "support" || !permissions.includes("serve")) return []
  /** @type {DeskAct[]} */
  const assign = permissions.includes("assign_others") ? ["assign"] : []
  if (isResolved) return ["take"]
  if (!info.assignee) return ["take", ...assign]
  if (isMine) return ["resolve", "release", ...assign]
  return assign.length ? ["assign", "release", "resolve"] : []
}
