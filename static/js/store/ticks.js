/** How far a message got, read from watermarks. Pure. */

/** @typedef {import("../wire.js").Member} Member */
/** @typedef {import("../wire.js").Participant} Participant */
/** @typedef {"sent" | "delivered" | "read"} Tick */

/**
 * @param {{seq: number, created_at: string}} message  one of mine
 * @param {Participant[]} others  every participant but me
 * @returns {Tick}
 */
export function tickOf(message, others) {
  const audience = audienceOf(message, others)
  if (!audience.length) return "sent"
  if (audience.every(other => other.read_seq >= message.seq)) return "read"
  if (audience.every(other => Math.max(other.delivered_seq, other.read_seq) >= message.seq)) return "delivered"
  return "sent"
}

/**
 * Who has read it, and of how many.
 *
 * @param {{seq: number, created_at: string}} message  one of mine
 * @param {Participant[]} others  every participant but me
 * @returns {{readers: Member[], of: number}}
 */
export function readersOf(message, others) {
  const audience = audienceOf(message, others)
  const readers = audience.filter(other => other.read_seq >= message.seq)
  return {readers: readers.map(({member}) => member), of: audience.length}
}

/**
 * Those who were there when it was said; if nobody was yet, the first who came. Without this, a colleague who joins
 * late would turn every old "read" back into "sent".
 *
 * @param {{created_at: string}} message
 * @param {Participant[]} others
 */
function audienceOf(message, others) {
  const said = Date.parse(message.created_at)
  const present = others.filter(other => Date.parse(other.joined_at) <= said)
  if (present.length || !others.length) return present
  return [others.reduce((first, other) => Date.parse(other.joined_at) < Date.parse(first.joined_at) ? other : first)]
}
