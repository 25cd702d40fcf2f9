/** `<parley-people>`: who takes part in a conversation, how they are, and how far each has read. */

import {avatar} from "./avatar.js"
import {Base, build} from "./build.js"
import {presenceWords, withPresence} from "./presence.js"

/** @typedef {import("../store/conversation.js").Conversation} Conversation */
/** @typedef {import("../wire.js").Member} Member */
/** @typedef {import("../wire.js").Participant} Participant */
/** @typedef {import("../wire.js").PresenceOf} PresenceOf */
/** @typedef {import("../words.js").Words} Words */

export class PeopleElement extends Base {
  /** @type {Words | null} */
  words = null

  /**
   * @param {Conversation} conversation
   * @param {Member} me
   * @param {(member: string) => PresenceOf | null} presenceOf
   */
  show({participants, timeline}, me, presenceOf) {
    const rows = participants.map(one => this.#row(one, me, timeline, presenceOf(one.member.id)))
    this.replaceChildren(build("ul", {class: "people"}, ...rows))
  }

  /**
   * @param {Participant} participant
   * @param {Member} me
   * @param {import("../store/timeline.js").Timeline} timeline
   * @param {PresenceOf | null} presence
   */
  #row(participant, me, timeline, presence) {
    const {member} = participant
    const words = /** @type {Words} */ (this.words)
    const isMe = member.id === me.id
    const behind = timeline.unreadBy(participant)
    const read = behind ? words.say("unseen", {count: behind}) : words.say("seen_all")
    return build("li", {class: "person"},
      withPresence(avatar(member), presence),
      build("span", {class: "person-name", dir: "auto"}, isMe ? `${member.name} (${words.say("you").toLocaleLowerCase()})` : member.name),
      build("span", {class: "person-role"}, [words.say(`role_${member.role}`), presenceWords(presence, words)].filter(Boolean).join(" · ")),
      !isMe && timeline.head > 0 && build("span", {class: behind ? "person-read" : "person-read all"}, read))
  }
}
