/** Brings what is on the screen up to date, part by part: what has not changed stays the same node. */

import {arrange} from "./build.js"

/**
 * `fill` brings a part up to date in its place; one without it is made anew. A child that is marked `data-guest` is
 * somebody else's, and stays.
 *
 * @typedef {{name: string, shows: unknown[], make: () => HTMLElement, fill?: (node: HTMLElement) => void}} Part
 */

/**
 * @param {HTMLElement} whole
 * @param {Part[]} parts
 */
export function compose(whole, parts) {
  const children = /** @type {HTMLElement[]} */ ([...whole.children])
  const known = new Map(children.map(child => [child.dataset.part, child]))
  const guests = children.filter(child => child.dataset.guest !== undefined)
  arrange(whole, [...parts.map(part => current(part, known.get(part.name))), ...guests])
}

/**
 * @param {Part} part
 * @param {HTMLElement | undefined} known  the same part, as it was
 */
function current({name, shows, make, fill}, known) {
  const said = JSON.stringify(shows)
  if (known?.dataset.shows === said) return known
  const node = known && fill ? known : make()
  fill?.(node)
  Object.assign(node.dataset, {part: name, shows: said})
  return node
}
