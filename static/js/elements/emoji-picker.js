/** A small choice of emoji, and a field for any other. Loaded when somebody wants one. */

import {build} from "./build.js"

/** @typedef {import("../words.js").Words} Words */

const USUAL = [..."👍👎🙏👏💪🙌", "❤️", ..."😀😂😍😊😉🤔😮😢😡🎉🔥✅❌👀⏳💯🚀"]
const EMOJI = /^\p{Extended_Pictographic}|^\p{Regional_Indicator}{2}|^[#*\d]\u{fe0f}?\u{20e3}/u
const STEPS = new Map([["ArrowRight", 1], ["ArrowLeft", -1], ["ArrowDown", 8], ["ArrowUp", -8]])

/**
 * @param {Words} words
 * @param {(emoji: string) => void} chosen
 */
export function emojiPicker(words, chosen) {
  const buttons = USUAL.map((emoji, place) =>
    build("button", {type: "button", class: "emoji", "data-emoji": emoji, tabindex: place ? -1 : 0}, emoji))
  const label = words.say("emoji_other")
  const field = build("input", {type: "text", "aria-label": label, placeholder: label, autocomplete: "off"})
  const picker = build("div", {class: "emoji-picker", role: "group", "aria-label": words.say("action_react"), "aria-live": "off", "data-guest": ""},
    build("div", {class: "emoji-grid"}, ...buttons), field)
  picker.addEventListener("click", event => {
    const {emoji} = /** @type {HTMLElement} */ (event.target).dataset
    if (emoji) chosen(emoji)
  })
  picker.addEventListener("keydown", event => {
    const place = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target))
    const step = STEPS.get(event.key)
    if (step === undefined || place < 0) return
    event.preventDefault()
    buttons[Math.max(0, Math.min(place + step, buttons.length - 1))].focus()
  })
  // A keyboard's own picker puts in one; whoever types letters goes on typing.
  field.addEventListener("input", () => {
    const [first] = firstOf(field.value.trim())
    if (first && EMOJI.test(first)) chosen(first)
  })
  return picker
}

/** @param {string} text  what a person sees as one character */
function firstOf(text) {
  return [...new Intl.Segmenter().segment(text)].map(({segment}) => segment)
}
