/** What stands where nothing is yet: what the place is for, and the one next step. */

import {build} from "./build.js"
import {icon} from "./icons.js"

/**
 * @param {{symbol?: string, title: string, text: string, tag?: "div" | "li"}} options
 */
export function emptyState({symbol = "message", title, text, tag = "div"}) {
  return build(tag, {class: "empty"},
    build("span", {class: "empty-symbol"}, icon(symbol, {size: 24})),
    build("p", {class: "empty-title"}, title),
    build("p", {class: "empty-text"}, text))
}
