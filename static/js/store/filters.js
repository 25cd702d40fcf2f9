/** Which conversations the list shows. A new kind of list is an entry here and a word. Pure. */

/** @typedef {import("./conversation.js").Conversation} Conversation */
/**
 * @typedef {object} Filter
 * @property {string} name  its word is `filter_<name>`
 * @property {(conversation: Conversation) => boolean} has
 * @property {boolean} [counts]  how many it has is of interest
 * @property {string} [symbol]  in place of its word, where there is little room
 * @property {boolean} [isRare]  not offered while it has nothing
 * @property {string} [needs]  offered to those with this permission
 */

/** @type {Filter[]} */
export const FILTERS = [
  {name: "all", has: ({info}) => !info.archived},
  {name: "mine", has: one => !one.info.archived && one.isMine, counts: true, needs: "serve"},
  {name: "unassigned", has: one => !one.info.archived && one.isWaiting, counts: true, needs: "serve"},
  {name: "unread", has: one => !one.info.archived && one.unread > 0, counts: true},
  {name: "mentions", has: one => !one.info.archived && one.unreadMentions > 0, counts: true},
  {name: "archived", has: ({info}) => Boolean(info.archived), symbol: "archive", isRare: true},
]

/**
 * @param {Conversation[]} conversations
 * @param {string} chosen
 * @param {string[]} permissions
 * @returns {{filter: Filter, count: number}[]} those that are offered
 */
export function offered(conversations, chosen, permissions) {
  const mine = FILTERS.filter(({needs}) => !needs || permissions.includes(needs))
  const all = mine.map(filter => ({filter, count: conversations.filter(filter.has).length}))
  return all.filter(({filter, count}) => !filter.isRare || count > 0 || filter.name === chosen)
}

/** @param {string | null} name  @returns {Filter} the first one, where there is none of that name */
export function filterOf(name) {
  return FILTERS.find(filter => filter.name === name) ?? FILTERS[0]
}
