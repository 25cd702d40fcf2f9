/** The one place that wires REST, socket, store and outbox together. No DOM: the widget and the staff page share it. */

import {Changing} from "./changing.js"
import {Line} from "./line.js"
import {Myself} from "./myself.js"
import {Others} from "./others.js"
import {Paging} from "./paging.js"
import {Progress} from "./progress.js"
import {CommandError} from "./socket/commands.js"
import {Conversations} from "./store/conversations.js"
import {Outbox} from "./store/outbox.js"
import {Reading} from "./store/reading.js"
import {Syncing} from "./store/syncing.js"
import {shareOutbox} from "./tabs/sharing.js"
import {Tabs} from "./tabs/tabs.js"

/** @typedef {import("./wire.js").Member} Member */
/** @typedef {import("./wire.js").Message} Message */
/** @typedef {import("./wire.js").Sending} Sending */
/** @typedef {import("./line.js").Status} Status */
/**
 * @typedef {object} Options
 * @property {import("./api.js").Api} api
 * @property {Member} me
 * @property {string} socketUrl
 * @property {(url: string, protocols: string[]) => WebSocket} openSocket
 * @property {import("./store/storage.js").Keep} storage
 * @property {string} outboxPrefix
 * @property {import("./tabs/tabs.js").Means | null} [tabs]  what it takes to share one socket among tabs
 */

const FEW = 8
/** Cursors of a very long list would not fit the server's frame; the rest comes by further syncs. */
const MOST_CURSORS = 500

/**
 * Announces `change` ({ids}), `arrived` (Message), `sent` (Message), `connection` (Status), `frame` (each, as it comes)
 * and `signed-out`.
 *
 * @example
 * const client = new Client({api, me, socketUrl, openSocket, storage, outboxPrefix})
 * client.start()
 * client.open(conversation)
 * client.send(conversation, "hello")
 */
export class Client extends EventTarget {
  #syncing
  #outbox
  #reading
  #tabs
  #line
  #progress

