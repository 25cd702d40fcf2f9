/** The line below a message: when, whether it was changed, how far it got. */

import {build} from "./build.js"
import {compose} from "./compose.js"
import {icon} from "./icons.js"

/** @typedef {import("../store/items.js").Item} Item */
/** @typedef {import("../store/timeline.js").Reach} Reach */
/** @typedef {import("../words.js").Words} Words */

/** Names beyond these are only counted. */
const MOST_NAMES = 12
const TICKS = {pending: "clock", sent: "check", delivered: "check-check", read: "check-check", failed: "alert"}

export function metaLine() {
  return build("div", {class: "message-meta", "aria-live": "off"})
}

/**
 * @param {Item} item
 * @param {Words} words
 * @param {Reach | null} reach
 * @returns {(line: HTMLElement) => void}
 */
export function metaFrom({createdAt, edited, deleted, pinned, tick: state}, words, reach) {
  const said = words.say(state ?? "")
  return line => compose(line, [
    ...pinned ? [{name: "pinned", shows: [], make: () => pinnedMark(words)}] : [],
    ...edited && !deleted ? [{name: "edited", shows: [], make: () => build("span", {}, words.say("edited"))}] : [],
    {name: "time", shows: [createdAt], make: () => time(createdAt, words)},
    ...state ? [{name: "tick", shows: [state], make: () => tick(state, words)}] : [],
    ...reach?.readers.length ? [{name: "readers", shows: [reach], make: readersBox, fill: readersFrom(reach, words)}] : [],
    ...reach?.readers.length === 0 ? [{name: "word", shows: [state], make: () => build("span", {"aria-hidden": "true"}, said)}] : [],
  ])
}

/** @param {Words} words */
function pinnedMark(words) {
  return build("span", {class: "pinned-mark", title: words.say("pinned")}, icon("pin", {label: words.say("pinned"), size: 12}))
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
