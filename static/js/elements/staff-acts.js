/** What the staff does with one file in the viewer: links to it, who has read it, its category and tags. Loaded for them alone. */

import galleryWords from "../words/gallery.js"
import staffWords from "../words/staff-files.js"
import {addIcons} from "./icons.js"
import {adopt} from "./sheet.js"

/** @typedef {import("../wire.js").Attachment} Attachment */
/** @typedef {{word: string, symbol: string, isFor: (file: Attachment) => boolean, does: (file: Attachment) => Promise<unknown>}} Act */

addIcons({
  "link": ["M10 13a5 5 0 0 0 7.54.54l3-3a5 5 0 0 0-7.07-7.07l-1.72 1.71", "M14 11a5 5 0 0 0-7.54-.54l-3 3a5 5 0 0 0 7.07 7.07l1.71-1.71"],
  "tag": ["M12.586 2.586A2 2 0 0 0 11.172 2H4a2 2 0 0 0-2 2v7.172a2 2 0 0 0 .586 1.414l8.704 8.704a2.426 2.426 0 0 0 3.42 0l6.58-6.58a2.426 2.426 0 0 0 0-3.42z", "M7.5 7.5h.01"],
})

/**
 * @param {{person: import("../store/rights.js").Person, filing: import("../filing.js").Filing, words: import("../words.js").Words, root: Element}} options
 * @returns {Promise<Act[]>}
 */
export async function staffActs({person: {me, permissions}, filing, words, root}) {
  await equip(root, words)
  const may = (/** @type {string} */ permission) => permissions.includes(permission)
  return [
    {
      word: "share", symbol: "link", isFor: ({state}) => may("share_files") && state === "approved",
      does: async file => (await import("./share.js")).showShare({file, filing, words, root, me: me.id}),
    },
    {
      word: "readers", symbol: "users", isFor: () => may("review_files"),
      does: async file => (await import("./access-log.js")).showAccesses({file, filing, words, root}),
    },
    {
      word: "organise", symbol: "tag", isFor: () => may("review_files"),
      does: async ({id}) => (await import("./organising.js")).showOrder({file: await filing.info(id), filing, words, root}),
    },
  ]
}

/**
 * @param {Element} root
 * @param {import("../words.js").Words} words
 */
export async function equip(root, words) {
  await adopt(root, "staff-files.css")
  for (const dictionaries of [galleryWords, staffWords]) words.learn(dictionaries)
}
