/** `?`: what the keys do, and whether single ones do anything. */

import {keycaps, PLACES, SHORTCUTS} from "../shortcuts.js"
import {build} from "./build.js"
import {icon} from "./icons.js"
import {adopt} from "./sheet.js"

/** @typedef {import("../words.js").Words} Words */
/** @typedef {import("../shortcuts.js").Shortcut} Shortcut */

/**
 * @param {{words: Words, root: Element, acts: Set<string>, isOn: boolean, isMac: boolean, turn: (isOn: boolean) => void}} options
 *   `acts`: those that this person has
 */
export async function showKeys({words, root, acts, isOn, isMac, turn}) {
  await adopt(root, "palette.css")
  const say = (/** @type {string} */ key) => words.say(key)
  const close = build("button", {type: "button", class: "icon-button", "aria-label": say("keys_close"), title: say("keys_close")}, icon("x"))
  const box = build("input", {type: "checkbox", name: "keys", "aria-labelledby": "keys-single", "aria-describedby": "keys-single-hint"})
  const groups = PLACES.map(place => groupOf(place, SHORTCUTS.filter(({act, where}) => where === place && acts.has(act)), words, isMac))
  const dialog = build("dialog", {class: "keys-dialog", "aria-labelledby": "keys-heading"},
    build("header", {}, build("h2", {id: "keys-heading"}, say("keys")), close),
    build("div", {class: "keys-groups"}, ...groups),
    build("label", {class: "settings-choice"}, box, build("span", {class: "settings-name", id: "keys-single"}, say("keys_single")),
      build("span", {class: "settings-hint", id: "keys-single-hint"}, say("keys_single_hint"))))
  box.checked = isOn
  dialog.classList.toggle("off", !isOn)
  close.autofocus = true
  close.addEventListener("click", () => dialog.close())
  box.addEventListener("change", () => {
    dialog.classList.toggle("off", !box.checked)
    turn(box.checked)
  })
  dialog.addEventListener("click", ({target}) => target === dialog && dialog.close())
  dialog.addEventListener("close", () => dialog.remove())
  root.append(dialog)
  dialog.showModal()
}

/**
 * @param {string} place
 * @param {Shortcut[]} shortcuts
 * @param {Words} words
 * @param {boolean} isMac
 */
function groupOf(place, shortcuts, words, isMac) {
  const rows = shortcuts.map(({act, keys}) => build("div", {class: keys[0].length === 1 ? "single" : null},
    build("dt", {}, words.say(`key_${act}`)), build("dd", {}, ...keys.flatMap(key => keycaps(key, isMac)).map(cap => build("kbd", {}, cap)))))
  return build("section", {}, build("h3", {}, words.say(`keys_${place}`)), build("dl", {}, ...rows))
}
