/** Who a support conversation is with, and what they answered before it began. Loaded when the page has come up. */

import {build} from "../elements/build.js"
import dictionaries from "../words/prechat.js"
import {part} from "./boot.js"

/** @typedef {{name: string, email: string, answers: {key: string, label: string, text: string}[]}} Introduction */
/** @typedef {import("../words.js").Words} Words */

/**
 * @param {import("./staff-view.js").StaffView} view
 * @param {import("../client.js").Client} client
 * @param {Words} words
 */
export function showIntroductions(view, client, words) {
  words.learn(dictionaries)
  const place = build("section", {class: "introduction", hidden: true})
  part("people").parentElement?.after(place)
  let shown = ""
  const look = async () => {
    const conversation = client.store.get(view.selected ?? "")
    const id = conversation?.info.kind === "support" ? conversation.id : ""
    if (id === shown) return
    shown = id
    place.hidden = true
    const told = id && await client.api.get(`chat/conversations/${id}/introduction/`).catch(() => null)
    if (told && shown === id) fill(place, told, words)
  }
  client.addEventListener("change", look)
  window.addEventListener("hashchange", look)
  look()
}

/**
 * @param {HTMLElement} place
 * @param {Introduction} told
 * @param {Words} words
 */
function fill(place, {email, answers}, words) {
  const facts = [...email ? [{label: words.say("introduction_email"), text: email}] : [], ...answers]
  place.hidden = facts.length === 0
  place.replaceChildren(
    build("h2", {}, words.say("introduction")),
    build("dl", {class: "facts"}, ...facts.flatMap(({label, text}) => [build("dt", {dir: "auto"}, label), build("dd", {dir: "auto"}, text)])))
}
