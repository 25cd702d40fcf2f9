/** `<parley-connection>`: a thin bar, only when something has been wrong for a while. Announces `connection:retry`. */

import {announce, Base, build} from "./build.js"

/** @typedef {import("../line.js").Status} Status */
/** @typedef {import("../words.js").Words} Words */

const QUIET_MS = 2_000
const TICK_MS = 500

export class ConnectionElement extends Base {
  /** @type {Words | null} */
  words = null
  /** Whether there is a page to sign in on. */
  canSignIn = true
  /** @type {Status | null} */
  #status = null
  /** @type {number | null} */
  #troubleSince = null
  /** @type {any} */
  #timer = null

  connectedCallback() {
    this.addEventListener("click", this)
    this.#render()
  }

  disconnectedCallback() {
    this.removeEventListener("click", this)
    clearInterval(this.#timer)
    this.#timer = null
  }

  handleEvent() {
    announce(this, "connection:retry", {code: this.#status?.code ?? null})
  }

  /** @param {Status} status */
  set status(status) {
    this.#status = status
    const isFine = status.state === "open" || status.state === "idle"
    this.#troubleSince = isFine ? null : this.#troubleSince ?? Date.now()
    if (isFine) clearInterval(this.#timer)
    this.#timer = isFine ? null : this.#timer ?? setInterval(() => this.#render(), TICK_MS)
    this.#render()
  }

  #render() {
    const isShown = this.#troubleSince !== null && (this.#isStopped || Date.now() - this.#troubleSince >= QUIET_MS)
    this.hidden = !isShown
    if (!isShown) return this.replaceChildren()
    if (!this.firstChild) this.replaceChildren(...this.#parts())
    this.querySelector(".connection-said")?.replaceChildren(this.#said(false))
    this.#update(".connection-shown", this.#said(true))
    this.#update("button", this.words?.say(this.#isSignedOut && this.canSignIn ? "sign_in" : "try_now") ?? "")
  }

  /** The count of seconds is for eyes; read out each second it would drown everything. */
  #parts() {
    return [
      build("span", {class: "connection-said visually-hidden", role: "status"}),
      build("span", {class: "connection-shown", "aria-hidden": "true"}),
      build("button", {type: "button", class: "link-button"}),
    ]
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #update(selector, text) {
    const part = this.querySelector(selector)
    if (part && part.textContent !== text) part.textContent = text
  }

  get #isStopped() {
    return this.#status?.state === "stopped"
  }

  get #isSignedOut() {
    return this.#isStopped && this.#status?.code === 4501
  }

  /** @param {boolean} withSeconds */
  #said(withSeconds) {
    const say = (/** @type {string} */ key, values = {}) => this.words?.say(key, values) ?? ""
    if (this.#isStopped) return say(this.#isSignedOut ? "signed_out" : "stopped")
    if (this.#status?.isPolling) return say("polling")
    const seconds = Math.ceil(((this.#status?.retryAt ?? 0) - Date.now()) / 1_000)
    return withSeconds && seconds > 0 ? say("reconnecting_in", {seconds}) : say("reconnecting")
  }
}
