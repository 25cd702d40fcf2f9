/** What somebody wrote, as nodes. Text is always text. */

import {format} from "../formatting.js"
import {build} from "./build.js"

/** @typedef {import("../formatting.js").Block} Block */
/** @typedef {import("../formatting.js").Token} Token */
/** @typedef {import("../wire.js").Mention} Mention */

/**
 * @param {string} text
 * @param {Mention[]} mentions
 * @param {string} [me]  whose own mentions stand out
 * @returns {(Node | string)[]}
 */
export function formatted(text, mentions, me = "") {
  const blocks = format(text, mentions)
  const [only] = blocks
  if (blocks.length === 1 && only.type === "text") return only.children.map(one => tokenNode(one, me))
  return blocks.map(one => blockNode(one, me))
}

/**
 * @param {Block} block
 * @param {string} me
 */
function blockNode(block, me) {
  if (block.type === "pre") return build("pre", {tabindex: "0"}, build("code", {}, block.text))
  if (block.type !== "list") return build(block.type === "quote" ? "blockquote" : "div", {}, ...block.children.map(one => tokenNode(one, me)))
  const items = block.items.map(item => build("li", {}, ...item.map(one => tokenNode(one, me))))
  return block.start === null ? build("ul", {}, ...items) : build("ol", {start: block.start}, ...items)
}

/**
 * @param {Token} token
 * @param {string} me
 * @returns {Node | string}
 */
function tokenNode(token, me) {
  switch (token.type) {
    case "text": return token.text
    case "code": return build("code", {}, token.text)
    case "mention": return mentionNode(token.mention, me)
    case "link": return linkNode(token.href, ...token.children.map(one => tokenNode(one, me)))
    default: return build(token.type, {}, ...token.children.map(one => tokenNode(one, me)))
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
 * @param {string} me
 */
function mentionNode({text, member, name, label, url}, me) {
  if (member) return build("span", {class: member === me ? "mention of-me" : "mention"}, `@${name}`)
  if (!label) return text
  if (!url || !/^https?:/i.test(url)) return build("span", {class: "mention", title: text}, label)
  const link = linkNode(url, label)
  link.className = "mention"
  link.title = text
  return link
}
