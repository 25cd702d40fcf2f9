/** One socket at a time: opened with a ticket, kept alive, opened again until told to stay away. No DOM. */

import {backoff} from "./backoff.js"
import {refusal, staysAway} from "./closing.js"
import {CommandError, Commands} from "./commands.js"
import {Heartbeat} from "./heartbeat.js"

/** @typedef {import("../wire.js").Frame} Frame */
/** @typedef {import("../wire.js").WelcomeFrame} WelcomeFrame */
/** @typedef {"idle" | "connecting" | "open" | "waiting" | "stopped"} State */
/** @typedef {{state: State, attempts: number, retryAt: number | null, code: number | null}} Status */
/**
 * @typedef {object} Options
 * @property {string} url
 * @property {() => Promise<string>} getTicket  single use, so one for each attempt
 * @property {() => object} hello  what the greeting carries beside the ticket (cursors, own watermarks)
 * @property {(url: string, protocols: string[]) => WebSocket} openSocket
 * @property {() => number} [random]
 */

const PROTOCOL = "parley.v1"
const OPENING_MS = 10_000
const STABLE_MS = 10_000
const SOON_MS = 1_000

/**
 * Announces `state` (Status), `welcome` (WelcomeFrame) and `frame` (Frame, those that answer no command).
 *
 * @example
 * const connection = new Connection({url, getTicket, hello, openSocket})
 * connection.addEventListener("frame", event => store.apply(event.detail))
 * connection.start()
 * const {message} = await connection.request("message.send", {conversation, client_id, body})
 */
export class Connection extends EventTarget {
  #options
  /** @type {Status} */
  #status = {state: "idle", attempts: 0, retryAt: null, code: null}
  /** @type {WebSocket | null} */
  #socket = null
  /** @type {Commands | null} */
  #commands = null
  /** @type {Heartbeat | null} */
  #heartbeat = null
  #life = 0
  #seen = 0
  /** @type {{code?: number, retry_after_ms?: number} | null} */
  #bye = null
  /** @type {any} */
  #retryTimer = null
  /** @type {any} */
  #openingTimer = null
  /** @type {any} */
  #stableTimer = null

  /** @param {Options} options */
  constructor(options) {
    super()
    this.#options = options
  }

  /** @returns {Status} */
  get status() {
    return this.#status
  }

  get isOpen() {
    return this.#status.state === "open"
  }

