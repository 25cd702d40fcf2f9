/** A stranger's text, with its web addresses made into links and everything else left as it is. */

import {build} from "./build.js"

const ADDRESS = /https?:\/\/[^\s<>"']+/g
const TRAILING = /[.,;:!?)\]}'"»”]+$/

/**
 * @param {string} text
 * @returns {{text: string, href: string | null}[]}
 */
export function partsOf(text) {
  /** @type {{text: string, href: string | null}[]} */
  const parts = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "")
    if (!URL.canParse(address)) continue
    if (match.index > end) parts.push({text: text.slice(end, match.index), href: null})
    parts.push({text: address, href: address})
    end = match.index + address.length
  }
  if (end < text.length) parts.push({text: text.slice(end), href: null})
  return parts
}

/** @param {string} text */
export function linkedText(text) {
  return partsOf(text).map(({text: shown, href}) => href
    ? build("a", {href, target: "_blank", rel: "noopener noreferrer nofollow ugc"}, shown)
    : shown)
}