  /** @param {Options} options */
  constructor({api, me, socketUrl, openSocket, storage, outboxPrefix, tabs}) {
    super()
    this.api = api
    this.me = me
    this.store = new Conversations(me)
    this.#syncing = new Syncing(() => this.#askSync(), answer => this.store.apply({...answer, type: "sync"}))
    this.#outbox = new Outbox({storage, prefix: outboxPrefix, send: sending => this.#deliver(sending)})
    this.#reading = new Reading(conversation => this.#progress.read(conversation))
    this.#tabs = new Tabs(`parley:${me.id}`, tabs)
    this.#line = new Line({
      tabs: this.#tabs,
      url: socketUrl,
      openSocket,
      getTicket: async () => (await api.post("socket-ticket/")).ticket,
      hello: () => this.#hello(),
      sync: () => this.#syncing.now(),
    })
    this.#progress = new Progress({api, line: this.#line, store: this.store, tabs: this.#tabs})
    this.changing = new Changing({api, line: this.#line, store: this.store})
    this.paging = new Paging({api, store: this.store})
    this.others = new Others({api, line: this.#line, me, store: this.store, tabs: this.#tabs})
    this.myself = new Myself(api, this.#tabs)
    shareOutbox(this.#outbox, this.#tabs)
    this.#listen()
  }

  get status() {
    return this.#line.status
  }

  /** Whether this tab does what one tab does for all. */
  get isLeader() {
    return this.#tabs.isLeader
  }

  /** What the server refused, and nobody has sent again or thrown away. */
  get unsent() {
    return this.#outbox.all.filter(({state}) => state === "failed")
  }

  /** @param {string} id */
  placeOf(id) {
    const info = this.store.get(id)?.info
    return {kind: "", title: "", ...info}
  }

  start() {
    this.#line.start()
    this.others.start()
  }

  stop() {
    for (const part of [this.others, this.#line, this.#outbox, this.#progress, this.#reading, this.#syncing]) part.stop()
  }

  /** The network or the person came back. */
  wake() {
    this.#line.wake()
  }

  /** "Try now", asked by a person. */
  retryNow() {
    this.#line.retryNow()
  }

  /** @param {import("./socket/polling.js").Attention} attention */
  attend(attention) {
    this.#reading.look(attention === "focused")
    this.#line.attend(attention)
  }

  /** @param {string | null} conversation  the one on the screen */
  open(conversation) {
    this.#reading.open(conversation)
    this.others.open(conversation)
    if (conversation) this.paging.pins(conversation, true).catch(() => {})
  }

  /** @param {string} conversation  as if it had been looked at */
  read(conversation) {
    this.#progress.read(conversation)
  }

  /**
   * @param {string} conversation
   * @param {string} body
   * @param {{clientId?: string, replyTo?: string | null, mentions?: string[], attachments?: import("./wire.js").Attachment[], kind?: string}} [options]
   *   `mentions`: whom the writer chose, where several have one name
   */
  send(conversation, body, {clientId = crypto.randomUUID(), replyTo = null, mentions = [], attachments = [], kind} = {}) {
    this.others.rest()
    const created_at = new Date().toISOString()
    this.#outbox.add({client_id: clientId, conversation, body, created_at, reply_to: replyTo, mentions, attachments, kind})
  }

  /** @param {string} clientId */
  resend(clientId) {
    this.#outbox.retry(clientId)
  }

  /** @param {string} clientId */
  discard(clientId) {
    this.#outbox.discard(clientId)
  }

  /**
   * Starts a conversation, or finds the one that exists.
   *
   * @param {{kind: string, member?: string, members?: string[], title?: string, space?: string, prechat?: Record<string, string>}} wanted
   * @returns {Promise<string>} its id, known to the store
   */
  async begin(wanted) {
    const {id} = await this.api.post("chat/conversations/start/", wanted)
    if (!this.store.get(id)) await this.#syncing.now()
    return id
  }

  /**
   * Brings a conversation that no sync has brought; one that this person may not see stays unknown.
   *
   * @param {string} id
   */
  async find(id) {
    if (this.store.get(id)) return
    const cursors = {...this.store.cursors(), [id]: [0, 0]}
    const answer = await this.api.post("chat/sync/", {cursors, read: this.store.watermarks()})
    this.store.apply({...answer, type: "sync"})
  }

  /** @param {string} text */
  async people(text) {
    return /** @type {Member[]} */ ((await this.api.get("members/", {q: text})).results)
  }

  /**
   * What the host's world has of a type, whose ref begins with a text or whose label holds it.
   *
   * @param {string} type
   * @param {string} text
   */
  async entities(type, text) {
    const {results} = await this.api.get("entities/", {type, q: text, limit: FEW})
    return /** @type {import("./wire.js").Entity[]} */ (results)
  }

  #listen() {
    this.#line.addEventListener("state", () => this.#stateChanged())
    this.#line.addEventListener("welcome", event => this.#welcomed(detailOf(event)))
    this.#line.addEventListener("frame", event => this.#heard(detailOf(event)))
    for (const part of [this.others, this.myself]) part.addEventListener("change", () => this.#announce("change", {ids: []}))
    this.#line.addEventListener("polled", () => this.#outbox.flush())
    this.#tabs.hear("sent", message => this.store.confirm(message))
    this.store.addEventListener("behind", () => this.#syncing.soon())
    this.store.addEventListener("change", event => this.#storeChanged(detailOf(event).ids))
    this.store.addEventListener("arrived", event => this.#announce("arrived", detailOf(event)))
    this.store.addEventListener("gone", event => {
      this.#announce("gone", detailOf(event))
      this.#announce("change", {ids: [detailOf(event).id]})
    })
    this.#outbox.addEventListener("sent", event => this.#sent(detailOf(event)))
    this.#outbox.addEventListener("change", event => this.#showPending(detailOf(event).conversation))
  }

  /** @param {import("./wire.js").Frame} frame */
  #heard(frame) {
    this.store.apply(frame)
    this.#announce("frame", frame)
  }

  /** @param {Message} message */
  #sent(message) {
    this.store.confirm(message)
    this.#announce("sent", message)
  }

  #stateChanged() {
    const {status} = this
    this.#announce("connection", status)
    if (status.state === "stopped" && status.code === 4501) this.#announce("signed-out", null)
  }

  /** @param {import("./wire.js").WelcomeFrame} frame */
  #welcomed(frame) {
    this.store.apply(frame)
    if (frame.sync.more) this.#syncing.now().catch(() => {})
    this.#outbox.flush()
    this.store.list().forEach(({id}) => this.#progress.delivered(id))
  }

  #hello() {
    const first = (/** @type {object} */ all) => Object.fromEntries(Object.entries(all).slice(0, MOST_CURSORS))
    return {cursors: first(this.store.cursors()), read: first(this.store.watermarks())}
  }

  async #askSync() {
    const [cursors, read] = [this.store.cursors(), this.store.watermarks()]
    if (!this.#line.isOpen || Object.keys(cursors).length > MOST_CURSORS) {
      return this.api.post("chat/sync/", {cursors, read})
    }
    return /** @type {any} */ (await this.#line.request("sync", {cursors, read}))
  }

  /** @param {Sending} sending */
  async #deliver({conversation, client_id, body, reply_to = null, mentions = [], attachments = [], kind}) {
    const said = {client_id, body, reply_to, attachments: attachments.map(({id}) => id), mentions, kind}
    if (this.#line.isOpen) return (await this.#line.request("message.send", {conversation, ...said})).message
    if (!this.#line.isPolling) throw new CommandError("disconnected", {temporary: true})
    return this.api.post(`chat/conversations/${conversation}/messages/`, said)
  }

  /** @param {string[]} ids */
  #storeChanged(ids) {
    for (const id of ids) {
      this.#progress.delivered(id)
      this.#reading.changed(id)
      const timeline = this.store.get(id)?.timeline
      timeline?.setPending(this.#outbox.of(id))
      if (id === this.#reading.conversation) this.paging.pins(id).catch(() => {})
    }
    this.#announce("change", {ids})
  }

  /** @param {string} conversation */
  #showPending(conversation) {
    this.store.setPending(conversation, this.#outbox.of(conversation))
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #announce(name, detail) {
    this.dispatchEvent(new CustomEvent(name, {detail}))
  }
}

/** @param {Event} event */
function detailOf(event) {
  return /** @type {CustomEvent} */ (event).detail
}
