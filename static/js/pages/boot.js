/** What the server left in the page for its scripts. */

/** @typedef {import("../wire.js").Member} Member */
/**
 * @typedef {object} Boot
 * @property {{id: string, slug: string, name: string, locale: string}} organisation
 * @property {Member} member
 * @property {{slug: string, name: string}[]} organisations
 * @property {string} api
 * @property {string} socket
 * @property {string[]} permissions
 */

/** @returns {Boot} */
export function readBoot() {
  return JSON.parse(document.getElementById("parley-boot")?.textContent ?? "{}")
}

/** @param {string} path */
export function socketUrlOf(path) {
  const url = new URL(path, location.href)
  url.protocol = url.protocol.replace("http", "ws")
  return url.href
}

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T}
 */
export function part(id) {
  return /** @type {T} */ (document.getElementById(id))
}
