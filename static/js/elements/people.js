/** `<parley-people>`: who takes part in a conversation, and how far each has read. */

import {avatar} from "./avatar.js"
import {Base, build} from "./build.js"

/** @typedef {import("../store/conversation.js").Conversation} Conversation */
/** @typedef {import("../wire.js").Member} Member */
/** @typedef {import("../wire.js").Participant} Participant */
/** @typedef {import("../words.js").Words} Words */

export class PeopleElement extends Base {
  /** @type {Words | null} */
  words = null

  /**
   * @param {Conversation} conversation
   * @param {Member} me
   */
  show({participants, timeline}, me) {
    const rows = participants.map(one => this.#row(one, me, timeline))
    this.replaceChildren(build("ul", {class: "people"}, ...rows))
  }

  /**
   * @param {Participant} participant
   * @param {Member} me
   * @param {import("../store/timeline.js").Timeline} timeline
   */
  #row(participant, me, timeline) {
    const {member} = participant
    const words = /** @type {Words} */ (this.words)
    const isMe = member.id === me.id
    const behind = timeline.unreadBy(participant)
    const read = behind ? words.say("unseen", {count: behind}) : words.say("seen_all")
    return build("li", {class: "person"},
      avatar(member),
      build("span", {class: "person-name", dir: "auto"}, isMe ? `${member.name} (${words.say("you").toLocaleLowerCase()})` : member.name),
      build("span", {class: "person-role"}, words.say(`role_${member.role}`)),
      !isMe && timeline.head > 0 && build("span", {class: behind ? "person-read" : "person-read all"}, read))
  }
}
