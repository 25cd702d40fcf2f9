/** Whom or what somebody is about to name. Pure. */

/** @typedef {import("../wire.js").Member} Member */
/** @typedef {{kind: "people", from: number, query: string} | {kind: "canned", from: 0, query: string} | {kind: "entities", from: number, type: string, query: string}} Wanted */

/** What stands before it would make an address of it. */
const ENTITY = /(?:^|[^\p{L}\p{N}_@.+-])@([a-z][a-z0-9_]{0,29})#([\p{L}\p{N}_./-]{0,64})$/iu
const PERSON = /(?:^|[^\p{L}\p{N}_@.+-])@([^@\n]{0,40})$/u
/** All that is written yet. */
const CANNED = /^\/([\p{L}\p{N}_-]{0,32})$/u
const MOST = 8

/**
 * @param {string} text
 * @param {number} caret
 * @returns {Wanted | null}
 */
export function wantedAt(text, caret) {
  const [, shortcut] = caret === text.length && CANNED.exec(text) || []
  if (shortcut !== undefined) return {kind: "canned", from: 0, query: shortcut}
  const before = text.slice(Math.max(0, caret - 120), caret)
  const [, type, ref] = ENTITY.exec(before) ?? []
  if (type) return {kind: "entities", from: caret - ref.length - type.length - 2, type: type.toLowerCase(), query: ref}
  const [, query] = PERSON.exec(before) ?? []
  return query === undefined ? null : {kind: "people", from: caret - query.length - 1, query}
}

/**
 * Those who have a name, or a part of it, that begins so.
 *
 * @param {Member[]} members
 * @param {string} query
 */
export function matching(members, query) {
  const wanted = folded(query)
  const found = members.filter(({name}) => {
    const words = folded(name)
    return words.startsWith(wanted) || words.split(/\s+/).some(word => word.startsWith(wanted))
  })
  return found.slice(0, MOST)
}

/**
 * Those whom the text still names, of whom the writer chose.
 *
 * @param {string} text
 * @param {Map<string, Member>} chosen  by id
 */
export function stillMeant(text, chosen) {
  return [...chosen.values()].filter(({name}) => text.includes(`@${name}`)).map(({id}) => id)
}

/** @param {string} text */
function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
}
