/** Rows of a list, each of which can have the focus. */

/**
 * Arrows go from one to the next.
 *
 * @param {KeyboardEvent} event
 * @param {ParentNode} list
 * @param {string} row  a selector
 */
export function moveAmong(event, list, row) {
  const here = /** @type {Element} */ (event.target).closest(row)
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key]
  if (!here || !step) return
  const rows = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(row)])
  rows[rows.indexOf(/** @type {HTMLElement} */ (here)) + step]?.focus()
  event.preventDefault()
}
