/** A dialog with who has read a file, the newest first, page by page as one goes down. */

import {avatar} from "./avatar.js"
import {build} from "./build.js"
import {openDialog} from "./dialog.js"
import {emptyState} from "./empty.js"
import {icon} from "./icons.js"
import {aboutLink} from "./share.js"

/** @typedef {import("../wire.js").FileAccess} FileAccess */
/** @typedef {import("../wire.js").ShareLink} ShareLink */
/** @typedef {import("../words.js").Words} Words */

const PAGE = 50
const NEAR = "300px 0px"

/** @param {{file: import("../wire.js").Attachment, filing: import("../filing.js").Filing, words: Words, root: Element}} options */
export function showAccesses({file, filing, words, root}) {
  const list = build("ul", {class: "accesses", "aria-label": words.say("readers_list")})
  const end = build("div", {class: "accesses-end"})
  const body = build("div", {class: "accesses-body", tabindex: "0", role: "region", "aria-label": words.say("readers_list")}, list, end)
  /** @type {string | null} */
  let cursor = ""
  let isBusy = false
  /** Those that hold: what has ended is not told of any more. @type {Map<string, ShareLink>} */
  let links = new Map()

  const more = async () => {
    if (isBusy || cursor === null) return
    isBusy = true
    body.ariaBusy = "true"
    near.unobserve(end)
    try {
      if (cursor === "") links = new Map((await filing.links(file.id).catch(() => [])).map(link => [link.id, link]))
      const {results, next} = await filing.accesses(file.id, {cursor, limit: PAGE})
      cursor = next
      list.append(...results.map(one => accessRow(one, links, words)))
      end.replaceChildren(...list.firstChild ? [] : [emptyState({symbol: "eye", title: words.say("readers_none"), text: words.say("readers_none_text")})])
      if (next) near.observe(end)
    } catch {
      const again = build("button", {type: "button", class: "button"}, words.say("try_again"))
      again.addEventListener("click", more)
      end.replaceChildren(build("p", {class: "form-error", role: "alert"}, words.say("readers_failed")), again)
    }
    isBusy = false
    body.ariaBusy = "false"
  }
  openDialog({title: words.say("readers_of", {name: file.name}), kind: "readers-dialog", words, root, parts: [body], closed: () => near.disconnect()})
  const near = new IntersectionObserver(([{isIntersecting}]) => isIntersecting && more(), {root: body, rootMargin: NEAR})
  more()
}

/**
 * @param {FileAccess} access
 * @param {Map<string, ShareLink>} links
 * @param {Words} words
 */
function accessRow({member, link, mode, at}, links, words) {
  const known = link && links.get(link)
  const name = member ? member.name : words.say("readers_by_link")
  const about = member ? words.say(`role_${member.role}`) : known ? aboutLink(known, words) : words.say("readers_link_ended")
  return build("li", {class: "access"},
    member ? avatar(member) : build("span", {class: "link-symbol"}, icon("link", {size: 18})),
    build("span", {class: "file-lines"}, build("span", {class: "file-name", dir: "auto"}, name), build("span", {class: "file-about"}, about)),
    build("span", {class: "access-what"},
      build("span", {class: "access-mode"}, icon(mode === "view" ? "eye" : "download", {size: 16}), words.say(`readers_${mode}`)),
      build("time", {class: "file-about", datetime: at, title: words.exact(at)}, words.ago(at))))
}
