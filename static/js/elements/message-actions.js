/**
 * What may be done with a message: one toolbar, which goes to the message that is pointed at, touched for long, or has
 * the focus. Arrows move among the messages, Enter goes into the toolbar, Escape out of it.
 */

import {build} from "./build.js"
import {icon} from "./icons.js"

/** @typedef {import("../store/rights.js").Action} Action */
/** @typedef {import("../words.js").Words} Words */
/**
 * @typedef {object} Delegate
 * @property {(key: string) => Action[]} offered
 * @property {(key: string, action: string, detail?: object) => void} act
 */

const ICONS = {react: "smile-plus", reply: "reply", edit: "pencil", pin: "pin", unpin: "pin-off", copy: "copy", delete: "trash"}
const LONG_MS = 450
const HEARD = ["pointerover", "pointerleave", "pointerdown", "pointermove", "pointerup", "pointercancel", "focusin", "focusout", "keydown", "click"]

export class MessageActions {
  #log
  #words
  #delegate
  #bar
  /** @type {HTMLElement | null} */
  #picker = null
  /** The message it is at. @type {HTMLElement | null} */
  #at = null
  #offer = ""
  #isMoving = false
  /** @type {any} */
  #pressing = null

  /**
   * @param {HTMLElement} log
   * @param {Words} words
   * @param {Delegate} delegate
   */
  constructor(log, words, delegate) {
    this.#log = log
    this.#words = words
    this.#delegate = delegate
    this.#bar = build("div", {class: "message-actions", role: "toolbar", "aria-label": words.say("actions"), "aria-live": "off", "data-guest": ""})
  }

  start() {
    for (const type of HEARD) this.#log.addEventListener(type, this)
  }

  stop() {
    for (const type of HEARD) this.#log.removeEventListener(type, this)
  }

