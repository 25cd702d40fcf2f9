/** A face for somebody without a picture: initials on a colour that stays theirs. */

import {faceOf, hueOf, initialsOf} from "../store/naming.js"
import {build} from "./build.js"
import {icon} from "./icons.js"

/** @param {{id: string, name: string}} who */
export function avatar({id, name}) {
  return build("span", {class: `avatar hue-${hueOf(id)}`, "aria-hidden": "true"}, initialsOf(name))
}

/**
 * A conversation of two has the other's face; more people have a sign.
 *
 * @param {import("../store/conversation.js").Conversation} conversation
 * @param {import("../wire.js").Member} me
 * @param {string} name  what it is called
 */
export function conversationAvatar(conversation, me, name) {
  const {id, kind} = conversation.info
  const shown = avatar(faceOf(conversation, me) ?? {id, name})
  if (kind === "channel" || kind === "group") shown.replaceChildren(icon(kind === "channel" ? "hash" : "users", {size: 18}))
  return shown
}
