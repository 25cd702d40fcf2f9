/** One conversation as this client knows it: what it is, how far it got, and the news that came too early. */

import {Timeline} from "./timeline.js"

/** @typedef {import("../wire.js").ConversationInfo} ConversationInfo */
/** @typedef {import("../wire.js").ConversationFrame} ConversationFrame */
/** @typedef {import("../wire.js").MessageFrame} MessageFrame */
/** @typedef {import("../wire.js").ReceiptFrame} ReceiptFrame */
/** @typedef {import("../wire.js").SyncEntry} SyncEntry */
/** @typedef {import("../wire.js").Message} Message */
/** @typedef {import("../wire.js").Member} Member */
/** @typedef {import("./timeline.js").Reach} Reach */
/** @typedef {MessageFrame | ConversationFrame} Change */

/** What it says of the conversation is as it stands now. @param {Conversation} conversation @param {Record<string, any>} said */
function stands(conversation, said) {
  conversation.info = {...conversation.info, ...said}
}

/**
 * What each event of a `conversation` frame does. One that is not here cannot be applied: sync brings its result.
 *
 * @type {Record<string, (conversation: Conversation, data: Record<string, any>) => void>}
 */
const EVENTS = {
  advanced() {},
  renamed(conversation, {title}) {
    conversation.info = {...conversation.info, title}
  },
  joined(conversation, {participant}) {
    conversation.timeline.addParticipant(participant)
  },
  left(conversation, {member, owner}) {
    conversation.leave(member, owner)
  },
  closed(conversation, {status}) {
    conversation.info = {...conversation.info, status}
  },
  reopened: stands,
  assigned(conversation, {participant, ...stands}) {
    if (participant) conversation.timeline.addParticipant(participant)
    conversation.info = {...conversation.info, ...stands}
    // It is in the queue no more: whoever takes no part in it hears no more of it.
    if (!conversation.timeline.mine) conversation.isOver = true
  },
  released: stands,
  resolved: stands,
  own: stands,
  started(conversation, {conversation: info}) {
    conversation.describe(info)
  },
  deleted(conversation) {
    conversation.isOver = true
  },
}

/** Muted till it is said otherwise is muted until a moment later. */
const FOR_GOOD = Date.UTC(9999, 0, 1) - 1
const NOTHING_CHOSEN = {archived: false, muted_until: null, notify: ""}

export class Conversation {
  /** @type {Map<number, Change>} */
  #held = new Map()
  #me
  #unreadBase
  #mentionsBase
  /** It is not mine to see any more: I have left, or it was deleted. */
  isOver = false

  /**
   * @param {Member} me
   * @param {ConversationInfo} info
   */
  constructor(me, info) {
    this.#me = me
    this.info = {...NOTHING_CHOSEN, ...info}
    this.version = 0
    this.receiptVersion = 0
    this.timeline = new Timeline(me)
    this.#unreadBase = info.unread_count ?? 0
    this.#mentionsBase = info.unread_mentions ?? 0
  }

  get id() {
    return this.info.id
  }

  /** @returns {import("../wire.js").Participant[]} */
  get participants() {
    return this.timeline.participants
  }

  /** @returns {Message | null} */
  get lastMessage() {
    return this.timeline.newest ?? this.info.last_message
  }

  get changedAt() {
    return this.lastMessage?.created_at ?? this.info.created_at
  }

  /** A group or a channel: what one person does is news for many. */
  get isCrowd() {
    return ["group", "channel"].includes(this.info.kind)
  }

  /** How far my newest message got; its readers are counted where many may be. @returns {Reach | null} */
  get reach() {
    const {reach} = this.timeline
    return reach && (this.isCrowd ? reach : {...reach, readers: []})
  }

  /** What is said where I take no part is not mine to read. */
  get unread() {
    return this.timeline.mine ? this.timeline.unread ?? this.#unreadBase : 0
  }