  /** @param {Event} event */
  handleEvent(event) {
    const target = /** @type {Element} */ (event.target)
    const message = /** @type {HTMLElement | null} */ (target.closest("[data-key]"))
    const pointer = /** @type {PointerEvent} */ (event)
    switch (event.type) {
      case "pointerover": return pointer.pointerType === "mouse" && !this.#isBusy ? this.#goTo(message) : undefined
      case "pointerleave": return pointer.pointerType === "mouse" && !this.#isBusy ? this.#goTo(null) : undefined
      case "pointerdown": return this.#press(pointer, message)
      case "focusin": return this.#goTo(message)
      case "focusout": return this.#left(/** @type {FocusEvent} */ (event))
      case "keydown": return this.#key(/** @type {KeyboardEvent} */ (event), message)
      case "click": return this.#clicked(target, message)
      default: return clearTimeout(this.#pressing)
    }
  }

  /** The messages have been brought up to date: what may be done with this one may be something else now. */
  refresh() {
    if (this.#at && !this.#at.isConnected) this.#goTo(null)
    else if (this.#at && this.#offer !== this.#offeredAt(this.#at).join(" ")) this.#goTo(this.#at, true)
  }

  /**
   * Somebody is in it: a pointer that passes another message does not take it away.
   *
   * @returns {boolean}
   */
  get #isBusy() {
    return this.#picker !== null || this.#bar.contains(this.#focused) || this.#bar.classList.contains("asking")
  }

  get #focused() {
    return /** @type {Document | ShadowRoot} */ (this.#log.getRootNode()).activeElement
  }

  /** @param {HTMLElement} message */
  #offeredAt(message) {
    return this.#delegate.offered(message.dataset.key ?? "")
  }

  /**
   * @param {HTMLElement | null} message
   * @param {boolean} [anew]
   */
  #goTo(message, anew = false) {
    if (this.#isMoving || message === this.#at && !anew) return
    this.#isMoving = true
    // What has the focus is not taken away from under it.
    if (message && (this.#picker ?? this.#bar).contains(this.#focused)) message.focus({preventScroll: true})
    this.#closePicker()
    const offered = message ? this.#offeredAt(message) : []
    this.#at = offered.length ? message : null
    this.#offer = offered.join(" ")
    this.#bar.remove()
    this.#offerAll(offered)
    this.#at?.append(this.#bar)
    this.#isMoving = false
  }

  /** @param {Action[]} offered */
  #offerAll(offered) {
    this.#bar.classList.remove("asking")
    this.#bar.replaceChildren(...offered.map((action, place) => {
      const label = this.#words.say(`action_${action}`)
      return build("button", {type: "button", "data-act": action, "aria-label": label, title: label, tabindex: place ? -1 : 0},
        icon(ICONS[action], {size: 18}))
    }))
  }

  /** Once: it is for everybody, and cannot be taken back. */
  #askToDelete() {
    const button = (/** @type {string} */ act, /** @type {string} */ word) =>
      build("button", {type: "button", class: "link-button", "data-act": act, tabindex: act === "keep" ? 0 : -1}, this.#words.say(word))
    this.#bar.classList.add("asking")
    this.#bar.replaceChildren(build("span", {}, this.#words.say("delete_ask")), button("delete-now", "action_delete"), button("keep", "cancel"))
    this.#buttons[1].focus()
  }

  /**
   * @param {PointerEvent} event
   * @param {HTMLElement | null} message
   */
  #press({pointerType}, message) {
    clearTimeout(this.#pressing)
    if (pointerType === "mouse") return
    if (message !== this.#at) this.#goTo(null)
    this.#pressing = setTimeout(() => {
      this.#goTo(message)
      this.#bar.scrollIntoView({block: "nearest"})
    }, LONG_MS)
  }

  /** @param {FocusEvent} event */
  #left({relatedTarget}) {
    if (this.#isMoving || !this.#at || this.#at.contains(/** @type {Node | null} */ (relatedTarget))) return
    // Safari gives no button the focus that is clicked.
    if (relatedTarget || !this.#at.matches(":hover")) this.#goTo(null)
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement | null} message
   */
  #key(event, message) {
    const target = /** @type {HTMLElement} */ (event.target)
    if (this.#bar.contains(target)) this.#keyInBar(event)
    else if (target === this.#log || target === message) this.#keyOnMessage(event, message)
    else if (event.key === "Escape" && message) this.#done(event, message)
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement | null} message
   */
  #keyOnMessage(event, message) {
    const all = /** @type {HTMLElement[]} */ ([...this.#log.querySelectorAll("[data-key].message")])
    const place = message ? all.indexOf(message) : all.length
    const next = {ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: all.length - 1}[event.key]
    if (next !== undefined) this.#done(event, all[Math.max(0, Math.min(next, all.length - 1))])
    else if (event.key === "Enter" && message && this.#at === message) this.#done(event, this.#buttons[0])
    else if (event.key === "Escape" && message) this.#done(event, this.#log)
  }

  /** @param {KeyboardEvent} event */
  #keyInBar(event) {
    const buttons = this.#buttons
    const place = buttons.indexOf(/** @type {HTMLElement} */ (event.target))
    const next = {ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: buttons.length - 1}[event.key]
    if (next !== undefined) this.#done(event, buttons[(next + buttons.length) % buttons.length])
    else if (event.key === "Escape") {
      const message = this.#at
      if (this.#bar.classList.contains("asking") && message) this.#goTo(message, true)
      this.#done(event, message)
    }
  }

  /**
   * @param {Event} event
   * @param {HTMLElement | null | undefined} focus
   */
  #done(event, focus) {
    event.preventDefault()
    event.stopPropagation()
    focus?.focus()
  }

  get #buttons() {
    return /** @type {HTMLElement[]} */ ([...this.#bar.querySelectorAll("button")])
  }

  /**
   * @param {Element} target
   * @param {HTMLElement | null} message
   */
  #clicked(target, message) {
    const act = /** @type {HTMLElement | null} */ (target.closest("[data-act]"))?.dataset.act
    const key = message?.dataset.key ?? ""
    if (!message) return
    if (target.closest("[data-action=pick]") || act === "react") this.#pick(message)
    else if (act === "delete") this.#askToDelete()
    else if (act === "keep") this.#backTo(message)
    else if (act === "delete-now") {
      this.#backTo(message)
      this.#delegate.act(key, "delete")
    } else if (act) this.#delegate.act(key, act)
  }

  /** @param {HTMLElement} message */
  #backTo(message) {
    this.#goTo(message, true)
    message.focus()
  }

  /** @param {HTMLElement} message */
  async #pick(message) {
    if (this.#picker && this.#at === message) return this.#backTo(message)
    const loaded = await import("./emoji-picker.js").catch(() => null)
    if (!loaded) return
    this.#goTo(message)
    this.#closePicker()
    this.#picker = loaded.emojiPicker(this.#words, emoji => {
      this.#backTo(message)
      this.#delegate.act(message.dataset.key ?? "", "react", {emoji})
    })
    message.append(this.#picker)
    this.#picker.scrollIntoView({block: "nearest"})
    this.#picker.querySelector("button")?.focus()
  }

  #closePicker() {
    const picker = this.#picker
    this.#picker = null
    picker?.remove()
  }
}
