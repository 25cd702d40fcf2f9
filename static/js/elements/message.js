/** One message on the screen: made once, then brought up to date. */

import {avatar} from "./avatar.js"
import {arrange, build} from "./build.js"
import {icon} from "./icons.js"
import {linkedText} from "./linked-text.js"

/** @typedef {import("../store/grouping.js").MessageRow} MessageRow */
/** @typedef {import("../store/timeline.js").Item} Item */
/** @typedef {import("../store/timeline.js").Reach} Reach */
/** @typedef {import("../words.js").Words} Words */

/** Names beyond these are only counted. */
const MOST_NAMES = 12
const TICKS = {pending: "clock", sent: "check", delivered: "check-check", read: "check-check", failed: "alert"}

/** `fill` brings a part up to date in its place; one without it is made anew. */
/** @typedef {{name: string, shows: unknown[], make: () => HTMLElement, fill?: (node: HTMLElement) => void}} Part */

/**
 * @param {MessageRow} row
 * @param {Words} words
 * @param {Reach | null} reach  of my newest message
 */
export function messageNode(row, words, reach) {
  const node = build("article", {"data-key": row.key})
  updateMessage(node, row, words, reach)
  return node
}

/**
 * Touches only what changed: a live region reads out whatever is put into it, and a tick is no news.
 *
 * @param {HTMLElement} node
 * @param {MessageRow} row
 * @param {Words} words
 * @param {Reach | null} reach
 */
export function updateMessage(node, row, words, reach) {
  const isNew = !node.firstChild
  const className = classOf(row, isNew || node.classList.contains("arriving"))
  if (node.className !== className) node.className = className
  const parts = row.item.kind === "system" ? systemParts(row.item) : partsOf(row, words, reach?.key === row.key ? reach : null)
  compose(node, parts)
}

/**
 * @param {HTMLElement} whole
 * @param {Part[]} parts
 */
function compose(whole, parts) {
  const children = /** @type {HTMLElement[]} */ ([...whole.children])
  const known = new Map(children.map(child => [child.dataset.part, child]))
  arrange(whole, parts.map(part => current(part, known.get(part.name))))
}

/**
 * @param {Part} part
 * @param {HTMLElement | undefined} known  the same part, as it was
 */
function current({name, shows, make, fill}, known) {
  const said = JSON.stringify(shows)
  if (known?.dataset.shows === said) return known
  const node = known && fill ? known : make()
  fill?.(node)
  Object.assign(node.dataset, {part: name, shows: said})
  return node
}

/**
 * @param {MessageRow} row
 * @param {boolean} isArriving
 */
function classOf({item, isFirst, isLast}, isArriving) {
  const classes = {
    "mine": item.mine, "first": isFirst, "last": isLast, "arriving": isArriving, "deleted": item.deleted,
    "system": item.kind === "system", "failed": item.tick === "failed",
  }
  return ["message", ...Object.entries(classes).filter(([, is]) => is).map(([name]) => name)].join(" ")
}

/**
 * @param {MessageRow} row
 * @param {Words} words
 * @param {Reach | null} reach  if it is about this message
 * @returns {Part[]}
 */
function partsOf({item, isFirst, isLast}, words, reach) {
  const {sender, mine, tick: state, body, deleted, createdAt, edited} = item
  const name = mine ? words.say("you") : sender.name
  const hasMeta = state !== "failed" && (isLast || state === "pending")
  return [
    ...!mine && isLast ? [{name: "avatar", shows: [sender], make: () => avatar(sender)}] : [],
    ...isFirst ? [{name: "name", shows: [name], make: () => nameLine(name, mine)}] : [],
    {name: "bubble", shows: [body, deleted], make: () => bubble(item, words)},
    ...hasMeta ? [{name: "meta", shows: [createdAt, edited, deleted, state, reach], make: metaLine, fill: metaFrom(item, words, reach)}] : [],
    ...state === "failed" ? [{name: "failure", shows: [item.clientId], make: () => failure(item, words)}] : [],
  ]
}

/**
 * @param {Item} item
 * @returns {Part[]}
 */
function systemParts({body}) {
  return [{name: "system", shows: [body], make: () => build("p", {class: "system-line"}, body)}]
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
 */
function bubble(item, words) {
  const text = item.deleted ? [words.say("deleted")] : linkedText(item.body)
  return build("div", {class: "bubble", dir: "auto", title: words.exact(item.createdAt)}, ...text)
}

function metaLine() {
  return build("div", {class: "message-meta", "aria-live": "off"})
}

/**
 * @param {Item} item
 * @param {Words} words
 * @param {Reach | null} reach
 * @returns {(line: HTMLElement) => void}
 */
function metaFrom({createdAt, edited, deleted, tick: state}, words, reach) {
  const said = words.say(state ?? "")
  return line => compose(line, [
    ...edited && !deleted ? [{name: "edited", shows: [], make: () => build("span", {}, words.say("edited"))}] : [],
    {name: "time", shows: [createdAt], make: () => time(createdAt, words)},
    ...state ? [{name: "tick", shows: [state], make: () => tick(state, words)}] : [],
    ...reach?.readers.length ? [{name: "readers", shows: [reach], make: readersBox, fill: readersFrom(reach, words)}] : [],
    ...reach?.readers.length === 0 ? [{name: "word", shows: [state], make: () => build("span", {"aria-hidden": "true"}, said)}] : [],
  ])
}

/**
 * @param {string} at
 * @param {Words} words
 */
function time(at, words) {
  return build("time", {datetime: at, title: words.exact(at)}, words.time(at))
}

/**
 * @param {NonNullable<Item["tick"]>} state
 * @param {Words} words
 */
function tick(state, words) {
  return build("span", {class: `tick ${state}`, title: words.say(state)}, icon(TICKS[state], {label: words.say(state), size: 14}))
}

function readersBox() {
  return build("details", {class: "readers"}, build("summary"), build("span", {dir: "auto"}))
}

/**
 * Whoever has opened it is still reading.
 *
 * @param {Reach} reach
 * @param {Words} words
 * @returns {(box: HTMLElement) => void}
 */
function readersFrom({readers, of}, words) {
  const count = readers.length
  const names = readers.slice(0, MOST_NAMES).map(({name}) => name)
  const more = count > MOST_NAMES ? [words.say("and_more", {count: count - MOST_NAMES})] : []
  return box => {
    const [summary, list] = box.children
    summary.textContent = words.say("read_by", {count, of})
    list.textContent = words.list([...names, ...more])
  }
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
