/** How a timeline is laid out: days, and runs of messages that belong together. Pure. */

/** @typedef {import("./timeline.js").Item} Item */
/** @typedef {{type: "day", key: string, at: string}} DayRow */
/** @typedef {{type: "unread", key: string}} UnreadRow */
/** @typedef {{type: "message", key: string, item: Item, isFirst: boolean, isLast: boolean}} MessageRow */
/** @typedef {DayRow | UnreadRow | MessageRow} Row */

const TOGETHER_MS = 3 * 60_000

/**
 * @param {Item[]} items
 * @param {{unreadAfter?: number | null}} [options]  where the "new messages" line goes: before `firstUnread`
 * @param {import("./stretch.js").Stretch} [stretch]  only those of these
 * @returns {Row[]}
 */
export function rowsOf(items, {unreadAfter = null} = {}, {from, to} = {from: 0, to: items.length}) {
  const firstUnread = items[firstUnreadOf(items, unreadAfter)]
  /** @type {Row[]} */
  const rows = []
  items.slice(from, to).forEach((item, offset) => {
    const before = items[from + offset - 1]
    const after = items[from + offset + 1]
    if (!before || dayOf(before) !== dayOf(item)) rows.push({type: "day", key: `day:${dayOf(item)}`, at: item.createdAt})
    if (item === firstUnread) rows.push({type: "unread", key: "unread"})
    rows.push({
      type: "message", key: item.key, item,
      isFirst: !before || item === firstUnread || !belong(before, item),
      isLast: !after || after === firstUnread || !belong(item, after),
    })
  })
  return rows
}

/**
 * The first message of somebody else with a higher seq.
 *
 * @param {Item[]} items
 * @param {number | null} unreadAfter
 * @returns {number} its index, or -1
 */
export function firstUnreadOf(items, unreadAfter) {
  return unreadAfter === null ? -1 : items.findIndex(({mine, seq}) => !mine && seq !== null && seq > unreadAfter)
}

/**
 * @param {Item} a
 * @param {Item} b  the next one
 */
function belong(a, b) {
  return a.kind === b.kind && a.kind !== "system" && a.sender.id === b.sender.id && dayOf(a) === dayOf(b)
    && Date.parse(b.createdAt) - Date.parse(a.createdAt) < TOGETHER_MS
}

/** @param {Item} item */
function dayOf(item) {
  return new Date(item.createdAt).toDateString()
}
