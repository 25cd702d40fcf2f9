/** How this tab hears from the server: by a socket, by polling while none can be had, or from the tab that leads. */

import {Connection} from "./socket/connection.js"
import {Polling, stronger} from "./socket/polling.js"
import {Following} from "./tabs/following.js"
import {ASK_MS} from "./tabs/vigil.js"

/** @typedef {import("./socket/connection.js").Status & {isPolling: boolean}} Status */
/** @typedef {import("./socket/polling.js").Attention} Attention */
/** @typedef {import("./wire.js").Frame} Frame */
/** @typedef {import("./wire.js").WelcomeFrame} WelcomeFrame */
/**
 * @typedef {object} Options
 * @property {import("./tabs/tabs.js").Tabs} tabs
 * @property {string} url
 * @property {(url: string, protocols: string[]) => WebSocket} openSocket
 * @property {() => Promise<string>} getTicket
 * @property {() => {cursors: object}} hello
 * @property {() => Promise<unknown>} sync  asks what happened, and applies it
 */

/** Polling begins when the socket has failed this often in a row. */
const POLLING_AFTER = 3

/**
 * Announces `state`, `welcome` (WelcomeFrame), `frame` (Frame) and `polled` (a poll that brought an answer).
 *
 * The leader passes on what it hears. A sync answer is of use only to who asked, so in its place the others are told
 * how far the leader is, and whoever is behind asks for itself.
 */
export class Line extends EventTarget {
  #options
  #tabs
  #connection
  #polling
  #following
  #attention = /** @type {Attention} */ ("visible")
  /** What a follower last said of itself. */
  #asked = {attention: /** @type {Attention} */ ("hidden"), at: -Infinity}
  #pollWorked = false

  /** @param {Options} options */
  constructor(options) {
    super()
    this.#options = options
    this.#tabs = options.tabs
    this.#connection = new Connection(options)
    this.#polling = new Polling(() => this.#poll(), () => this.#strongestAttention)
    this.#following = new Following(options.sync, () => this.#announce("state"))
    this.#listen()
    this.#hear()
  }

  /** @returns {Status} `isPolling`: no socket, and yet the news comes */
  get status() {
    if (this.#tabs.isFollower) return this.#following.status
    return {...this.#connection.status, isPolling: this.#polling.isRunning && this.#pollWorked}
  }

  get isOpen() {
    return this.#connection.isOpen
  }

  get isPolling() {
    return this.#polling.isRunning
  }

  start() {
    this.#tabs.start()
    if (this.#tabs.isLeader) this.#connection.start()
  }

  stop() {
    this.#tabs.stop()
    this.#connection.stop()
  }

  /** The network or the person came back. */
  wake() {
    if (this.#tabs.isFollower) this.#tabs.post("wake")
    else this.#connection.wake()
  }

  /** "Try now", asked by a person. */
  retryNow() {
    if (this.#tabs.isFollower) this.#tabs.post("retry")
    else this.#connection.retry()
    this.start()
  }

  /** @param {Attention} attention */
  attend(attention) {
    this.#tabs.attend(attention)
    if (attention === this.#attention) return
    this.#attention = attention
    this.#polling.hurry()
    if (attention !== "hidden") this.wake()
  }

  /**
   * @param {string} type
   * @param {object} [data]
   */
  request(type, data) {
    return this.#connection.request(type, data)
  }

  /**
   * @param {string} type
   * @param {object} [data]
   */
  tell(type, data) {
    this.#connection.tell(type, data)
  }

  #listen() {
    this.#tabs.addEventListener("role", () => this.#roleChanged())
    this.#connection.addEventListener("state", () => this.#stateChanged())
    this.#connection.addEventListener("welcome", event => this.#welcomed(/** @type {CustomEvent} */ (event).detail))
    this.#connection.addEventListener("frame", event => this.#passOn("frame", /** @type {CustomEvent} */ (event).detail))
  }

  #hear() {
    this.#tabs.hear("frame", frame => this.#announce("frame", frame))
    this.#tabs.hear("welcome", frame => this.#announce("welcome", frame))
    this.#tabs.hear("status", status => this.#leaderSaid(status))
    this.#tabs.hear("ask", attention => this.#answer(attention))
    this.#tabs.hear("wake", () => this.#tabs.isLeader && this.#connection.wake())
    this.#tabs.hear("retry", () => this.#tabs.isLeader && this.#connection.retry())
  }

  #roleChanged() {
    this.#following.begin()
    if (this.#tabs.isLeader) this.#connection.start()
    else this.#connection.stop()
  }

  #stateChanged() {
    const {state, attempts} = this.#connection.status
    if (state === "open" || state === "idle" || state === "stopped") this.#stopPolling()
    else if (attempts >= POLLING_AFTER) this.#polling.start()
    // The next tab may hold a credential that is still good.
    if (state === "stopped") this.#tabs.stop()
    this.#tellState()
  }

  #stopPolling() {
    this.#polling.stop()
    this.#pollWorked = false
  }

  #tellState() {
    if (this.#tabs.isLeader) this.#tabs.post("status", this.status)
    this.#announce("state")
  }

  /** @param {WelcomeFrame} frame */
  #welcomed(frame) {
    this.#following.caughtUp()
    this.#announce("welcome", frame)
    this.#tabs.post("welcome", {...frame, sync: {conversations: [], gone: frame.sync.gone, more: false}})
    this.#passOnHeads()
  }

  /**
   * @param {string} name
   * @param {Frame} frame
   */
  #passOn(name, frame) {
    this.#announce(name, frame)
    this.#tabs.post(name, frame)
  }

  #passOnHeads() {
    this.#tabs.post("frame", {type: "heads", cursors: this.#options.hello().cursors})
  }

  async #poll() {
    const before = this.#pollWorked
    this.#pollWorked = await this.#options.sync().then(() => true, () => false)
    this.#tellState()
    if (!this.#pollWorked) return
    this.#passOnHeads()
    this.#announce("polled")
    // The server is there again: its socket probably is, too.
    if (!before) this.#connection.wake()
  }

  /** @param {Attention} attention  that of the tab which asks */
  #answer(attention) {
    if (!this.#tabs.isLeader) return
    this.#asked = {attention, at: Date.now()}
    this.#polling.hurry()
    this.#tabs.post("status", this.status)
    this.#passOnHeads()
  }

  /** A hidden leader polls for the tab that is looked at. */
  get #strongestAttention() {
    const isRecent = Date.now() - this.#asked.at < 2 * ASK_MS
    return isRecent ? stronger(this.#asked.attention, this.#attention) : this.#attention
  }

  /** @param {Status} status */
  #leaderSaid(status) {
    if (!this.#tabs.isFollower) return
    this.#tabs.leaderSaid(status)
    this.#following.heard(status)
  }

  /**
   * @param {string} name
   * @param {unknown} [detail]
   */
  #announce(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, {detail}))
  }
}
