/** Fills a page's markup with words and icons: `data-word`, `data-word-label`, `data-word-placeholder`, `data-icon`. */

import {icon} from "./icons.js"

/** @typedef {import("../words.js").Words} Words */

/**
 * @param {ParentNode} root
 * @param {Words} words
 */
export function decorate(root, words) {
  each(root, "data-word", (node, key) => node.replaceChildren(words.say(key)))
  each(root, "data-word-label", (node, key) => node.setAttribute("aria-label", words.say(key)))
  for (const button of root.querySelectorAll("button[aria-label]")) button.setAttribute("title", button.ariaLabel ?? "")
  each(root, "data-word-placeholder", (node, key) => node.setAttribute("placeholder", words.say(key)))
  each(root, "data-icon", (node, name) => node.prepend(icon(name)))
}

/**
 * @param {ParentNode} root
 * @param {string} attribute
 * @param {(node: Element, value: string) => void} act
 */
function each(root, attribute, act) {
  for (const node of root.querySelectorAll(`[${attribute}]`)) act(node, node.getAttribute(attribute) ?? "")
}