  start() {
    if (!["idle", "stopped"].includes(this.#status.state)) return
    this.#bye = null
    this.#become("connecting", {attempts: 0})
    this.#attempt()
  }

  stop() {
    this.#abandon()
    this.#become("idle", {attempts: 0})
  }

  /** The network or the person came back: do not sit out a long wait. */
  wake() {
    if (this.#status.state === "waiting") this.#retryIn(this.#random() * SOON_MS)
  }

  /** "Try now", asked by a person. */
  retry() {
    if (this.#status.state === "waiting") this.#retryIn(0)
  }

  /**
   * @param {string} type
   * @param {object} [data]
   * @returns {Promise<Frame>}
   */
  request(type, data) {
    if (!this.isOpen || !this.#commands) return Promise.reject(new CommandError("disconnected", {temporary: true}))
    return this.#commands.request(type, data)
  }

  /**
   * @param {string} type
   * @param {object} [data]
   */
  tell(type, data) {
    if (this.isOpen) this.#commands?.tell(type, data)
  }

  async #attempt() {
    const life = ++this.#life
    try {
      const ticket = await this.#options.getTicket()
      if (life === this.#life) this.#open(ticket)
    } catch (error) {
      if (life === this.#life) this.#refused(error)
    }
  }

  /** @param {any} error */
  #refused(error) {
    const code = refusal(error)
    if (code) return this.#end(code)
    if (error?.retryAfter) this.#bye = {retry_after_ms: error.retryAfter}
    this.#wait(null)
  }

  /** @param {string} ticket */
  #open(ticket) {
    const socket = this.#options.openSocket(this.#options.url, [PROTOCOL])
    this.#socket = socket
    this.#seen = 0
    this.#bye = null
    this.#commands = new Commands(frame => socket.send(JSON.stringify(frame)))
    socket.onopen = () => this.#commands?.tell("hello", {ticket, ...this.#options.hello()})
    socket.onmessage = event => this.#receive(event.data)
    socket.onclose = event => this.#closed(event.code)
    this.#openingTimer = setTimeout(() => this.#drop(), OPENING_MS)
  }

  /** @param {string} text */
  #receive(text) {
    this.#seen++
    this.#heartbeat?.heard(text.length)
    const frame = parse(text)
    if (!frame) return
    if (frame.type === "welcome") this.#welcomed(/** @type {any} */ (frame))
    else if (frame.type === "bye") this.#bye = {code: frame.code, retry_after_ms: frame.retry_after_ms}
    else if (!this.#commands?.settle(frame)) this.#announce("frame", frame)
  }

  /** @param {WelcomeFrame} frame */
  #welcomed(frame) {
    clearTimeout(this.#openingTimer)
    this.#heartbeat = new Heartbeat({
      every: frame.heartbeat_ms,
      ping: () => this.tell("ping", {seen: this.#seen}),
      dead: () => this.#drop(),
      random: this.#options.random,
    })
    this.#heartbeat.start()
    this.#stableTimer = setTimeout(() => this.#become("open", {attempts: 0}), STABLE_MS)
    this.#become("open", {})
    this.#announce("welcome", frame)
  }

  /** A dead network may take minutes to close a socket: let go of it instead. */
  #drop() {
    this.#closed(1006)
  }

  /** @param {number} code */
  #closed(code) {
    const said = this.#bye?.code ?? code
    this.#abandon()
    if (staysAway(code) || staysAway(said)) this.#end(staysAway(code) ? code : said)
    else this.#wait(code)
  }

  /** @param {number} code */
  #end(code) {
    this.#abandon()
    this.#become("stopped", {code})
  }

  /** @param {number | null} code */
  #wait(code) {
    this.#abandon()
    const {attempts} = this.#status
    const said = this.#bye?.retry_after_ms ?? 0
    this.#bye = null
    // A house that was refused together must not knock together.
    const jitter = this.#random() * said / 4
    const ms = Math.max(said, backoff(attempts, {random: this.#options.random})) + jitter
    this.#retryIn(ms, {attempts: attempts + 1, code})
  }

  /**
   * @param {number} ms
   * @param {Partial<Status>} [change]
   */
  #retryIn(ms, change = {}) {
    clearTimeout(this.#retryTimer)
    this.#retryTimer = setTimeout(() => {
      this.#become("connecting", {})
      this.#attempt()
    }, ms)
    this.#become("waiting", {...change, retryAt: Date.now() + ms})
  }

  /** Lets go of everything of this life; answers that still arrive belong to nobody. */
  #abandon() {
    this.#life++
    for (const timer of [this.#retryTimer, this.#openingTimer, this.#stableTimer]) clearTimeout(timer)
    this.#heartbeat?.stop()
    this.#heartbeat = null
    this.#release(this.#socket)
    this.#socket = null
    const commands = this.#commands
    this.#commands = null
    commands?.rejectAll()
  }

  /** @param {WebSocket | null} socket */
  #release(socket) {
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }

  #random() {
    return (this.#options.random ?? Math.random)()
  }

  /**
   * @param {State} state
   * @param {Partial<Status>} change
   */
  #become(state, change) {
    this.#status = {...this.#status, retryAt: null, code: null, ...change, state}
    this.#announce("state", this.#status)
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #announce(name, detail) {
    this.dispatchEvent(new CustomEvent(name, {detail}))
  }
}

/**
 * @param {string} text
 * @returns {Frame | null}
 */
function parse(text) {
  try {
    const frame = JSON.parse(text)
    return typeof frame?.type === "string" ? frame : null
  } catch {
    return null
  }
}
