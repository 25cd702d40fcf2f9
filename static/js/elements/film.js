/**
 * `<parley-film>`: a film in its place. It is fetched when somebody wants to see it, and plays with the browser's own
 * controls. Announces `player:fail` ({isTorn}) where it cannot be had, or cannot be played here.
 */

import {lengthOf} from "../files.js"
import {announce, Base, build} from "./build.js"
import {icon} from "./icons.js"
import {hearOnly, loaded} from "./playing.js"

/** @typedef {import("../words.js").Words} Words */

export class FilmElement extends Base {
  words = /** @type {Words} */ (/** @type {unknown} */ (null))
  /** What it is. */
  label = ""
  /** As far as that is known. @type {number | null} */
  seconds = null
  /** @type {() => Promise<Blob>} */
  load = () => Promise.reject(new Error("nothing"))
  #start = /** @type {HTMLButtonElement} */ (/** @type {unknown} */ (null))
  #url = ""

  connectedCallback() {
    const long = this.seconds === null ? "" : lengthOf(Math.max(1, Math.floor(this.seconds)))
    const label = [`${this.words.say("player_play")}: ${this.label}`, long].filter(Boolean).join(", ")
    this.#start = build("button", {type: "button", class: "film-start", "aria-label": label, title: this.label},
      build("span", {class: "player-button"}, icon("play", {size: 18})), long ? build("span", {class: "film-time"}, long) : null)
    this.#start.addEventListener("click", () => this.#play())
    this.replaceChildren(this.#start)
  }

  disconnectedCallback() {
    URL.revokeObjectURL(this.#url)
    this.#url = ""
    this.replaceChildren()
  }

  async #play() {
    if (this.#start.ariaBusy === "true") return
    this.#start.ariaBusy = "true"
    const video = build("video", {controls: true, playsinline: true, "aria-label": this.label})
    try {
      const blob = await this.load()
      if (!this.isConnected) return
      video.src = this.#url = URL.createObjectURL(blob)
      await loaded(video)
    } catch {
      // The next press tries again.
      this.#start.ariaBusy = "false"
      if (this.isConnected) announce(this, "player:fail", {isTorn: video.error !== null})
      return
    }
    if (this.isConnected) this.#show(video)
  }

  /** @param {HTMLVideoElement} video */
  #show(video) {
    const hadFocus = this.matches(":focus-within")
    video.addEventListener("play", () => hearOnly(video))
    this.replaceChildren(video)
    if (hadFocus) video.focus({preventScroll: true})
    video.play().catch(() => {})
  }
}
