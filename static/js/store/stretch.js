/** How much of a long history is in the page: a stretch of it, moved as a person scrolls. Pure. */

/** @typedef {{from: number, to: number}} Stretch  indices into what is there, `to` not included */

/** A page holds this many at its quickest, and many more than anybody sees. */
export const KEPT = 160
const STEP = 50

/**
 * The newest; and from `first` on, where that must be there.
 *
 * @param {number} length
 * @param {number} [first]
 * @returns {Stretch}
 */
export function newest(length, first = length) {
  return {from: Math.max(0, Math.min(length - KEPT, first)), to: length}
}

/**
 * @param {number} index
 * @param {number} length
 * @returns {Stretch}
 */
export function around(index, length) {
  const from = Math.max(0, Math.min(index - KEPT / 2, length - KEPT))
  return {from, to: Math.min(length, from + KEPT)}
}

/** @param {Stretch} stretch @returns {Stretch} */
export function earlier({from, to}) {
  const next = Math.max(0, from - STEP)
  return {from: next, to: Math.min(to, next + KEPT)}
}

/** @param {Stretch} stretch @param {number} length @returns {Stretch} */
export function later({from, to}, length) {
  const next = Math.min(length, to + STEP)
  return {from: Math.max(from, next - KEPT), to: next}
}

/**
 * The same, after what is there has changed around it. Where it reached the end it still does, up to a point: then
 * whoever reads above it goes on reading.
 *
 * @param {Stretch} stretch
 * @param {number} before  how many there were
 * @param {{first: number, length: number}} now  `first`: where the stretch's first is now; -1 where it is gone
 * @returns {Stretch}
 */
export function follow({from, to}, before, {first, length}) {
  const start = first === -1 ? Math.min(from, Math.max(0, length - KEPT)) : first
  const most = start + (to === before ? 2 * KEPT : to - from)
  return {from: start, to: Math.min(length, most)}
}
