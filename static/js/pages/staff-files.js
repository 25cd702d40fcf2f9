/** Files on the staff page: all of a conversation, and how many wait. Loaded when the page has come up. */

import {galleryButton} from "../elements/gallery-button.js"
import {prepare} from "../elements/files.js"
import {build} from "../elements/build.js"
import {icon} from "../elements/icons.js"
import {filingOf} from "../filing.js"
import {nameOf} from "../store/naming.js"
import {queueOf} from "../store/queue.js"
import {part} from "./boot.js"

/** @typedef {import("../words.js").Words} Words */

const MOST = 99

/**
 * @param {import("./staff-view.js").StaffView} view
 * @param {import("../client.js").Client} client
 * @param {Words} words
 * @param {import("./boot.js").Boot} boot
 */
export async function furnish(view, client, words, {permissions, organisation}) {
  await prepare(view.timeline, words)
  part("details-toggle").before(galleryButton(view.timeline, () => {
    const conversation = view.selected && client.store.get(view.selected)
    return conversation ? {id: conversation.id, name: nameOf(conversation, client.me) || words.say("nameless")} : null
  }))
  if (permissions.includes("review_files")) part("list").after(reviewLink(client, words, organisation.slug))
}

/**
 * @param {import("../client.js").Client} client
 * @param {Words} words
 * @param {string} organisation
 */
function reviewLink(client, words, organisation) {
  const badge = build("span", {class: "badge", "aria-hidden": "true", hidden: true})
  const said = build("span", {class: "visually-hidden"})
  const link = build("a", {class: "archived-toggle review-link", href: `/chat/files/?organisation=${encodeURIComponent(organisation)}`}, icon("shield"),
    build("span", {}, words.say("files_to_review")), badge, said)
  const queue = queueOf(filingOf(client))
  queue.addEventListener("change", () => {
    const count = queue.files.length
    badge.hidden = count === 0
    badge.textContent = count > MOST ? `${MOST}+` : String(count)
    said.textContent = count ? words.say("files_waiting", {count}) : ""
  })
  queue.load()
  return link
}
