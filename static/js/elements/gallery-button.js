/** What opens all files of a conversation: made where there is something to open. */

import {build} from "./build.js"
import {icon} from "./icons.js"

/**
 * @param {HTMLElement & {words: import("../words.js").Words | null, source: import("./files.js").Source | null}} timeline
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
  })
  return button
}
