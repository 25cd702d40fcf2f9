/** Which conversation is meant by the people chosen for it. Pure. */

/** @typedef {import("../wire.js").Member} Member */

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
