/** What somebody wrote, as nodes. Text is always text. */

import {format} from "../formatting.js"
import {build} from "./build.js"

/** @typedef {import("../formatting.js").Block} Block */
/** @typedef {import("../formatting.js").Token} Token */
/** @typedef {import("../wire.js").Mention} Mention */
/** @typedef {{me?: string, knows?: (member: string) => boolean}} Reader  mentions of oneself stand out; those one knows have a card */

/**
 * @param {string} text
 * @param {Mention[]} mentions
 * @param {Reader} [reader]
 * @returns {(Node | string)[]}
 */
export function formatted(text, mentions, reader = {}) {
  const blocks = format(text, mentions)
  const [only] = blocks
  if (blocks.length === 1 && only.type === "text") return only.children.map(one => tokenNode(one, reader))
  return blocks.map(one => blockNode(one, reader))
}

/**
 * @param {Block} block
 * @param {Reader} reader
 */
function blockNode(block, reader) {
  if (block.type === "pre") return build("pre", {tabindex: "0"}, build("code", {}, block.text))
  if (block.type !== "list") return build(block.type === "quote" ? "blockquote" : "div", {}, ...block.children.map(one => tokenNode(one, reader)))
  const items = block.items.map(item => build("li", {}, ...item.map(one => tokenNode(one, reader))))
  return block.start === null ? build("ul", {}, ...items) : build("ol", {start: block.start}, ...items)
}

/**
 * @param {Token} token
 * @param {Reader} reader
 * @returns {Node | string}
 */
function tokenNode(token, reader) {
  switch (token.type) {
    case "text": return token.text
    case "code": return build("code", {}, token.text)
    case "mention": return mentionNode(token.mention, reader)
    case "link": return linkNode(token.href, ...token.children.map(one => tokenNode(one, reader)))
    default: return build(token.type, {}, ...token.children.map(one => tokenNode(one, reader)))
  }
}

/**
 * @param {string} href
 * @param {...(Node | string)} shown
 */
export function linkNode(href, ...shown) {
  return build("a", {href, target: "_blank", rel: "noopener noreferrer nofollow ugc"}, ...shown)
}

/**
 * @param {Mention} mention
 * @param {Reader} reader
 */
function mentionNode({text, member, name, label, url}, {me, knows = () => false}) {
  if (member === me && member) return build("span", {class: "mention of-me"}, `@${name}`)
  if (member && knows(member)) return cardButton(member, `@${name}`)
  if (member) return build("span", {class: "mention"}, `@${name}`)
  if (!label) return text
  if (!url || !/^https?:/i.test(url)) return build("span", {class: "mention", title: text}, label)
  const link = linkNode(url, label)
  link.className = "mention"
  link.title = text
  return link
}

/**
 * @param {string} member
 * @param {string} text
 */
function cardButton(member, text) {
  return build("button", {type: "button", class: "mention", "data-action": "person", "data-member": member, "aria-haspopup": "dialog"}, text)
}
