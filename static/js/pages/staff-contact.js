/** Brings what is known of the client whom the open conversation serves. */

import {ContactElement} from "../elements/contact.js"
import {defineElements} from "../elements/define.js"
import {STAFF} from "../store/rights.js"
import {part} from "./boot.js"

/**
 * @param {import("./staff-view.js").StaffView} view
 * @param {import("../client.js").Client} client
 * @param {import("../words.js").Words} words
 * @param {(id: string) => void} go
 */
export function showContacts(view, client, words, go) {
  if (!STAFF.includes(client.me.role)) return
  defineElements(words, {"parley-contact": ContactElement})
  const element = /** @type {ContactElement} */ (part("contact"))
  /** Whose contact is on the screen, or on its way. */
  let shown = ""

  /** @param {boolean} again  it may be another one by now */
  async function show(again) {
    const conversation = client.store.get(view.selected ?? "")
    const id = conversation?.info.kind === "support" ? conversation.id : ""
    if (id === shown && !again) return
    if (id !== shown) element.show(null)
    shown = id
    const contact = id && await client.api.get(`chat/conversations/${id}/contact/`).catch(() => null)
    if (id === shown && contact) element.show(contact)
  }

  element.addEventListener("contact:open", event => go(/** @type {CustomEvent} */ (event).detail.id))
  client.addEventListener("change", () => show(false))
  client.addEventListener("arrived", event => show(/** @type {CustomEvent} */ (event).detail.conversation === view.selected))
  window.addEventListener("hashchange", () => show(false))
  show(false)
}
