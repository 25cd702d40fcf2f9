/** Brings what is known of the client whom the open conversation serves. */

import {ContactElement} from "../elements/contact.js"
import {defineElements} from "../elements/define.js"
import {STAFF} from "../store/rights.js"
import {keepBeside} from "./beside.js"
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
  const again = keepBeside({
    view, client, of: conversation => conversation?.info.kind === "support" ? conversation.id : "",
    ask: id => client.api.get(`chat/conversations/${id}/contact/`), show: contact => element.show(contact),
  })

  /** Of what the host says of it, the frames tell only that there is news. @param {any} frame */
  const isSaidAnew = ({type, event, conversation}) => type === "conversation" && event === "advanced" && conversation === view.selected

  element.addEventListener("contact:open", event => go(/** @type {CustomEvent} */ (event).detail.id))
  // It may be another one by now.
  client.addEventListener("arrived", event => /** @type {CustomEvent} */ (event).detail.conversation === view.selected && again())
  client.addEventListener("frame", event => isSaidAnew(/** @type {CustomEvent} */ (event).detail) && again())
}