  /** How many of those mention me. */
  get unreadMentions() {
    return this.timeline.mine ? Math.min(this.unread, this.timeline.unreadMentions ?? this.#mentionsBase) : 0
  }

  get isHolding() {
    return this.#held.size > 0
  }

  /** How far the news are that wait here. */
  get ahead() {
    return Math.max(this.version, ...this.#held.keys())
  }

  /** @param {ConversationInfo} info */
  describe(info) {
    this.info = {...this.info, ...info}
    this.#unreadBase = info.unread_count ?? 0
    this.#mentionsBase = info.unread_mentions ?? 0
    this.timeline.setParticipants(info.participants)
  }

  /**
   * @param {string} member
   * @param {string | null} owner  whose it is now, if that has changed
   */
  leave(member, owner) {
    this.timeline.removeParticipant(member)
    if (owner) this.timeline.giveTo(owner)
    if (member === this.#me.id) this.isOver = true
  }

  /** @param {number} now */
  isMutedAt(now) {
    return Date.parse(this.info.muted_until ?? "") > now
  }

  get isClosed() {
    return this.info.kind === "channel" && this.info.status === "closed"
  }

  /** Done, until its client says something more. */
  get isResolved() {
    return this.info.kind === "support" && this.info.status === "closed"
  }

  /** In the queue: nobody serves it yet. */
  get isWaiting() {
    return this.info.kind === "support" && this.info.status === "open" && !this.info.assignee
  }

  /** I serve it. */
  get isMine() {
    return this.info.status === "open" && this.info.assignee?.id === this.#me.id
  }

  /**
   * The client's rule: next in line applies, ahead waits, behind is old news.
   *
   * @param {Change} change
   * @returns {"applied" | "held" | "old"}
   */
  receive(change) {
    if (change.version <= this.version) return "old"
    this.#held.set(change.version, change)
    return this.#drain() ? "applied" : "held"
  }

  /**
   * Takes what one entry of a sync answer says. It may be older than what frames brought meanwhile.
   *
   * @param {SyncEntry} entry
   * @param {boolean} fresh  whether the answer holds the newest page rather than the changes since
   */
  sync({conversation, messages, watermarks}, fresh) {
    const {isWaiting} = this
    if (conversation.version >= this.version) this.#catchUp(conversation, messages, fresh)
    this.timeline.setParticipants(this.#stillThere(conversation))
    this.timeline.moveWatermarks(watermarks ?? [])
    this.receiptVersion = Math.max(this.receiptVersion, conversation.receipt_version)
    // Of a manager it is asked for by name: that it was taken, nobody may have told.
    if (isWaiting && !this.isWaiting && !this.timeline.mine) this.isOver = true
    this.#drain()
  }

  /**
   * A message that answers my own command: known before its frame, which may never come.
   *
   * @param {Message} message
   */
  confirm(message) {
    this.timeline.put(message)
    if (message.version === this.version + 1) this.#advance(message.version, message)
    this.#drain()
  }

  /**
   * Watermarks are maxima, so they apply in any order, also those of a frame whose version is not new: that is how my
   * own devices hear what others do not. Only a complete row of versions moves the cursor.
   *
   * @param {ReceiptFrame} frame
   * @returns {"applied" | "ahead" | "old"}
   */
  receipt(frame) {
    this.timeline.moveWatermarks(frame.watermarks)
    if (frame.receipt_version <= this.receiptVersion) return "old"
    if (frame.receipt_version > this.receiptVersion + 1) return "ahead"
    this.receiptVersion = frame.receipt_version
    return "applied"
  }

  /** Cursors of another database: forget how far we were, keep what is on the screen until sync replaces it. */
  forget() {
    this.version = 0
    this.receiptVersion = 0
    this.#held.clear()
  }

  /**
   * @param {ConversationInfo} info
   * @param {Message[]} messages
   * @param {boolean} fresh
   */
  #catchUp(info, messages, fresh) {
    this.info = {...this.info, ...info}
    this.#unreadBase = info.unread_count ?? 0
    this.#mentionsBase = info.unread_mentions ?? 0
    if (fresh) this.timeline.replace(messages, info.seq)
    messages.forEach(message => this.timeline.put(message))
    this.timeline.advance(info.seq)
    this.version = info.version
  }

  /** @param {ConversationInfo} info */
  #stillThere(info) {
    return info.version >= this.version ? info.participants : this.participants
  }

  /** @returns {boolean} whether anything was applied */
  #drain() {
    for (const version of this.#held.keys()) if (version <= this.version) this.#held.delete(version)
    const next = this.#held.get(this.version + 1)
    if (!next || !this.#apply(next)) return false
    this.#held.delete(next.version)
    if (!this.isOver) this.#drain()
    return true
  }

  /**
   * @param {Change} change
   * @returns {boolean} false for news that this client does not understand
   */
  #apply(change) {
    if (change.type === "message") {
      if (change.event === "deleted") this.#uncount(change.message)
      this.timeline.put(change.message)
      this.#advance(change.version, change.message)
      return true
    }
    if (!Object.hasOwn(EVENTS, change.event)) return false
    EVENTS[change.event](this, change.data)
    this.#advance(change.version)
    return true
  }

  /**
   * Somebody took back what I have not read.
   *
   * @param {Message} message
   */
  #uncount(message) {
    const isUnread = message.seq > (this.timeline.mine?.read_seq ?? Infinity) && message.seq <= this.timeline.head
    if (isUnread && this.timeline.counts({...message, deleted_at: null})) this.#unreadBase = Math.max(0, this.#unreadBase - 1)
  }

  /**
   * @param {number} version
   * @param {Message} [message]
   */
  #advance(version, message) {
    this.version = version
    if (!message) return
    if (message.seq > this.timeline.head && message.kind !== "note" && !this.isMutedAt(FOR_GOOD)) this.info.archived = false
    const isNew = message.seq > this.timeline.head && this.timeline.counts(message)
    if (isNew) this.#unreadBase++
    if (isNew && this.timeline.isToMe(message)) this.#mentionsBase++
    this.timeline.advance(message.seq)
  }
}
