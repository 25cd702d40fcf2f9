/** Which conversation is meant: by the people chosen for it, or before there is one. Pure. */

/** @typedef {import("../wire.js").Member} Member */

/** What is written to, of the conversation with those who answer, while others are there already. */
export const BEGINNING = "new"

/** @param {string} conversation  "" where somebody has none yet */
export const isThere = conversation => conversation !== "" && conversation !== BEGINNING

/**
 * @param {Member[]} members  at least one, without me
 * @param {string} title
 */
export function wantedWith(members, title) {
  const [{id, role}, ...others] = members
  if (others.length) return {kind: "group", members: members.map(member => member.id), title}
  // A visitor has no inbox of its own: the staff write to it as support.
  return {kind: role === "guest" ? "support" : "direct", member: id}
}
