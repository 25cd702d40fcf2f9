/**
 * A stranger's text as a tree of what it is made of. Pure, no HTML: `elements/formatted.js` makes nodes of it. Whatever is
 * not complete stays text. Each line is walked once: the time is that of its length.
 *
 * @typedef {{type: "text", text: string} | {type: "code", text: string} | {type: "mention", mention: import("./wire.js").Mention}
 *   | {type: "strong" | "em", children: Token[]} | {type: "link", href: string, children: Token[]}} Token
 * @typedef {{type: "text", children: Token[]} | {type: "quote", children: Token[]} | {type: "pre", text: string}
 *   | {type: "list", start: number | null, items: Token[][]}} Block  `start` is null where nothing is counted
 */

import {inline} from "./inline.js"

const FENCE = "```"
const BULLET = /^[-*] /
const NUMBER = /^(\d{1,9})[.)] /

/**
 * @param {string} text
 * @param {import("./wire.js").Mention[]} [mentions]
 * @returns {Block[]}
 */
export function format(text, mentions = []) {
  const named = mentions.toSorted((a, b) => b.text.length - a.text.length)
  /** @type {Block[]} */
  const blocks = []
  const lines = text.split("\n")
  const fences = lines.flatMap((line, place) => line.startsWith(FENCE) ? [place] : [])
  for (let place = 0; place < lines.length;) {
    const taken = pre(lines, place, fences) ?? list(lines, place, named) ?? quote(lines, place, named) ?? plain(lines, place, named)
    blocks.push(taken.block)
    place = taken.next
  }
  return blocks
}

/**
 * The same without its marks, in one line: for where there is room for no more.
 *
 * @param {string} text
 */
export function plainly(text) {
  return format(text).map(one => {
    if (one.type === "pre") return one.text
    return (one.type === "list" ? one.items.flatMap(item => [...item, BREAK]) : one.children).map(said).join("")
  }).join(" ").replace(/\s+/g, " ").trim()
}

/** @type {Token} */
const BREAK = {type: "text", text: " "}

/**
 * @param {Token} token
 * @returns {string}
 */
function said(token) {
  if (token.type === "mention") return token.mention.text
  return "text" in token ? token.text : token.children.map(said).join("")
}

/** @typedef {{block: Block, next: number}} Taken */

/**
 * @param {string[]} lines
 * @param {number} place
 * @param {number[]} fences  where lines begin with one
 * @returns {Taken | null}
 */
function pre(lines, place, fences) {
  if (!lines[place].startsWith(FENCE)) return null
  const rest = lines[place].slice(FENCE.length)
  if (rest.length > FENCE.length && rest.endsWith(FENCE)) return {block: {type: "pre", text: rest.slice(0, -FENCE.length)}, next: place + 1}
  while (fences.length && fences[0] <= place) fences.shift()
  const [end] = fences
  // What stands beside the opening is the name of a language.
  return end === undefined || /\s/.test(rest.trim()) ? null : {block: {type: "pre", text: lines.slice(place + 1, end).join("\n")}, next: end + 1}
}

/**
 * @param {string[]} lines
 * @param {number} place
 * @param {import("./wire.js").Mention[]} named
 * @returns {Taken | null}
 */
function list(lines, place, named) {
  const marker = BULLET.test(lines[place]) ? BULLET : NUMBER
  const [, first] = marker.exec(lines[place]) ?? []
  const next = after(lines, place, line => marker.test(line))
  if (next === place) return null
  const items = lines.slice(place, next).map(line => inline(line.replace(marker, ""), named))
  return {block: {type: "list", start: marker === NUMBER ? Number(first) : null, items}, next}
}

/**
 * @param {string[]} lines
 * @param {number} place
 * @param {import("./wire.js").Mention[]} named
 * @returns {Taken | null}
 */
function quote(lines, place, named) {
  const next = after(lines, place, line => line.startsWith("> "))
  if (next === place) return null
  const quoted = lines.slice(place, next).map(line => line.slice(2)).join("\n")
  return {block: {type: "quote", children: inline(quoted, named)}, next}
}

/**
 * @param {string[]} lines
 * @param {number} place
 * @param {import("./wire.js").Mention[]} named
 * @returns {Taken}
 */
function plain(lines, place, named) {
  const next = after(lines, place + 1, line => !line.startsWith(FENCE) && !line.startsWith("> ") && !BULLET.test(line) && !NUMBER.test(line))
  return {block: {type: "text", children: inline(lines.slice(place, next).join("\n"), named)}, next}
}

/**
 * @param {string[]} lines
 * @param {number} place
 * @param {(line: string) => boolean} belongs
 */
function after(lines, place, belongs) {
  while (place < lines.length && belongs(lines[place])) place++
  return place
}
