/** One conversation's messages by seq, with the copies that are still on their way. Pure: no clock, no network. */

import {arrivedItem, keyOf, pendingItem} from "./items.js"
import {Pins} from "./pins.js"
import {readersOf} from "./ticks.js"

/** @typedef {import("../wire.js").Message} Message */
/** @typedef {import("../wire.js").Member} Member */
/** @typedef {import("../wire.js").Participant} Participant */
/** @typedef {import("../wire.js").Watermark} Watermark */
/** @typedef {import("../wire.js").Sending} Sending */
/** @typedef {import("./items.js").Item} Item */
/** @typedef {import("./wish.js").Wish} Wish */
/** @typedef {{key: string, readers: Member[], of: number}} Reach  how far one message got, named by its item's key */

export class Timeline {
  #me
  /** @type {Map<number, Message>} */
  #messages = new Map()
  /** What became of messages below the loaded part. @type {Map<number, Message>} */
  #below = new Map()
  /** What I have asked to become of them, by message. @type {Map<string, Wish>} */
  #wishes = new Map()
  #pins = new Pins()
  /** @type {Map<string, Sending>} */
  #pending = new Map()
  /** @type {Map<string, Participant>} */
  #participants = new Map()
  /** The oldest seq that is known here; everything from it on is known. */
  #floor = 1
  /** The newest seq that arrived in order: what may be called delivered. */
  #head = 0

  /** @param {Member} me */
  constructor(me) {
    this.#me = me
  }

  get head() {
    return this.#head
  }

  get floor() {
    return this.#floor
  }

  get hasOlder() {
    return this.#floor > 1
  }

