/** What the widget is made of. */

import {build} from "../js/elements/build.js"
import {addIcons, icon} from "../js/elements/icons.js"

/** @typedef {import("../js/words.js").Words} Words */

addIcons({"more": [5, 12, 19].map(y => `M12 ${y - 1}a1 1 0 1 0 0 2 1 1 0 1 0 0-2`)})

/** @param {Words} words */
export function widgetNodes(words) {
  const parts = {
    connection: /** @type {import("../js/elements/connection.js").ConnectionElement} */ (element("parley-connection", words)),
    pins: /** @type {import("../js/elements/pins.js").PinsElement} */ (element("parley-pins", words)),
    timeline: /** @type {import("../js/elements/timeline.js").TimelineElement} */ (element("parley-timeline", words)),
    typing: /** @type {import("../js/elements/typing.js").TypingElement} */ (element("parley-typing", words)),
    composer: /** @type {import("../js/elements/composer.js").ComposerElement} */ (element("parley-composer", words)),
  }
  parts.connection.canSignIn = false
  const away = build("p", {class: "away", role: "status", dir: "auto", hidden: true})
  const head = headNodes(words)
  const views = {
    conversation: view("conversation", parts.pins, parts.timeline, parts.typing, away, parts.composer),
    chats: view("chats"),
    people: view("people"),
    requests: view("requests"),
  }
  const panel = build("section", {class: "panel", id: "panel", role: "dialog", "aria-labelledby": "title", tabindex: "-1", hidden: true},
    head.head, parts.connection, ...Object.values(views))
  const badge = build("span", {class: "badge", "aria-hidden": "true", hidden: true})
  const online = build("span", {class: "launcher-online", "aria-hidden": "true", hidden: true})
  const launcher = build("button", {type: "button", class: "launcher", "aria-controls": "panel", "aria-expanded": "false"},
    icon("message", {size: 26}), icon("chevron-down", {size: 26}), online, badge)
  const root = build("div", {class: "root", lang: words.language}, panel, launcher)
  return {...parts, ...head, views, away, panel, badge, online, launcher, root}
}

/**
 * @param {string} name
 * @param {...Node} parts
 */
function view(name, ...parts) {
  return build("div", {class: `view view-${name}`, id: `view-${name}`, "aria-labelledby": `tab-${name}`}, ...parts)
}

/** @param {Words} words */
function headNodes(words) {
  const back = iconButton("arrow-left", words.say("back"))
  back.hidden = true
  const face = build("span", {class: "panel-face"})
  const title = build("h2", {class: "panel-title", id: "title", dir: "auto"})
  const about = build("p", {class: "panel-about", dir: "auto"})
  const more = iconButton("more", words.say("more_here"))
  more.hidden = true
  more.setAttribute("aria-expanded", "false")
  more.setAttribute("aria-controls", "more")
  const bell = iconButton("bell", words.say("my_notices"))
  bell.setAttribute("aria-expanded", "false")
  bell.setAttribute("aria-controls", "alerts")
  const close = iconButton("x", words.say("close_chat"))
  const head = build("div", {class: "panel-head"}, back, face, build("div", {class: "panel-titles"}, title, about), more, bell, close)
  return {head, back, face, title, about, more, bell, close}
}

/**
 * @param {string} name
 * @param {string} label
 */
function iconButton(name, label) {
  return build("button", {type: "button", class: "icon-button", "aria-label": label, title: label}, icon(name))
}

/**
 * @param {string} name
 * @param {Words} words
 */
function element(name, words) {
  const made = /** @type {any} */ (document.createElement(name))
  made.words = words
  return made
}
