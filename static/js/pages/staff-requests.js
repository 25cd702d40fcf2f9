/** Requests on the staff page: all of them in a dialog, those of a contact beside its conversation. Loaded when the page has come up. */

import {openDialog} from "../elements/dialog.js"
import {build} from "../elements/build.js"
import {icon} from "../elements/icons.js"
import {adopt} from "../elements/sheet.js"
import {requestsIn, requestsOf} from "../requesting.js"
import {chipOf} from "../elements/requests.js"
import {keepBeside} from "./beside.js"
import {part} from "./boot.js"

/** @typedef {import("../client.js").Client} Client */
/** @typedef {import("../store/conversation.js").Conversation} Conversation */
/** @typedef {import("../store/requests.js").ClientRequest} ClientRequest */
/** @typedef {import("../words.js").Words} Words */
/** @typedef {import("./boot.js").Boot} Boot */

const MOST = 99
const OF_CONTACT = 5

/** The dialog, and what is in it. @type {{dialog: HTMLDialogElement, requesting: Awaited<ReturnType<typeof requestsIn>>} | null} */
let shown = null

/**
 * @param {import("./staff-view.js").StaffView} view
 * @param {Client} client
 * @param {Words} words
 * @param {Boot} boot
 */
export async function furnishRequests(view, client, words, boot) {
  if (!boot.permissions.includes("create_requests")) return
  // Where they cannot be had now, they come with the connection.
  await Promise.all([adopt(document.body, "requests.css"), requestsOf(client).load({status: "pending"}).catch(() => {})])
  // Whose words are learned with the first dialog, but for these.
  words.learn((await import("../words/requests.js")).default)
  part("list").after(link(client, words, boot))
  ofContacts(view, client, words, boot)
}

/**
 * @param {Client} client
 * @param {Words} words
 * @param {Boot} boot
 * @param {string} [id]  the one to show
 */
export async function openRequests(client, words, boot, id = "") {
  const root = document.body
  await adopt(root, "staff-files.css")
  const requesting = await requestsIn(root, {client, words, person: {me: boot.member, permissions: boot.permissions}, mayFilter: true})
  // It is told late that one was closed.
  if (shown?.dialog.open) requesting.end()
  else {
    const dialog = openDialog({title: words.say("requests"), kind: "requests-dialog", words, root, parts: [requesting.node], closed: () => requesting.end()})
    shown = {dialog, requesting}
  }
  await (id ? shown.requesting.open(id) : shown.requesting.load())
}

/**
 * @param {Client} client
 * @param {Words} words
 * @param {Boot} boot
 */
function link(client, words, boot) {
  const badge = build("span", {class: "badge", "aria-hidden": "true", hidden: true})
  const said = build("span", {class: "visually-hidden"})
  const button = build("button", {type: "button", class: "archived-toggle review-link", "aria-haspopup": "dialog"}, icon("clipboard"),
    build("span", {}, words.say("requests")), badge, said)
  button.addEventListener("click", () => openRequests(client, words, boot))
  const requests = requestsOf(client)
  const show = () => {
    const count = requests.all.filter(({status}) => status === "pending").length
    badge.hidden = count === 0
    badge.textContent = count > MOST ? `${MOST}+` : String(count)
    said.textContent = count ? words.say("requests_waiting", {count}) : ""
  }
  requests.addEventListener("change", show)
  show()
  return button
}

/**
 * @param {import("./staff-view.js").StaffView} view
 * @param {Client} client
 * @param {Words} words
 * @param {Boot} boot
 */
function ofContacts(view, client, words, boot) {
  const list = build("ul", {class: "requests-list"})
  const section = build("section", {class: "contact-requests", hidden: true}, build("h3", {}, words.say("requests")), list)
  part("contact").after(section)
  section.addEventListener("click", ({target}) => {
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("[data-id]"))
    if (row) openRequests(client, words, boot, row.dataset.id)
  })

  /** @param {{results: ClientRequest[]} | null} found */
  function show(found) {
    list.replaceChildren(...(found?.results ?? []).map(one => build("li", {},
      build("button", {type: "button", class: "request-row", "data-id": one.id, "aria-haspopup": "dialog"},
        build("span", {class: "request-title", dir: "auto"}, one.title), chipOf(one.status, words)))))
    section.hidden = !found?.results.length
  }

  const clientOf = (/** @type {Conversation | null} */ conversation) => conversation?.info.kind === "support" ? conversation.info.client ?? "" : ""
  const again = keepBeside({view, client, of: clientOf, ask: member => client.api.get("client-requests/", {member, limit: OF_CONTACT}), show})
  client.addEventListener("frame", event => {
    const {type, request} = /** @type {CustomEvent} */ (event).detail
    if (type === "request" && request.created_by.id === clientOf(client.store.get(view.selected ?? ""))) again()
  })
}
