/** A small card of one person, at whatever names them. Loaded with the first that is asked for. */

import {avatar} from "./avatar.js"
import {build} from "./build.js"
import {icon} from "./icons.js"
import {presenceWords, withPresence} from "./presence.js"
import {adopt} from "./sheet.js"

/** @typedef {import("../wire.js").Member} Member */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

const GAP = 6
const MARGIN = 8

/**
 * @param {object} options
 * @param {HTMLElement} options.at
 * @param {HTMLElement} options.within  keeps it in its tree
 * @param {Member} options.member
 * @param {import("../wire.js").PresenceOf | null} options.presence
 * @param {import("../words.js").Words} options.words
 * @param {Promise<boolean>} options.mayWrite
 * @param {() => Promise<unknown>} options.write
 */
export async function openPersonCard({at, within, member, presence, words, mayWrite, write}) {
  await adopt(within, "person-card.css")
  const about = [words.say(`role_${member.role}`), presenceWords(presence, words)].filter(Boolean).join(" · ")
  const error = build("p", {class: "form-error", role: "alert"})
  const card = build("div", {class: "person-card", popover: "auto", role: "dialog", "aria-label": member.name, tabindex: "-1"},
    build("div", {class: "person-card-head"}, withPresence(avatar(member), presence),
      build("div", {class: "person-card-who"}, build("h3", {dir: "auto"}, member.name), build("p", {}, about))), error)
  const place = placer(card, at)
  const log = at.closest(".timeline-log")
  log?.addEventListener("scroll", place.now, {passive: true})
  card.addEventListener("keydown", event => close(event, card))
  let hadFocus = false
  card.addEventListener("beforetoggle", () => {
    hadFocus = card.contains(/** @type {Document | ShadowRoot} */ (card.getRootNode()).activeElement)
  })
  card.addEventListener("toggle", event => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") return
    log?.removeEventListener("scroll", place.now)
    place.end()
    card.remove()
    // A browser finds no way back into a shadow.
    if (hadFocus) at.focus()
  })
  within.append(card)
  card.showPopover()
  place.now()
  card.focus()
  if (!await mayWrite.catch(() => false)) return
  error.before(writeButton(words.say("write_to", {name: member.name}), async () => {
    error.textContent = ""
    await write().then(() => card.hidePopover(), () => error.textContent = words.say("write_failed"))
  }))
  place.now()
}

/**
 * @param {string} label
 * @param {() => void} act
 */
function writeButton(label, act) {
  const button = build("button", {type: "button", class: "button"}, icon("message", {size: 18}), build("span", {dir: "auto"}, label))
  button.addEventListener("click", act)
  return button
}

/**
 * Escape ends the card, not what is under it.
 *
 * @param {KeyboardEvent} event
 * @param {HTMLElement} card
 */
function close(event, card) {
  event.stopPropagation()
  if (event.key === "Escape") card.hidePopover()
}

/**
 * By a sheet of its own: a policy may forbid styles in attributes.
 *
 * @param {HTMLElement} card
 * @param {HTMLElement} at
 */
function placer(card, at) {
  const root = /** @type {Document | ShadowRoot} */ (at.getRootNode())
  const sheet = new CSSStyleSheet()
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  return {
    now: () => {
      const around = at.closest(".panel")?.getBoundingClientRect() ?? {left: 0, top: 0, right: innerWidth, bottom: innerHeight}
      const {left, top} = placeOf(at.getBoundingClientRect(), {width: card.offsetWidth, height: card.offsetHeight}, around)
      sheet.replaceSync(`.person-card { left: ${left}px; top: ${top}px; }`)
    },
    end: () => root.adoptedStyleSheets = root.adoptedStyleSheets.filter(one => one !== sheet),
  }
}

/**
 * Below what it belongs to, or above where there is no room; never outside.
 *
 * @param {Box} at
 * @param {{width: number, height: number}} size
 * @param {Box} around
 */
export function placeOf(at, {width, height}, around) {
  const below = at.bottom + GAP
  const top = below + height > around.bottom - MARGIN ? at.top - GAP - height : below
  const clamp = (/** @type {number} */ value, /** @type {number} */ least, /** @type {number} */ most) => Math.max(least, Math.min(value, most))
  return {
    left: clamp(at.left, around.left + MARGIN, around.right - MARGIN - width),
    top: clamp(top, around.top + MARGIN, around.bottom - MARGIN - height),
  }
}
