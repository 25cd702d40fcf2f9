/** Styles of what is rarely shown, brought in with it. A constructed sheet: neither a host's policy nor its page is in the way. */

/** @type {Map<Node, Set<string>>} */
const known = new Map()

/**
 * @param {Node} node  in whose document or shadow it is needed
 * @param {string} name
 */
export async function adopt(node, name) {
  const root = /** @type {Document | ShadowRoot} */ (node.getRootNode())
  const names = known.get(root) ?? new Set()
  if (names.has(name)) return
  const response = await fetch(new URL(`../../css/${name}`, import.meta.url), {credentials: "omit"})
  if (!response.ok) throw new Error(`${name}: ${response.status}`)
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(await response.text())
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  known.set(root, names.add(name))
}
