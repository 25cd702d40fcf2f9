/** How somebody is: a dot for the eye, whose shape says the same as its colour, and words for everybody. */

import {build} from "./build.js"

/** @typedef {import("../wire.js").PresenceOf} PresenceOf */
/** @typedef {import("../words.js").Words} Words */

/**
 * @param {PresenceOf | null} presence
 * @param {Words} words
 * @returns {string} "" where it is not known
 */
export function presenceWords(presence, words) {
  if (!presence) return ""
  const {state, last_seen_at: seen} = presence
  return state === "offline" && seen ? words.say("last_seen", {ago: words.ago(seen)}) : words.say(`presence_${state}`)
}

/**
 * Puts somebody's dot on their face. The words belong beside it.
 *
 * @param {Node} face
 * @param {PresenceOf | null} presence
 */
export function withPresence(face, presence) {
  return build("span", {class: "face"}, face, presence && build("span", {class: `dot ${presence.state}`}))
}
