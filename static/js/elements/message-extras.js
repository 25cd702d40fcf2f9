/** What hangs on a message: what it answers, a card of its link, reactions, and what could not be done with it. */

import {plainly} from "../formatting.js"
import {build} from "./build.js"
import {compose} from "./compose.js"
import {linkNode} from "./formatted.js"
import {icon} from "./icons.js"

/** @typedef {import("../store/items.js").Item} Item */
/** @typedef {import("../store/items.js").QuoteItem} QuoteItem */
/** @typedef {import("../store/items.js").ReactionItem} ReactionItem */
/** @typedef {import("../store/wish.js").Wish} Wish */
/** @typedef {import("../words.js").Words} Words */

/** Why something was refused, as far as there are words for it. */
const REASONS = ["forbidden", "conflict", "disconnected", "timeout", "unreachable"]

/**
 * @param {QuoteItem} quote
 * @param {Words} words
 */
export function quoteButton({id, name, excerpt, files, mine}, words) {
  const said = plainly(excerpt) || filesIn(files, words)
  return build("button", {type: "button", class: "quote", "data-action": "jump", "data-to": id, title: words.say("go_to_message")},
    build("span", {class: "quote-name", dir: "auto"}, mine ? words.say("you") : name),
    build("span", {class: said ? "quote-text" : "quote-text gone", dir: "auto"}, said || words.say("deleted")))
}

/**
 * How many of what, where nothing else was said; of what nobody may know yet only that it is a file.
 *
 * @param {(string | null)[]} files
 * @param {Words} words
 */
function filesIn(files, words) {
  const images = files.filter(kind => kind === "image").length
  const phrases = [["quoted_images", images], ["quoted_files", files.length - images]]
  const said = phrases.filter(([, count]) => count).map(([phrase, count]) => words.say(String(phrase), {count}))
  return said.length > 0 ? `📎 ${said.join(", ")}` : ""
}

/**
 * @param {string} url
 * @param {import("../wire.js").Preview | null} preview
 */
export function linkCard(url, preview) {
  const href = preview?.url || url
  const {hostname = ""} = URL.canParse(href) ? new URL(href) : {}
  const card = linkNode(/^https?:/i.test(href) ? href : "about:blank",
    build("span", {class: "card-site"}, preview?.site || hostname),
    build("span", {class: "card-title", dir: "auto"}, preview?.title || href))
  if (preview?.description) card.append(build("span", {class: "card-text", dir: "auto"}, preview.description))
  card.className = "card"
  return card
}

export function reactionsRow() {
  return build("div", {class: "reactions", role: "group", "aria-live": "off"})
}

/**
 * @param {Item} item
 * @param {Words} words
 * @param {boolean} reacts  whether I may
 * @returns {(row: HTMLElement) => void}
 */
export function reactionsFrom({reactions}, words, reacts) {
  const more = {name: "more", shows: [], make: () => moreButton(words)}
  return row => {
    row.setAttribute("aria-label", words.say("reactions"))
    compose(row, [
      ...reactions.map(one => ({
        name: one.emoji, shows: [one, reacts], make: () => reactionButton(one.emoji), fill: reactionFrom(one, words, reacts),
      })),
      ...reacts ? [more] : [],
    ])
  }
}

/** @param {string} emoji */
function reactionButton(emoji) {
  return build("button", {type: "button", class: "reaction", "data-action": "react", "data-emoji": emoji},
    build("span", {class: "emoji"}, emoji), build("span", {class: "reaction-count"}))
}

/**
 * @param {ReactionItem} reaction
 * @param {Words} words
 * @param {boolean} reacts
 * @returns {(button: HTMLElement) => void}
 */
function reactionFrom({emoji, count, names, mine}, words, reacts) {
  const known = [...mine ? [words.say("you")] : [], ...names]
  const others = count - known.length
  const who = words.list([...known, ...others > 0 ? [words.say("and_more", {count: others})] : []])
  return button => {
    button.setAttribute("aria-pressed", String(mine))
    button.setAttribute("aria-disabled", String(!reacts))
    button.setAttribute("aria-label", `${emoji} ${count}: ${who}`)
    button.setAttribute("title", who)
    const [, number] = button.children
    number.textContent = String(count)
  }
}

/** @param {Words} words */
function moreButton(words) {
  return build("button", {type: "button", class: "reaction add", "data-action": "pick", "aria-label": words.say("action_react"), title: words.say("action_react")},
    icon("smile-plus", {size: 16}))
}

/**
 * @param {Wish} wish
 * @param {Words} words
 */
export function refusal({what, code = ""}, words) {
  const ask = (/** @type {string} */ action, /** @type {string} */ word) =>
    build("button", {type: "button", class: "link-button", "data-action": action}, words.say(word))
  const reason = REASONS.includes(code) ? words.say(`reason_${code}`) : ""
  return build("div", {class: "message-failed", role: "alert"},
    icon("alert", {size: 14}), build("span", {}, [words.say(`refused_${what}`), reason].filter(Boolean).join(" ")),
    ...what === "edit" ? [ask("again", "edit_again")] : [], ask("dismiss", "dismiss"))
}
