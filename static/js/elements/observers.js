/** Watch the page and say what happened; they never decide. */

import {Idling} from "../store/idling.js"

/** @typedef {import("../socket/polling.js").Attention} Attention */

/** What only somebody who is there does. */
const ACTS = ["pointerdown", "pointermove", "wheel", "keydown", "focus", "visibilitychange"]

/** Says how much attention the page has, and when the network or the page itself comes back. */
export class AttentionObserver {
  #delegate

  /** @param {{attend: (attention: Attention) => void, wake: () => void}} delegate */
  constructor(delegate) {
    this.#delegate = delegate
  }

  start() {
    document.addEventListener("visibilitychange", this.#changed)
    for (const type of ["focus", "blur", "pageshow"]) window.addEventListener(type, this.#changed)
    window.addEventListener("online", this.#online)
    this.tell()
  }

  stop() {
    document.removeEventListener("visibilitychange", this.#changed)
    for (const type of ["focus", "blur", "pageshow"]) window.removeEventListener(type, this.#changed)
    window.removeEventListener("online", this.#online)
  }

  tell() {
    if (document.visibilityState === "hidden") return this.#delegate.attend("hidden")
    this.#delegate.attend(document.hasFocus() ? "focused" : "visible")
  }

  #changed = () => this.tell()

  #online = () => this.#delegate.wake()
}

/** Says when somebody has turned away from the page, and when they are back. */
export class IdleObserver {
  #idling

  /** @param {(isAway: boolean) => void} turned */
  constructor(turned) {
    this.#idling = new Idling(turned)
  }

  start() {
    for (const type of ACTS) window.addEventListener(type, this.#acted, {passive: true, capture: true})
    this.#idling.start()
  }

  stop() {
    for (const type of ACTS) window.removeEventListener(type, this.#acted, {capture: true})
    this.#idling.stop()
  }

  #acted = () => document.visibilityState === "visible" && this.#idling.acted()
}

/** Says when the page is left, and when the browser brings it back as it was. */
export class LeavingObserver {
  #delegate

  /** @param {{leave: () => void, start: () => void}} delegate */
  constructor(delegate) {
    this.#delegate = delegate
  }

  start() {
    window.addEventListener("pagehide", this.#left)
    window.addEventListener("pageshow", this.#shown)
  }

  stop() {
    window.removeEventListener("pagehide", this.#left)
    window.removeEventListener("pageshow", this.#shown)
  }

  #left = () => this.#delegate.leave()

  #shown = (/** @type {PageTransitionEvent} */ {persisted}) => persisted && this.#delegate.start()
}
