/** Watch the page and say what happened; they never decide. */

/** @typedef {import("../socket/polling.js").Attention} Attention */

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
