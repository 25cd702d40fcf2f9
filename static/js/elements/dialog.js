/** A dialog with a title and a way out: what is below hears nothing of its keys, and a click beside it closes it. */

import {build} from "./build.js"
import {icon} from "./icons.js"

/**
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.kind  its class
 * @param {import("../words.js").Words} options.words
 * @param {Element} options.root  where it is put
 * @param {(Node | null)[]} options.parts  below the title
 * @param {() => void} [options.closed]
 */
export function openDialog({title, kind, words, root, parts, closed}) {
  const close = build("button", {type: "button", class: "icon-button", "aria-label": words.say("close"), title: words.say("close")}, icon("x"))
  const dialog = build("dialog", {class: `file-dialog ${kind}`, "aria-label": title},
    build("div", {class: "viewer-head"}, build("h2", {class: "viewer-name", dir: "auto"}, title), close), ...parts)
  close.autofocus = true
  close.addEventListener("click", () => dialog.close())
  dialog.addEventListener("keydown", event => event.stopPropagation())
  dialog.addEventListener("click", ({target}) => target === dialog && dialog.close())
  dialog.addEventListener("close", event => {
    // One that is opened from it closes by itself.
    if (event.target !== dialog) return
    dialog.remove()
    closed?.()
  })
  root.append(dialog)
  dialog.showModal()
  return dialog
}
