/** How it was, as a face: 1 is bad, 5 is excellent. Decoration: its word stands beside it. */

import {addIcons, icon} from "./icons.js"

const HEAD = "M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20"
const EYES = ["M9 9h.01", "M15 9h.01"]

addIcons({
  "face-1": [HEAD, ...EYES, "M8 16.5s1.5-2.5 4-2.5 4 2.5 4 2.5", "M7.5 7 10 8", "M16.5 7 14 8"],
  "face-2": [HEAD, ...EYES, "M16 16s-1.5-2-4-2-4 2-4 2"],
  "face-3": [HEAD, ...EYES, "M8 15h8"],
  "face-4": [HEAD, ...EYES, "M8 14s1.5 2 4 2 4-2 4-2"],
  "face-5": [HEAD, ...EYES, "M7.5 13h9a4.5 4.5 0 0 1-9 0"],
})

/** @param {number} score @param {number} [size] */
export const faces = (score, size = 24) => icon(`face-${score}`, {size})
