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
  let asked = 0

  /** @param {boolean} again  it may be another one by now */
  async function show(again) {
    const conversation = client.store.get(view.selected ?? "")
    const id = conversation?.info.kind === "support" ? conversation.id : ""
    if (id === shown && !again) return
    if (id !== shown) element.show(null)
    shown = id
    const mine = ++asked
    const contact = id && await client.api.get(`chat/conversations/${id}/contact/`).catch(() => null)
    if (mine === asked && contact) element.show(contact)
  }

  /** Of what the host says of it, the frames tell only that there is news. @param {any} frame */
  const isSaidAnew = ({type, event, conversation}) => type === "conversation" && event === "advanced" && conversation === view.selected

  element.addEventListener("contact:open", event => go(/** @type {CustomEvent} */ (event).detail.id))
  client.addEventListener("change", () => show(false))
  client.addEventListener("arrived", event => show(/** @type {CustomEvent} */ (event).detail.conversation === view.selected))
  client.addEventListener("frame", event => isSaidAnew(/** @type {CustomEvent} */ (event).detail) && show(true))
  window.addEventListener("hashchange", () => show(false))
  show(false)
}
