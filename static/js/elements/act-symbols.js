/** What stands for an act of the staff, in the palette and on its button. */

import {addIcons} from "./icons.js"

/** @type {Record<string, string>} */
export const SYMBOLS = {new: "plus", note: "lock", take: "user-check", resolve: "check", release: "undo", assign: "user-plus", write: "reply", read: "check-check", archive: "archive", mute: "bell-off", files: "paperclip", find: "search", details: "panel-right", requests: "clipboard", help: "keyboard"}

addIcons({
  "clipboard": ["M9 2h6a1 1 0 0 1 1 1v2a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1", "M16 4h2a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h2", "M12 11h4", "M12 16h4", "M8 11h.01", "M8 16h.01"],
  "keyboard": ["M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2", "M10 8h.01", "M12 12h.01", "M14 8h.01", "M16 12h.01", "M18 8h.01", "M6 8h.01", "M7 16h10", "M8 12h.01"],
  "undo": ["M9 14 4 9l5-5", "M4 9h10.5a5.5 5.5 0 0 1 0 11H11"],
  "user-check": ["M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2", "M9 3a4 4 0 1 0 0 8 4 4 0 1 0 0-8", "m16 11 2 2 4-4"],
})