  get participants() {
    return [...this.#participants.values()]
  }

  /** My own participation; staff may see a conversation that they take no part in. */
  get mine() {
    return this.#participants.get(this.#me.id) ?? null
  }

  /** The newest message that has arrived. What the staff notes is not what a conversation has come to. */
  get newest() {
    return [...this.#messages.values()].reduce((/** @type {Message | null} */ newest, one) => one.kind === "note" || newest && newest.seq > one.seq ? newest : one, null)
  }

  /** The newest seq of somebody else: what a receipt would be about. */
  get newestOfOthers() {
    const seqs = [...this.#messages.values()].filter(message => this.#fromOthers(message)).map(message => message.seq)
    return Math.max(0, ...seqs.filter(seq => seq <= this.#head))
  }

  /**
   * Takes the newest page in place of all that was known.
   *
   * @param {Message[]} messages
   * @param {number} seq  the conversation's newest seq
   */
  replace(messages, seq) {
    for (const known of this.#messages.keys()) if (known <= seq) this.#messages.delete(known)
    this.#below.clear()
    this.#pins.forget()
    this.#floor = messages.length ? Math.min(...messages.map(message => message.seq)) : seq + 1
    messages.forEach(message => this.put(message))
    this.#head = seq
  }

  /**
   * Takes a page of older messages; an empty one means that the beginning is reached.
   *
   * @param {Message[]} messages
   */
  prepend(messages) {
    this.#floor = messages.length ? Math.min(this.#floor, ...messages.map(message => message.seq)) : 1
    messages.forEach(message => this.put(message))
    // A page may have been read before the news came of what is on it.
    const arrived = [...this.#below.values()].filter(({seq}) => seq >= this.#floor)
    arrived.forEach(message => this.put(message))
  }

  /**
   * Takes the present state of a message. What is older than the loaded part is left for paging, else there would be
   * a hole that looks like silence; but those who quote it say what it says now.
   *
   * @param {Message} message
   */
  put(message) {
    if (message.client_id && message.sender.id === this.#me.id) this.#pending.delete(message.client_id)
    // Whoever says something has it, and no receipt is sent about that.
    if (message.kind !== "note") this.moveWatermarks([[message.sender.id, message.seq, 0]])
    this.#pins.put(message)
    const place = message.seq < this.#floor ? this.#below : this.#messages
    const known = place.get(message.seq)
    if (!known || known.version < message.version) place.set(message.seq, message)
  }

  /** @param {number} seq */
  advance(seq) {
    this.#head = Math.max(this.#head, seq)
  }

  /** @param {Sending[]} sendings  every one of this conversation that is not answered yet */
  setPending(sendings) {
    const known = new Set([...this.#messages.values()].filter(({sender}) => sender.id === this.#me.id)
      .map(message => message.client_id))
    this.#pending = new Map(sendings.filter(({client_id}) => !known.has(client_id)).map(one => [one.client_id, one]))
  }

  /** @param {Participant[]} participants */
  setParticipants(participants) {
    const before = this.#participants
    this.#participants = new Map(participants.map(one => [one.member.id, ahead(one, before.get(one.member.id))]))
  }

  /** @param {Participant} participant */
  addParticipant(participant) {
    this.#participants.set(participant.member.id, ahead(participant, this.#participants.get(participant.member.id)))
  }

  /** @param {string} member */
  removeParticipant(member) {
    this.#participants.delete(member)
  }

  /** @param {string} member  who owns it from now on */
  giveTo(member) {
    const known = this.#participants.get(member)
    if (known) this.#participants.set(member, {...known, role: "owner"})
  }

  /** @param {Watermark[]} watermarks */
  moveWatermarks(watermarks) {
    for (const [member, delivered_seq, read_seq] of watermarks) {
      const known = this.#participants.get(member)
      if (known) this.#participants.set(member, ahead(known, {...known, delivered_seq, read_seq}))
    }
  }

  /**
   * How much of what others said a participant has not read, as far as it is loaded.
   *
   * @param {Participant} participant
   */
  unreadBy({member, read_seq}) {
    const others = [...this.#messages.values()].filter(({sender, kind}) => sender.id !== member.id && kind === "text")
    return others.filter(({seq, deleted_at}) => seq > read_seq && !deleted_at).length
  }

  /** Messages of others after my read watermark, or null when that cannot be known from here. */
  get unread() {
    return this.#unread?.length ?? null
  }

  /** Those of them that mention me. */
  get unreadMentions() {
    return this.#unread?.filter(message => this.isToMe(message)).length ?? null
  }

  get #unread() {
    const read = this.mine?.read_seq
    if (read === undefined || this.#floor > read + 1) return null
    return [...this.#messages.values()].filter(message => message.seq > read && this.counts(message))
  }

  /** @param {Message} message */
  isToMe({mentions = []}) {
    return mentions.some(({member}) => member === this.#me.id)
  }

  /** How far my newest message got. @returns {Reach | null} null where I have said nothing yet */
  get reach() {
    const mine = [...this.#messages.values()].filter(one => !this.#fromOthers(one) && one.kind === "text" && !one.deleted_at)
    const [newest = null] = mine.sort((a, b) => b.seq - a.seq)
    return newest && {key: keyOf(newest), ...readersOf(newest, this.#others)}
  }

  /** @returns {Item[]} in the order a person reads them */
  items() {
    const around = this.#around()
    const arrived = [...this.#messages.values()].sort((a, b) => a.seq - b.seq)
    return [
      ...arrived.map(message => arrivedItem(message, this.#wishes.get(message.id), around)),
      ...[...this.#pending.values()].map(sending => pendingItem(sending, around)),
    ]
  }

  /** @param {string} id */
  has(id) {
    return [...this.#messages.values()].some(message => message.id === id)
  }

  /** @returns {Item[]} the one that was pinned last first */
  get pinned() {
    const around = this.#around()
    return this.#pins.all.map(message => arrivedItem(around.find(message.id) ?? message, undefined, around)).filter(({pinned}) => pinned)
  }

  /** Whether all that are pinned are known. */
  get hasPins() {
    return this.#pins.isComplete
  }

  /** @param {Message[]} messages  all that are pinned */
  setPins(messages) {
    this.#pins.replace(messages)
    for (const known of [...this.#below.values(), ...this.#messages.values()]) this.#pins.put(known)
  }

  /**
   * @param {string} id
   * @param {Wish | null} wish
   */
  wish(id, wish) {
    if (wish) this.#wishes.set(id, wish)
    else this.#wishes.delete(id)
  }

  /** @returns {import("./items.js").Around} */
  #around() {
    const all = [...this.#below.values(), ...this.#messages.values()]
    const byId = new Map(all.map(message => [message.id, message]))
    const people = [...all.map(({sender}) => sender), ...this.participants.map(({member}) => member)]
    const names = new Map(people.map(({id, name}) => [id, name]))
    return {me: this.#me, others: this.#others, find: id => byId.get(id), nameOf: id => names.get(id)}
  }

  /** Every participant but me. */
  get #others() {
    return this.participants.filter(({member}) => member.id !== this.#me.id)
  }

  /**
   * Whether a message adds to what is unread.
   *
   * @param {Message} message
   */
  counts(message) {
    return this.#fromOthers(message) && message.kind !== "system" && !message.deleted_at
  }

  /** @param {Message} message */
  #fromOthers(message) {
    return message.sender?.id !== this.#me.id
  }
}

/**
 * Watermarks only ever move forward, whatever order the news comes in.
 *
 * @param {Participant} one
 * @param {Participant | undefined} other
 * @returns {Participant}
 */
function ahead(one, other) {
  if (!other) return one
  return {
    ...one,
    delivered_seq: Math.max(one.delivered_seq, other.delivered_seq),
    read_seq: Math.max(one.read_seq, other.read_seq),
  }
}
