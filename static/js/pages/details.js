/** What else the details of a conversation offer. Loaded when the page has come up. */

import {build} from "../elements/build.js"
import {askTranscript} from "../transcribing.js"
import {part} from "./boot.js"
import {showIntroductions} from "./introductions.js"

/**
 * @param {import("./staff-view.js").StaffView} view
 * @param {import("../client.js").Client} client
 * @param {import("../words.js").Words} words
 * @param {import("./boot.js").Boot} boot
 */
export function furnishDetails(view, client, words, {permissions}) {
  if (permissions.includes("see_queue")) showIntroductions(view, client, words)
  offerTranscript(view, client, words)
}

/**
 * To whoever takes part.
 *
 * @param {import("./staff-view.js").StaffView} view
 * @param {import("../client.js").Client} client
 * @param {import("../words.js").Words} words
 */
function offerTranscript(view, client, words) {
  const button = build("button", {type: "button", class: "button"}, words.say("transcript"))
  const said = build("p", {class: "details-note", role: "status"})
  const place = build("section", {class: "transcript", hidden: true}, button, said)
  part("started").before(place)
  let shown = ""
  const look = () => {
    const conversation = client.store.get(view.selected ?? "")
    place.hidden = !conversation?.participants.some(({member}) => member.id === client.me.id)
    if (shown !== view.selected) said.replaceChildren()
    shown = view.selected ?? ""
  }
  button.addEventListener("click", async () => {
    const id = shown
    button.disabled = true
    const what = await askTranscript(client.api, id, words)
    button.disabled = false
    if (id === shown) said.replaceChildren(what)
  })
  client.addEventListener("change", look)
  window.addEventListener("hashchange", look)
  look()
}
