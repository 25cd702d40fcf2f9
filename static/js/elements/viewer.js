/** A dialog that shows one file after the other: arrows go on, Escape closes, and the focus goes back to where it was. */

import {aboutFile} from "../files.js"
import {build} from "./build.js"
import {defineElements} from "./define.js"
import {save} from "./files.js"
import {icon} from "./icons.js"
import {PreviewElement} from "./preview.js"

/** @typedef {import("../wire.js").Attachment} Attachment */
/** @typedef {import("../words.js").Words} Words */
/**
 * @typedef {object} Options
 * @property {Attachment[]} files
 * @property {number} at  the one to begin with
 * @property {import("../filing.js").Filing} filing
 * @property {import("../store/rights.js").Person} person
 * @property {Words} words
 * @property {Element} root  where it is put
 * @property {(file: any) => void} [jump]  to where it was said
 * @property {() => Promise<Attachment[]>} [more]  those that follow, when the last one is shown
 */

/** @param {Options} options */
export function view({files, at, filing, person, words, root, jump, more}) {
  defineElements(words, {"parley-preview": PreviewElement})
  let [shown, here] = [files, at]
  const name = build("span", {class: "viewer-name", dir: "auto"})
  const about = build("span", {class: "viewer-about", role: "status"})
  const body = build("div", {class: "viewer-body"})
  const act = (/** @type {string} */ word, /** @type {string} */ symbol, /** @type {() => unknown} */ does) => {
    const button = build("button", {type: "button", class: "icon-button", "aria-label": words.say(word), title: words.say(word)}, icon(symbol))
    button.addEventListener("click", does)
    return button
  }
  const go = (/** @type {number} */ by) => show(here + by)
  const [previous, next] = [act("previous", "chevron-left", () => go(-1)), act("next", "chevron-right", () => go(1))]
  const close = act("close", "x", () => dialog.close())
  const jumping = jump && act("in_conversation", "message", () => {
    dialog.close()
    jump(shown[here])
  })
  const saving = act("download", "download", () => save(filing, shown[here]).catch(() => about.textContent = words.say("file_failed")))
  const tools = build("div", {class: "viewer-tools"}, previous, next, jumping ?? null, saving)
  const dialog = build("dialog", {class: "viewer"},
    build("div", {class: "viewer-head"}, build("div", {class: "viewer-lines"}, name, about), tools, close), body)
  /** @type {{button: HTMLElement, isFor: (file: Attachment) => boolean}[]} */
  let acts = []
  close.autofocus = true

  /** What only the staff may do comes when it is here. */
  async function furnish() {
    const {staffActs} = await import("./staff-acts.js")
    const failed = () => about.textContent = words.say("file_failed")
    acts = (await staffActs({person, filing, words, root: dialog})).map(({word, symbol, isFor, does}) => ({button: act(word, symbol, () => does(shown[here]).catch(failed)), isFor}))
    saving.before(...acts.map(({button}) => button))
    offer()
  }

  function offer() {
    for (const {button, isFor} of acts) button.hidden = !isFor(shown[here])
  }

  /** @param {number} place */
  async function show(place) {
    if (place === shown.length && more) shown = await more().catch(() => shown)
    if (!shown[place]) return
    here = place
    const file = shown[place]
    dialog.ariaLabel = file.name
    name.textContent = file.name
    about.textContent = [shown.length > 1 && `${place + 1}/${shown.length}`, aboutFile(file, words)].filter(Boolean).join(" · ")
    body.replaceChildren(Object.assign(/** @type {PreviewElement} */ (document.createElement("parley-preview")), {file, filing}))
    const isAlone = shown.length === 1 && !more
    previous.hidden = next.hidden = isAlone
    const [isFirst, isLast] = [place === 0, place === shown.length - 1 && !more]
    previous.ariaDisabled = String(isFirst)
    next.ariaDisabled = String(isLast)
    offer()
  }

  dialog.addEventListener("keydown", event => {
    const by = {ArrowLeft: -1, ArrowRight: 1}[event.key]
    const isAbove = /** @type {Element} */ (event.target).closest("dialog") !== dialog
    // A player's own arrows are its own.
    if (by && !isAbove && !/** @type {Element} */ (event.target).closest("parley-player, video, pre")) go(by)
    event.stopPropagation()
  })
  dialog.addEventListener("click", ({target}) => target === dialog && dialog.close())
  dialog.addEventListener("close", ({target}) => target === dialog && dialog.remove())
  root.append(dialog)
  show(here)
  dialog.showModal()
  if (person.permissions.includes("review_files")) furnish().catch(() => {})
}
