/** What somebody may mean who has typed a few letters. Pure. */

/**
 * How well a text fits: 3 it begins so, 2 words of it do, 1 it holds all of it somewhere, 0 not. Accents and case make no difference.
 *
 * @param {string} text
 * @param {string} wanted
 */
export function fit(text, wanted) {
  const [all, parts] = [plain(text), plain(wanted).split(/\s+/).filter(Boolean)]
  if (!parts.every(part => all.includes(part))) return 0
  if (all.startsWith(parts.join(" "))) return 3
  const words = all.split(/[\s\p{P}]+/u)
  return parts.every(part => words.some(word => word.startsWith(part))) ? 2 : 1
}

/**
 * The best first; of those that fit as well, the order stays.
 *
 * @template T
 * @param {T[]} things
 * @param {(thing: T) => string} textOf
 * @param {string} wanted
 * @param {number} most
 * @returns {T[]}
 */
export function fitting(things, textOf, wanted, most) {
  const ranked = things.map(thing => ({thing, rank: fit(textOf(thing), wanted)})).filter(({rank}) => rank > 0)
  return ranked.sort((a, b) => b.rank - a.rank).slice(0, most).map(({thing}) => thing)
}

/** @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim()
}
