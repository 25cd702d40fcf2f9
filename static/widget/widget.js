/** The widget: a launcher and a panel in a shadow root of their own, wired to one visit. */

import {Base} from "../js/elements/build.js"
import {defineElements} from "../js/elements/define.js"
import {AttentionObserver, IdleObserver, LeavingObserver} from "../js/elements/observers.js"
import {openStorage} from "../js/store/storage.js"
import {browserTabs} from "../js/tabs/tabs.js"
import {wordsFor} from "../js/words.js"
import {Panel} from "./panel.js"
import {accentSheets, loadSheets} from "./sheets.js"
import {ViewportObserver} from "./viewport.js"
import {Visit} from "./visit.js"

/** @typedef {import("./visit.js").Config} Config */
/**
 * @typedef {object} Options
 * @property {string} base  the origin of the chat server
 * @property {string} root  where its static files are
 * @property {string} site
 * @property {string} locale
 * @property {string} colorScheme  "light", "dark", or "" for what the reader prefers
 * @property {string} position  "left" or "right", or "" for what the organisation chose
 * @property {(name: string, detail?: unknown) => void} emit
 */

class WidgetElement extends Base {
  #attention = new AttentionObserver({
    attend: attention => this.#visit?.client?.attend(this.#panel?.isOpen ? attention : weaker(attention)),
    wake: () => this.#visit?.client?.wake(),
  })
  #idle = new IdleObserver(away => this.#visit?.client?.others.turn(away))
  #leaving = new LeavingObserver({
    leave: () => this.#visit?.client?.others.leave(),
    start: () => this.#visit?.client?.others.start(),
  })
  #viewport = new ViewportObserver()
  /** @type {Visit | null} */
  #visit = null
  /** @type {Panel | null} */
  #panel = null
  #emit = /** @type {Options["emit"]} */ (() => {})
  #shownUnread = 0
  /** @type {any} */
  #minutes = null
  #isDue = false

  /**
   * @param {Visit} visit
   * @param {Panel} panel
   * @param {CSSStyleSheet[]} sheets
   * @param {Options["emit"]} emit
   */
  furnish(visit, panel, sheets, emit) {
    this.#visit = visit
    this.#panel = panel
    this.#emit = emit
    const shadow = this.attachShadow({mode: "open"})
    shadow.adoptedStyleSheets = [...sheets, this.#viewport.sheet]
    shadow.append(panel.nodes.root)
    this.#listen(visit, panel)
    panel.render()
  }

  connectedCallback() {
    this.#viewport.start()
    this.#attention.start()
    this.#idle.start()
    this.#leaving.start()
    // "Last seen 5 min ago" is soon not true any more.
    this.#minutes = setInterval(() => this.#changed(), 60_000)
    window.addEventListener("storage", this)
  }

  disconnectedCallback() {
    this.#viewport.stop()
    this.#attention.stop()
    this.#idle.stop()
    this.#leaving.stop()
    clearInterval(this.#minutes)
    window.removeEventListener("storage", this)
  }

  /** Another tab wrote something down. */
  handleEvent() {
    this.#visit?.follow()
  }

  /** @param {string} jwt */
  setUser(jwt) {
    return this.#visit?.setUser(jwt)
  }

  show() {
    this.#open(true)
  }

  hide() {
    this.#open(false)
  }

  toggle() {
    this.#open(!this.#panel?.isOpen)
  }

  async shutdown() {
    this.hide()
    await this.#visit?.shutdown()
  }

  /** @param {boolean} isOpen */
  #open(isOpen) {
    const panel = /** @type {Panel} */ (this.#panel)
    const {nodes} = panel
    if (panel.isOpen === isOpen || isOpen && nodes.launcher.hidden) return
    const hadFocus = nodes.panel.contains(this.shadowRoot?.activeElement ?? null)
    panel.isOpen = isOpen
    if (!isOpen && hadFocus) nodes.launcher.focus()
    this.#emit(isOpen ? "open" : "close")
    this.#changed()
  }

  /**
   * @param {Visit} visit
   * @param {Panel} panel
   */
  #listen(visit, panel) {
    /** @type {(target: EventTarget, name: string, act: (detail: any, event: any) => void) => void} */
    const on = (target, name, act) => target.addEventListener(name, event => act(/** @type {any} */ (event).detail, event))
    const {nodes} = panel
    on(visit, "change", () => this.#changed())
    on(visit, "reset", () => nodes.composer.forget())
    on(visit, "arrived", message => this.#emit("message", message))
    on(visit, "connection", () => this.#connectionChanged())
    on(visit, "identity-expired", () => this.#emit("identity-expired"))
    on(nodes.launcher, "click", () => this.toggle())
    on(nodes.close, "click", () => this.hide())
    on(nodes.back, "click", () => visit.choose(null))
    on(nodes.panel, "keydown", (_, event) => event.key === "Escape" && this.#escape(event))
    on(nodes.list, "list:open", ({id}) => visit.choose(id))
    on(nodes.timeline, "timeline:retry", ({clientId}) => visit.resend(clientId))
    on(nodes.timeline, "timeline:discard", ({clientId}) => visit.discard(clientId))
    on(nodes.timeline, "timeline:older", () => visit.conversation && visit.client?.paging.older(visit.conversation.id).catch(() => {}))
    on(nodes.connection, "connection:retry", () => visit.client?.retryNow())
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    event.stopPropagation()
    this.hide()
  }

  /** Many changes, one rendering. */
  #changed() {
    if (this.#isDue) return
    this.#isDue = true
    queueMicrotask(() => {
      this.#isDue = false
      this.#render()
    })
  }

  #render() {
    const visit = /** @type {Visit} */ (this.#visit)
    const {client, conversation} = visit
    const panel = /** @type {Panel} */ (this.#panel)
    panel.render()
    if (panel.isOpen && conversation) visit.stayWith(conversation.id)
    client?.open(panel.isOpen ? conversation?.id ?? null : null)
    this.#attention.tell()
    if (panel.unread !== this.#shownUnread) this.#emit("unread", this.#shownUnread = panel.unread)
  }

  #connectionChanged() {
    const {client} = /** @type {Visit} */ (this.#visit)
    if (client && this.#panel) this.#panel.nodes.connection.status = client.status
  }
}

/**
 * A closed panel is not looked at, however focused the page is.
 *
 * @param {import("../js/socket/polling.js").Attention} attention
 */
function weaker(attention) {
  return attention === "focused" ? "visible" : attention
}

/**
 * Puts the widget into the page.
 *
 * @param {Options} options
 * @returns {Promise<WidgetElement>}
 */
export async function start({base, root, site, locale, colorScheme, position, emit}) {
  const visit = new Visit({
    base, site, storage: openStorage(() => localStorage), tabs: browserTabs(),
    openSocket: (url, protocols) => new WebSocket(url, protocols),
  })
  const [config, sheets] = await Promise.all([visit.load(), loadSheets(root), pageReady()])
  const words = await wordsFor([locale, document.documentElement.lang, config.organisation.locale, navigator.language])
  defineElements(words)
  if (!customElements.get("parley-widget")) customElements.define("parley-widget", WidgetElement)
  const element = /** @type {WidgetElement} */ (document.createElement("parley-widget"))
  element.dataset.position = position || config.appearance.position
  if (colorScheme === "light" || colorScheme === "dark") element.dataset.scheme = colorScheme
  element.furnish(visit, new Panel(visit, words, config), [...sheets, ...accentSheets(config.appearance.accent)], emit)
  document.body.append(element)
  visit.resume()
  return element
}

/** @returns {Promise<unknown> | void} */
function pageReady() {
  if (document.body) return
  return new Promise(resolve => document.addEventListener("DOMContentLoaded", resolve, {once: true}))
}
