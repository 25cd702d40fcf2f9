/** All conversations this client knows, kept true by frames and sync answers. No DOM. */

import {Conversation} from "./conversation.js"

/** @typedef {import("../wire.js").Cursors} Cursors */
/** @typedef {import("../wire.js").Frame} Frame */
/** @typedef {import("../wire.js").Member} Member */
/** @typedef {import("../wire.js").Message} Message */
/** @typedef {import("../wire.js").SyncAnswer} SyncAnswer */
/** @typedef {import("../wire.js").SyncEntry} SyncEntry */

const HOLD_MS = 250

/**
 * Announces `change` ({ids}), `arrived` (a Message of somebody else, new and live), `gone` ({id, assignee}), and `behind` when
 * only a sync can help.
 */
export class Conversations extends EventTarget {
  #me
  #holdMs
  /** @type {Map<string, Conversation>} */
  #known = new Map()
  /** @type {any} */
  #holdTimer = null
  /** @type {string | null} */
  #epoch = null
  /** Conversations that exist, as was said, and are not known here. @type {Set<string>} */
  #missing = new Set()
  /** Conversations that have ended for me, and the version in which I was told. @type {Map<string, number>} */
  #over = new Map()

  /** @type {Record<string, (frame: any) => void>} */
  #appliers = {
    message: frame => this.#change(frame),
    conversation: frame => this.#change(frame),
    receipt: frame => this.#receipt(frame),
    heads: frame => this.#heads(frame.cursors),
    sync: frame => this.#sync(frame),
    welcome: frame => this.#welcome(frame),
  }

  /**
   * @param {Member} me
   * @param {{holdMs?: number}} [options]
   */
  constructor(me, {holdMs = HOLD_MS} = {}) {
    super()
    this.#me = me
    this.#holdMs = holdMs
  }

  /** @param {Frame} frame  frames of types that are not about conversations are left alone */
  apply(frame) {
    if (Object.hasOwn(this.#appliers, frame.type)) this.#appliers[frame.type](frame)
  }

  /**
   * The message that answered my own command.
   *
   * @param {Message} message
   */
  confirm(message) {
    const conversation = this.#known.get(message.conversation)
    if (!conversation) return this.#announce("behind")
    conversation.confirm(message)
    if (conversation.isOver) this.#end(conversation)
    this.#changed(message.conversation)
  }

  /** @param {string} id */
  get(id) {
    return this.#known.get(id) ?? null
  }

  /** @returns {Conversation[]} newest first */
  list() {
    return [...this.#known.values()].sort((a, b) => b.changedAt.localeCompare(a.changedAt) || b.id.localeCompare(a.id))
  }

  /**
   * @param {string} id
   * @returns {Member | null} somebody who takes part in one of them
   */
  member(id) {
    for (const {participants} of this.#known.values()) {
      const found = participants.find(({member}) => member.id === id)
      if (found) return found.member
    }
    return null
  }

  get unread() {
    return this.unreadBut()
  }

  /** Of what is not put away. @param {string} [id]  of another conversation than this */
  unreadBut(id) {
    return this.list().filter(one => one.id !== id && !one.info.archived).reduce((sum, {unread}) => sum + unread, 0)
  }

  /** @returns {Cursors} */
  cursors() {
    const live = this.list().filter(({version}) => version > 0)
    const missing = [...this.#missing].map(id => /** @type {const} */ ([id, [0, 0]]))
    return Object.fromEntries([...missing, ...live.map(one => [one.id, [one.version, one.receiptVersion]])])
  }

  /** @returns {Record<string, [number, number]>} my own watermarks, which the server may have missed */
  watermarks() {
    const mine = this.list().map(({id, timeline}) => ({id, marks: timeline.mine})).filter(({marks}) => marks !== null)
    return Object.fromEntries(mine.map(({id, marks}) => [id, [marks?.delivered_seq ?? 0, marks?.read_seq ?? 0]]))
  }

  /**
   * A conversation that exists, as far as is known elsewhere: the next sync asks for it by name.
   *
   * @param {string} id
   */
  expect(id) {
    if (!this.#known.has(id)) this.#missing.add(id)
  }

  /**
   * There may be news of it that nobody told.
   *
   * @param {string} id
   */
  seek(id) {
    this.expect(id)
    this.#announce("behind")
  }

  /**
   * My own watermarks move here at once; the server hears of it by a receipt.
   *
   * @param {string} id
   * @param {{delivered: number, read: number}} marks
   */
  mark(id, {delivered, read}) {
    this.get(id)?.timeline.moveWatermarks([[this.#me.id, delivered, read]])
    this.#changed(id)
  }

  /**
   * @param {string} id
   * @param {Message[]} messages
   */
  prepend(id, messages) {
    this.get(id)?.timeline.prepend(messages)
    this.#changed(id)
  }

  /**
   * @param {string} id
   * @param {Message[]} messages  all that are pinned, the one that was pinned last first
   */
  setPins(id, messages) {
    this.get(id)?.timeline.setPins(messages)
    this.#changed(id)
  }

  /**
   * What I have asked for shows before it is so.
   *
   * @param {string} id
   * @param {string} message
   * @param {import("./wish.js").Wish | null} wish  null takes it back
   */
  wish(id, message, wish) {
    this.get(id)?.timeline.wish(message, wish)
    this.#changed(id)
  }

  /**
   * @param {string} id
   * @param {import("../wire.js").Sending[]} sendings
   */
  setPending(id, sendings) {
    this.get(id)?.timeline.setPending(sendings)
    this.#changed(id)
  }

  /** @param {import("../wire.js").MessageFrame | import("../wire.js").ConversationFrame} frame */
  #change(frame) {
    const conversation = this.#known.get(frame.conversation)
    if (!conversation) return this.#isOver(frame) ? undefined : this.#announce("behind")
    const result = conversation.receive(frame)
    if (conversation.isHolding) this.#hold()
    if (result === "applied") this.#applied(frame)
  }

  /** @param {import("../wire.js").MessageFrame | import("../wire.js").ConversationFrame} frame */
  #applied(frame) {
    const conversation = /** @type {Conversation} */ (this.#known.get(frame.conversation))
    if (conversation.isOver) return this.#end(conversation)
    this.#changed(frame.conversation)
    if (frame.type !== "message" || frame.event !== "created") return
    if (conversation.timeline.counts(frame.message) && !conversation.isMutedAt(Date.now())) this.#announce("arrived", frame.message)
  }

  /** @param {Conversation} conversation */
  #end({id, version, ahead}) {
    this.#over.set(id, version)
    this.#forget(id)
    // It has begun again for me.
    if (ahead > version + 1) this.#announce("behind")
  }

  /**
   * The last that I am told of a conversation is the line in its timeline which says so.
   *
   * @param {{conversation: string, version: number}} frame
   */
  #isOver({conversation, version}) {
    return version <= (this.#over.get(conversation) ?? -1) + 1
  }

  /** @param {import("../wire.js").ReceiptFrame} frame */
  #receipt(frame) {
    const conversation = this.#known.get(frame.conversation)
    if (!conversation) return this.#announce("behind")
    if (conversation.receipt(frame) === "ahead") this.#hold()
    this.#changed(frame.conversation)
  }

  /** @param {Cursors} cursors */
  #heads(cursors) {
    const behind = Object.entries(cursors).filter(([id, [version, receiptVersion]]) => {
      const mine = this.#known.get(id)
      return !mine || version > mine.version || receiptVersion > mine.receiptVersion
    })
    behind.forEach(([id]) => this.expect(id))
    if (behind.length) this.#announce("behind")
  }

  /** @param {import("../wire.js").WelcomeFrame} frame */
  #welcome({epoch, sync}) {
    this.#sync({...sync, epoch})
  }

  /** @param {SyncAnswer} answer */
  #sync({epoch, conversations, gone}) {
    if (this.#isAnotherDatabase(epoch)) return this.#startAnew()
    conversations.forEach(entry => this.#syncOne(entry))
    gone.forEach(id => this.#forget(id))
    const ids = conversations.map(({conversation}) => conversation.id)
    if (ids.length) this.#announce("change", {ids})
    if (this.#isHolding) this.#hold()
  }

  /** @param {string} [epoch] */
  #isAnotherDatabase(epoch) {
    const before = this.#epoch
    this.#epoch = epoch ?? before
    return before !== null && before !== this.#epoch
  }

  /** Answers to the cursors of another database mean nothing. */
  #startAnew() {
    for (const conversation of this.#known.values()) conversation.forget()
    this.#announce("behind")
  }

  /** @param {SyncEntry} entry */
  #syncOne(entry) {
    const {id} = entry.conversation
    const known = this.#known.get(id) ?? new Conversation(this.#me, entry.conversation)
    this.#known.set(id, known)
    this.#missing.delete(id)
    this.#over.delete(id)
    known.sync(entry, entry.limited || known.version === 0)
    if (known.isOver) this.#end(known)
  }

  /** @param {string} id */
  #forget(id) {
    this.#missing.delete(id)
    const known = this.#known.get(id)
    if (this.#known.delete(id)) this.#announce("gone", {id, assignee: known?.info.assignee ?? null})
  }

  get #isHolding() {
    return [...this.#known.values()].some(conversation => conversation.isHolding)
  }

  /** What is missing is probably on its way; if it is not here soon, ask. */
  #hold() {
    if (this.#holdTimer) return
    this.#holdTimer = setTimeout(() => {
      this.#holdTimer = null
      this.#announce("behind")
    }, this.#holdMs)
  }

  /** @param {string} id */
  #changed(id) {
    this.#announce("change", {ids: [id]})
  }

  /**
   * @param {string} name
   * @param {unknown} [detail]
   */
  #announce(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, {detail}))
  }
}
