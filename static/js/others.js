/** The other people: who is here, who is typing, and what they hear of me. In every tab; the one that leads asks for all. */

import {Asking} from "./asking.js"
import {Presence} from "./store/presence.js"
import {Typing} from "./store/typing.js"
import {Typist} from "./store/typist.js"
import {firstOf, membersToWatch} from "./store/watching.js"
import {isSame, Wishes} from "./tabs/wishes.js"

/** @typedef {import("./wire.js").Frame} Frame */
/** @typedef {import("./wire.js").Presences} Presences */
/**
 * @typedef {object} Options
 * @property {import("./api.js").Api} api
 * @property {import("./line.js").Line} line
 * @property {import("./wire.js").Member} me
 * @property {import("./store/conversations.js").Conversations} store
 * @property {import("./tabs/tabs.js").Tabs} tabs
 */

/** A list that is being built up is watched once, not once for each row. */
const PAUSE_MS = 250

/** Announces `change`. */
export class Others extends EventTarget {
  #options
  #presence = new Presence()
  #typing = new Typing()
  #typist = new Typist((conversation, on) => this.#tellTyping({conversation, on}))
  #wishes
  #asking
  /** @type {string | null} */
  #open = null
  #openedAt = 0
  /** Shown beside the conversations. @type {string[]} */
  #listed = []
  /** @type {any} */
  #pause = null

  /** @param {Options} options */
  constructor(options) {
    super()
    this.#options = options
    this.#wishes = new Wishes(options.tabs)
    this.#asking = new Asking(options.line, this.#wishes, ({type, data}, answer) => this.#answered(type, data, answer))
    this.#listen(options)
  }

  start() {
    this.#wishes.start()
  }

  /** The page is left. If the browser brings it back as it was, it starts again. */
  leave() {
    this.#typist.stop()
    this.#wishes.stop()
  }

  stop() {
    clearTimeout(this.#pause)
    this.#pause = null
    for (const part of [this.#typist, this.#typing, this.#presence, this.#asking, this.#wishes]) part.stop()
  }

  /**
   * @param {string} member
   * @returns {import("./wire.js").PresenceOf | null} null is unknown
   */
  presenceOf(member) {
    return this.#presence.of(member)
  }

  /** Whether I look away to the others: in every tab. */
  get amAway() {
    return this.#wishes.all.away
  }

  /**
   * @param {import("./store/conversation.js").Conversation} conversation
   * @returns {(string | null)[]} names; null is somebody who takes no part yet
   */
  typistsIn({id, participants}) {
    const names = new Map(participants.map(({member}) => [member.id, member.name]))
    return this.#typing.in(id).map(member => names.get(member) ?? null)
  }

  /** @param {string | null} conversation  the one on the screen */
  open(conversation) {
    if (conversation === this.#open) return
    this.#typist.stop()
    this.#open = conversation
    this.#openedAt = Date.now()
    this.#lookSoon()
  }

  /** @param {string[]} members  whom a list of people shows, from the top */
  list(members) {
    if (isSame(members, this.#listed)) return
    this.#listed = members
    this.#lookSoon()
  }

  /**
   * A key was pressed.
   *
   * @param {string} draft  what is written by now
   */
  write(draft) {
    if (this.#open) this.#typist.write(this.#open, draft)
  }

  /** I write no more: sent, or turned to something else. */
  rest() {
    this.#typist.stop()
  }

  /** @param {boolean} away  nothing was done here for some time */
  turn(away) {
    this.#wishes.want({away})
  }

  /** @param {Options} options */
  #listen({line, store, tabs}) {
    line.addEventListener("state", () => this.#lineChanged())
    line.addEventListener("frame", event => this.#hear(/** @type {CustomEvent} */ (event).detail))
    line.addEventListener("polled", () => this.#poll())
    store.addEventListener("change", () => this.#lookSoon())
    store.addEventListener("gone", () => this.#lookSoon())
    tabs.hear("presence", members => this.#presence.answered(members))
    tabs.hear("typing", said => tabs.isLeader && this.#tellTyping(said))
    this.#wishes.addEventListener("change", () => this.#wishesChanged())
    this.#presence.addEventListener("change", () => this.#changed())
    this.#typing.addEventListener("change", () => this.#changed())
  }

  #lineChanged() {
    const {state, isPolling} = this.#options.line.status
    if (state !== "open" && !isPolling) this.#presence.lost()
  }

  #wishesChanged() {
    this.#passOn()
    this.#changed()
  }

  /** @param {Frame} frame */
  #hear(frame) {
    this.#typing.apply(frame)
    if (frame.type === "presence") this.#presence.apply(frame.members)
  }

  #lookSoon() {
    this.#pause ??= setTimeout(() => this.#look(), PAUSE_MS)
  }

  #look() {
    this.#pause = null
    const {store, me} = this.#options
    const open = this.#open ? store.get(this.#open) : null
    this.#wishes.want({
      members: firstOf([...this.#listed, ...membersToWatch(store.list(), open, me)]),
      conversations: open && !open.timeline.mine ? [open.id] : [],
      openedAt: this.#openedAt,
    })
  }

  /**
   * @param {string} type
   * @param {Record<string, any>} data
   * @param {Frame} answer
   */
  #answered(type, data, answer) {
    if (type === "presence.watch") this.#know(answer.members)
    // What was said before it was watched came to nobody.
    if (type === "conversation.watch" && data.on) this.#options.store.seek(data.conversation)
  }

  async #poll() {
    const {members, conversations} = this.#wishes.all
    conversations.forEach(id => this.#options.store.expect(id))
    if (!members.length) return
    const answer = this.#options.api.get("chat/conversations/presence/", {members: members.join(",")})
    await answer.then(known => this.#know(known.members), () => this.#presence.lost())
  }

  /** @param {Presences} members */
  #know(members) {
    this.#presence.answered(members)
    this.#passOn()
  }

  /** An answer is heard by the leader alone. */
  #passOn() {
    const {tabs} = this.#options
    if (tabs.isLeader && !this.#presence.isStale) tabs.post("presence", this.#presence.known)
  }

  /** @param {{conversation: string, on: boolean}} said */
  #tellTyping({conversation, on}) {
    const {api, line, tabs} = this.#options
    if (tabs.isFollower) tabs.post("typing", {conversation, on})
    else if (line.isOpen) line.tell("typing.set", {conversation, on})
    else if (line.isPolling) api.post(`chat/conversations/${conversation}/typing/`, {typing: on}).catch(() => {})
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"))
  }
}
