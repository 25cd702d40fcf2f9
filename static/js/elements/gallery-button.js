/** What opens all files of a conversation: made where there is something to open. */

import {announce, build} from "./build.js"
import {icon} from "./icons.js"

/** @typedef {import("./gallery.js")} Gallery */

/**
 * @param {Parameters<Gallery["openGallery"]>[0]} timeline
 * @param {() => {id: string, name: string} | null} conversation  the one on the screen
 */
export function galleryButton(timeline, conversation) {
  const label = timeline.words?.say("files_shared") ?? ""
  const button = build("button", {type: "button", class: "icon-button gallery-button", "aria-label": label, title: label, "aria-haspopup": "dialog"}, icon("paperclip"))
  button.addEventListener("click", async () => {
    const here = conversation()
    if (!here) return
    button.ariaBusy = "true"
    const loaded = await import("./gallery.js").catch(() => null)
    await loaded?.openGallery(timeline, here).catch(() => {})
    button.ariaBusy = "false"
    announce(button, "gallery:opened")
  })
  return button
}
