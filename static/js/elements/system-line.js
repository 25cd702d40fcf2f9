/** What the system says, in the reader's language. */

/** @typedef {import("../words.js").Words} Words */

/**
 * @param {{sender: import("../wire.js").Member, body: string, system?: import("../wire.js").SystemNews | null}} message
 * @param {Words} words
 * @returns {string} the message's own text where it tells of something that is not known here
 */
export function systemText({sender, body, system}, words) {
  const {event = "", member, title = ""} = system ?? {}
  const isOwn = !member || member.id === sender.id
  return words.say(isOwn ? `system_${event}` : `system_${event}_by`, {who: sender.name, whom: member?.name ?? "", title}) || body
}
