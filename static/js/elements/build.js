/** Makes nodes. Text is always text: there is no way to hand over markup. */

/** So that element classes load where there is no DOM. */
export const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {})

const SVG = "http://www.w3.org/2000/svg"

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]  true is present, false and null
 *   are absent
 * @param {...(Node | string | null | false)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function build(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  fill(node, attributes, children)
  return node
}

/**
 * @param {string} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]
 * @param {...Node} children
 * @returns {SVGElement}
 */
export function buildSvg(tag, attributes = {}, ...children) {
  const node = /** @type {SVGElement} */ (document.createElementNS(SVG, tag))
  fill(node, attributes, children)
  return node
}

/**
 * @param {Element} node
 * @param {Record<string, string | number | boolean | null | undefined>} attributes
 * @param {(Node | string | null | false)[]} children
 */
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : String(value))
  }
  node.append(...children.filter(child => child !== null && child !== false))
}

/**
 * Says something to whoever listens above; the listener decides, and may call `preventDefault`.
 *
 * @param {EventTarget} element
 * @param {string} name
 * @param {unknown} [detail]
 * @returns {boolean} false when it was refused
 */
export function announce(element, name, detail = null) {
  return element.dispatchEvent(new CustomEvent(name, {bubbles: true, composed: true, cancelable: true, detail}))
}

/**
 * Makes the children be exactly these, in this order, and moves only what must move: focus and scroll survive.
 *
 * @param {Element} parent
 * @param {Element[]} wanted
 */
export function arrange(parent, wanted) {
  const keep = new Set(wanted)
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove()
  let place = parent.firstElementChild
  for (const child of wanted) {
    if (child === place) place = place.nextElementSibling
    else parent.insertBefore(child, place)
  }
}
