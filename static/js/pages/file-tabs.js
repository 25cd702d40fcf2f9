/** The way between the pages about files: what waits, and figures for whoever manages. */

import {build} from "../elements/build.js"

const PAGES = [["/chat/files/", "files_to_review", "review_files"], ["/chat/files/figures/", "figures", "see_every_conversation"]]

/**
 * @param {import("./boot.js").Boot} boot
 * @param {import("../words.js").Words} words
 */
export function tabsOf({organisation, permissions}, words) {
  const mine = PAGES.filter(([, , permission]) => permissions.includes(permission))
  if (mine.length < 2) return []
  return mine.map(([path, word]) => build("a", {href: `${path}?organisation=${encodeURIComponent(organisation.slug)}`, "aria-current": path === location.pathname && "page"}, words.say(word)))
}
