/** What the server left in the page for its scripts. */

/** @typedef {import("../wire.js").Member} Member */
/**
 * @typedef {object} Boot
 * @property {{id: string, slug: string, name: string, locale: string}} organisation
 * @property {Member} member
 * @property {number} user  the same in each of their organisations
 * @property {string} locale  my own, "" for the organisation's
 * @property {{slug: string, name: string}[]} organisations
 * @property {string} api
 * @property {string} socket
 * @property {string[]} permissions
 * @property {Record<string, Record<string, string>>} voice  which recordings are taken: by space, "" for all others
 * @property {Record<string, boolean>} own_reviews  whether agents decide about what they uploaded: by space, "" for all others
 */

/** @returns {Boot} */
export function readBoot() {
  return JSON.parse(document.getElementById("parley-boot")?.textContent ?? "{}")
}

/**
 * What I may do in a space, with what its policy adds.
 *
 * @param {Boot} boot
 * @param {string | null | undefined} space
 */
export function permissionsIn({permissions, own_reviews: own}, space) {
  return own[space ?? ""] ?? own[""] ? [...permissions, "review_own_files"] : permissions
}

/**
 * Which recordings are taken in a space.
 *
 * @param {Boot} boot
 * @param {string | null | undefined} space
 */
export function voiceIn({voice}, space) {
  return voice[space ?? ""] ?? voice[""] ?? {}
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
