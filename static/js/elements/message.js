/** One message on the screen: made once, then brought up to date. */

import {briefOf} from "../store/items.js"
import {avatar} from "./avatar.js"
import {build} from "./build.js"
import {compose} from "./compose.js"
import {formatted} from "./formatted.js"
import {icon} from "./icons.js"
import {linkCard, quoteButton, reactionsFrom, reactionsRow, refusal} from "./message-extras.js"
import {metaFrom, metaLine} from "./message-meta.js"
import {systemText} from "./system-line.js"

/** @typedef {import("../store/grouping.js").MessageRow} MessageRow */
/** @typedef {import("../store/items.js").Item} Item */
/** @typedef {import("../store/timeline.js").Reach} Reach */
/** @typedef {import("../words.js").Words} Words */
/** @typedef {import("./compose.js").Part} Part */
/**
 * How it is shown to me.
 *
 * @typedef {object} Showing
 * @property {Words} words
 * @property {Reach | null} [reach]  of my newest message
 * @property {string} [me]
 * @property {(member: string) => boolean} [knows]  whether I do
 * @property {boolean} [reacts]  whether I may react
 * @property {boolean} [isNews]  what is new here slides in; history does not
 * @property {((files: import("../wire.js").Attachment[]) => HTMLElement) | null} [showFiles]  null as long as what shows them is not here
 */

/**
 * @param {MessageRow} row
 * @param {Showing} showing
 */
export function messageNode(row, showing) {
  const node = build("article", {"data-key": row.key, "data-id": row.item.id, tabindex: "-1"})
  updateMessage(node, row, showing)
  return node
}

/**
 * Touches only what changed: a live region reads out whatever is put into it, and a tick is no news.
 *
 * @param {HTMLElement} node
 * @param {MessageRow} row
 * @param {Showing} showing
 */
export function updateMessage(node, row, showing) {
  const isNew = !node.firstChild
  const className = classOf(row, node, isNew && Boolean(showing.isNews))
  if (node.className !== className) node.className = className
  if (row.item.id && node.dataset.id !== row.item.id) node.setAttribute("data-id", row.item.id)
  compose(node, row.item.kind === "system" ? systemParts(row.item, showing) : partsOf(row, showing))
}

/** What others have put on it stays: that it is arriving, that it was looked for. */
const LASTING = ["arriving", "sought"]

/**
 * @param {MessageRow} row
 * @param {HTMLElement} node  as it is
 * @param {boolean} arrives
 */
function classOf({item, isFirst, isLast}, node, arrives) {
  const classes = {
    "mine": item.mine, "first": isFirst, "last": isLast, "arriving": arrives, "deleted": isEmpty(item), [item.kind]: item.kind !== "text",
    "failed": item.tick === "failed", "changing": item.wish?.state === "pending",
  }
  const lasting = LASTING.filter(name => !arrives && node.classList.contains(name))
  return ["message", ...Object.entries(classes).filter(([, is]) => is).map(([name]) => name), ...lasting].join(" ")
}

/**
 * @param {MessageRow} row
 * @param {Showing} showing
 * @returns {Part[]}
 */
function partsOf({key, item, isFirst, isLast}, {words, me = "", knows = () => false, reacts = false, reach: newest = null, showFiles = null}) {
  const {sender, mine, tick: state, body, deleted, createdAt, edited, pinned, replyTo, reactions, mentions, linkUrl, preview, wish, attachments = []} = item
  const name = mine ? words.say("you") : sender.name
  const reach = newest?.key === key ? newest : null
  const hasFiles = showFiles && attachments.length > 0
  const hasMeta = state !== "failed" && (isLast || state === "pending" || edited && !deleted || pinned)
  return [
    ...!mine && isLast ? [{name: "avatar", shows: [sender], make: () => avatar(sender)}] : [],
    ...isFirst ? [{name: "name", shows: [name], make: () => nameLine(name, mine)}] : [],
    ...item.kind === "note" ? [{name: "note", shows: [], make: () => build("span", {class: "note-label"}, icon("lock", {size: 14}), words.say("note"))}] : [],
    ...replyTo ? [{name: "quote", shows: [replyTo], make: () => quoteButton(replyTo, words)}] : [],
    ...body || !hasFiles ? [{name: "bubble", shows: [briefOf(item), deleted, mentions, knownIn(item, knows)], make: () => bubble(item, words, {me, knows})}] : [],
    ...hasFiles ? [{name: "files", shows: [attachments], make: () => showFiles(attachments), fill: /** @param {any} node */ node => node.files = attachments}] : [],
    ...linkUrl || preview ? [{name: "card", shows: [linkUrl, preview], make: () => linkCard(linkUrl, preview)}] : [],
    ...reactions?.length ? [{name: "reactions", shows: [reactions, reacts], make: reactionsRow, fill: reactionsFrom(item, words, reacts)}] : [],
    ...hasMeta ? [{name: "meta", shows: [createdAt, edited, deleted, pinned, state, reach], make: metaLine, fill: metaFrom(item, words, reach)}] : [],
    ...state === "failed" ? [{name: "failure", shows: [item.clientId], make: () => failure(item, words)}] : [],
    ...wish?.state === "failed" ? [{name: "refusal", shows: [wish], make: () => refusal(wish, words)}] : [],
  ]
}

/**
 * @param {Item} item
 * @param {Showing} showing
 * @returns {Part[]}
 */
function systemParts(item, {words}) {
  const text = systemText(item, words)
  return [{name: "system", shows: [text], make: () => build("p", {class: "system-line", title: words.exact(item.createdAt)}, text)}]
}

/**
 * @param {string} name
 * @param {boolean} isMine  to the eye, the side says it
 */
function nameLine(name, isMine) {
  return build("span", {class: isMine ? "message-name visually-hidden" : "message-name", dir: "auto"}, name)
}

/**
 * @param {Item} item
 * @param {Words} words
 * @param {import("./formatted.js").Reader} reader
 */
function bubble(item, words, reader) {
  const gone = item.deleted ? "deleted" : "file_gone"
  const text = isEmpty(item) ? [words.say(gone)] : formatted(briefOf(item, words.say("quoted_files", {count: 1})), item.mentions ?? [], reader)
  return build("div", {class: "bubble", dir: "auto", title: words.exact(item.createdAt)}, ...text)
}

/**
 * @param {Item} item
 * @param {(member: string) => boolean} knows
 */
function knownIn({mentions = []}, knows) {
  return mentions.map(({member = ""}) => member && knows(member))
}

/**
 * Deleted, or what was said with a file that was taken out.
 *
 * @param {Item} item
 */
function isEmpty(item) {
  return item.deleted || item.kind !== "system" && briefOf(item) === ""
}

/**
 * @param {Item} item
 * @param {Words} words
 */
function failure(item, words) {
  const ask = (/** @type {string} */ action, /** @type {string} */ word) =>
    build("button", {type: "button", class: "link-button", "data-action": action, "data-client-id": item.clientId}, words.say(word))
  return build("div", {class: "message-failed"},
    icon("alert", {size: 14}), build("span", {}, words.say("failed")), ask("retry", "try_again"), ask("discard", "remove"))
}
