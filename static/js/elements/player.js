/**
 * `<parley-player>`: plays a sound in its place. What it plays is fetched when somebody wants to hear it; one sound is heard
 * at a time. Announces `player:fail` ({isTorn}) where it cannot be had, or cannot be played here.
 */

import {lengthOf} from "../files.js"
import {announce, Base, build} from "./build.js"
import {addIcons, icon} from "./icons.js"
import {hearOnly, loaded} from "./playing.js"

/** @typedef {import("../words.js").Words} Words */

addIcons({
  "pause": ["M15 3h3a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1h-3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1", "M6 3h3a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1"],
  "play": ["M5 5a2 2 0 0 1 3.008-1.728l11.997 6.998a2 2 0 0 1 .003 3.458l-12 7A2 2 0 0 1 5 19z"],
})

const HEARD = ["play", "pause", "timeupdate", "ended", "seeked"]
/** Later than any sound ends: Chromium looks for the end of one that does not say how long it is. */
const FAR_S = 1e7

export class PlayerElement extends Base {
  words = /** @type {Words} */ (/** @type {unknown} */ (null))
  /** What it is. */
  label = ""
  /** As far as that is known. @type {number | null} */
  seconds = null
  /** @type {() => Promise<Blob>} */
  load = () => Promise.reject(new Error("nothing"))
  #audio = /** @type {HTMLAudioElement} */ (/** @type {unknown} */ (null))
  #button = /** @type {HTMLButtonElement} */ (/** @type {unknown} */ (null))
  #range = /** @type {HTMLInputElement} */ (/** @type {unknown} */ (null))
  #time = /** @type {HTMLElement} */ (/** @type {unknown} */ (null))
  #url = ""
  /** @type {Promise<void> | null} */
  #loading = null

  connectedCallback() {
    if (!this.#audio) this.#make()
    for (const type of HEARD) this.#audio.addEventListener(type, this)
    this.#show()
  }

  disconnectedCallback() {
    for (const type of HEARD) this.#audio.removeEventListener(type, this)
    this.#audio.pause()
    this.#audio.removeAttribute("src")
    URL.revokeObjectURL(this.#url)
    this.#url = ""
    this.#loading = null
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "click") this.#turn()
    else if (event.type === "input") this.#seek()
    else if (event.type === "play") this.#hush()
    // Back to its beginning, also where there is no seeking in it.
    else if (event.type === "ended") this.#audio.load()
    // They are the player's own: what is around it has fields, too.
    if (event.type === "input" || event.type === "change") event.stopPropagation()
    this.#show()
  }

  /** @override */
  focus() {
    this.#button.focus()
  }

  #make() {
    this.#audio = build("audio", {hidden: true})
    this.#button = build("button", {type: "button", class: "player-button"}, icon("play", {size: 18}), icon("pause", {size: 18}))
    this.#range = build("input", {type: "range", min: 0, step: 0.1, value: 0, "aria-label": this.words.say("player_position")})
    this.#time = build("span", {class: "player-time"})
    this.#button.addEventListener("click", this)
    for (const type of ["input", "change"]) this.#range.addEventListener(type, this)
    this.append(this.#button, this.#range, this.#time, this.#audio)
  }

  async #turn() {
    if (!this.#audio.paused) return this.#audio.pause()
    await this.#ready()
    await this.#audio.play().catch(() => {})
  }

  async #seek() {
    const to = this.#range.valueAsNumber
    await this.#ready()
    this.#audio.currentTime = to
  }

  #ready() {
    return this.#loading ??= this.#fetch()
  }

  async #fetch() {
    this.#button.ariaBusy = "true"
    try {
      const blob = await this.load()
      if (!this.isConnected) return
      this.#audio.src = this.#url = URL.createObjectURL(blob)
      await loaded(this.#audio)
      if (this.seconds === null) await measured(this.#audio)
      if (Number.isFinite(this.#audio.duration)) this.seconds = this.#audio.duration
    } catch {
      // The next press tries again.
      this.#loading = null
      if (this.isConnected) announce(this, "player:fail", {isTorn: this.#audio.error !== null})
    } finally {
      this.#button.ariaBusy = "false"
    }
  }

  /** Others. */
  #hush() {
    hearOnly(this)
    this.#follow()
  }

  pause() {
    this.#audio.pause()
  }

  /** Smoothly, as long as it plays. */
  #follow() {
    if (this.#audio.paused || !this.isConnected) return
    this.#show()
    requestAnimationFrame(() => this.#follow())
  }

  #show() {
    const {paused, currentTime: at} = this.#audio
    const long = this.seconds ?? 0
    const word = this.words.say(paused ? "player_play" : "player_pause")
    this.classList.toggle("playing", !paused)
    setOnce(this.#button, "aria-label", `${word}: ${this.label}`)
    this.#range.max = String(Math.max(long, 0.1))
    this.#range.value = String(at)
    setOnce(this.#range, "aria-valuetext", this.words.say("player_at", {at: lengthOf(Math.floor(at)), long: lengthOf(Math.max(1, Math.floor(long)))}))
    const text = lengthOf(at > 0 ? Math.floor(at) : Math.max(1, Math.floor(long)))
    if (this.#time.textContent !== text) this.#time.textContent = text
  }
}

/**
 * Looks for the end of one that does not say how long it is. Firefox finds the end of some, and no way back.
 *
 * @param {HTMLAudioElement} audio
 * @returns {Promise<void>}
 */
function measured(audio) {
  return new Promise(resolve => {
    if (Number.isFinite(audio.duration)) return resolve()
    audio.ontimeupdate = () => {
      if (!Number.isFinite(audio.duration)) return
      audio.ontimeupdate = null
      audio.onseeked = () => resolve()
      audio.currentTime = 0
    }
    audio.currentTime = FAR_S
  })
}

/**
 * @param {Element} node
 * @param {string} name
 * @param {string} value
 */
function setOnce(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value)
}
