/** The widget: a launcher and a panel in a shadow root of their own, wired to one visit. */

import {Base} from "../js/elements/build.js"
import {defineElements} from "../js/elements/define.js"
import {AttentionObserver, IdleObserver, LeavingObserver} from "../js/elements/observers.js"
import {lazily} from "../js/lazily.js"
import {openStorage} from "../js/store/storage.js"
import {browserTabs} from "../js/tabs/tabs.js"
import {wordsFor} from "../js/words.js"
import {Panel} from "./panel.js"
import {accentSheets, loadSheets} from "./sheets.js"
import {Telling} from "./telling.js"
import {ViewportObserver} from "./viewport.js"
import {Visit} from "./visit.js"

/** @typedef {import("./visit.js").Config} Config */
/** @typedef {import("../js/words.js").Words} Words */
/**
 * @typedef {object} Settings  what a page may change while the widget is there; null leaves a choice to others
 * @property {string | null} [locale]  before the page's own, the organisation's and the browser's
 * @property {string | null} [colorScheme]  "light" or "dark"; else what the reader prefers
 * @property {string | null} [position]  "left" or "right"; else what the organisation chose
 * @property {string} [identity]  a JWT, as `setUser` takes it
 */
/**
 * @typedef {Settings & {
 *   base: string, root: string, site: string, tell: import("./telling.js").Tell, isFramed?: boolean,
 * }} Options  `base`: the origin of the chat server; `root`: where its static files are; `isFramed`: also tells `shape`
 *   ({shape: "none" | "closed" | "open", position})
 */

const OTHER = {left: "right", right: "left"}

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
  /** In a frame, which is narrow always, the page around it tells. */
  #viewport = new ViewportObserver(isNarrow => this.#isFramed || this.toggleAttribute("data-narrow", isNarrow))
  #isFramed = false
  #shownShape = ""
  /** @type {Visit | null} */
  #visit = null
  /** @type {Panel | null} */
  #panel = null
  #config = /** @type {Config} */ (/** @type {unknown} */ (null))
  #tell = /** @type {Options["tell"]} */ (() => {})
  /** Until it is destroyed. */
  #isWanted = false
  #shownUnread = 0
  /** How often a language was asked for. */
  #asked = 0
  /** Loaded with the first that is unread. @type {import("../js/title.js").TitleCount | null} */
  #title = null
  #loadTitle = lazily(() => import("../js/title.js"), ({pageTitle}) => {
    this.#title = pageTitle
    this.#changed()
  })
  /** @type {any} */
  #minutes = null
  #isDue = false

  /**
   * @param {Visit} visit
   * @param {Config} config
   * @param {CSSStyleSheet[]} sheets
   * @param {Options} options
   */
  furnish(visit, config, sheets, {tell, isFramed = false}) {
    this.#isFramed = isFramed
    this.#visit = visit
    this.#config = config
    this.#tell = tell
    this.#isWanted = true
    this.attachShadow({mode: "open"}).adoptedStyleSheets = [...sheets, this.#viewport.sheet]
    this.#hear(visit)
  }

  connectedCallback() {
    // A copy that a page's cache kept.
    if (!this.#isWanted) return this.remove()
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
    // A page that changes its body without being loaded anew takes us out with the old one.
    queueMicrotask(() => this.#isWanted && !this.isConnected && (document.body ?? document.documentElement).append(this))
  }

  /** Another tab wrote something down. */
  handleEvent() {
    this.#visit?.follow()
  }

  get isOpen() {
    return this.#panel?.isOpen ?? false
  }

  get unread() {
    return this.#visit?.client?.store.unread ?? 0
  }

  /** @param {Settings} settings */
  async update({locale, colorScheme, position, identity}) {
    if (position !== undefined) this.#place(position)
    if (colorScheme !== undefined) this.#dress(colorScheme)
    if (locale !== undefined) await this.speak(locale)
    if (identity) await this.setUser(identity)
  }

  /** @param {string} jwt */
  setUser(jwt) {
    return this.#visit?.setUser(jwt)
  }

  /** @param {string | null} locale */
  setLocale(locale) {
    return this.update({locale})
  }

  /** @param {string | null} colorScheme  "auto" for what the reader prefers */
  setColorScheme(colorScheme) {
    return this.update({colorScheme})
  }

  /**
   * Where the person writes from, where the page does not say it itself.
   *
   * @param {{page?: string, locale?: string}} context
   */
  setContext(context) {
    return this.#visit?.contact.know(context)
  }

  /** @param {Record<string, string | number | boolean>} attributes  all of them: those of before are forgotten */
  setCustomAttributes(attributes) {
    return this.#visit?.contact.know({attributes})
  }

  /** @param {Record<string, string | number | boolean>} attributes  of the conversation; those of before are forgotten */
  async setConversationAttributes(attributes) {
    const {describe} = await import("./describing.js")
    await describe(/** @type {Visit} */ (this.#visit), attributes)
  }

  show() {
    this.#open(true)
  }

  hide() {
    this.#open(false)
  }

  toggle() {
    this.#open(!this.isOpen)
  }

  /** All conversations, where there are several. */
  showMessages() {
    this.#panel?.turn("chats")
    this.show()
  }

  /** What the person has asked for, where that is of use to them. */
  showRequests() {
    this.#panel?.turn("requests")
    this.show()
  }

  /** @param {string} [text]  what the composer begins with, unless something is written there */
  showNewMessage(text = "") {
    this.#visit?.chooseSupport()
    this.#panel?.turn("conversation")
    this.show()
    this.#panel?.begin(text)
  }

  /** @param {string} id */
  async showConversation(id) {
    await this.#visit?.find(id)
    this.#panel?.turn("conversation")
    this.show()
  }

  async shutdown() {
    this.hide()
    await this.#visit?.shutdown()
  }

  destroy() {
    this.hide()
    this.#isWanted = false
    this.#count(0)
    this.remove()
    this.#visit?.end()
  }

  /** @param {string | null | undefined} locale */
  async speak(locale) {
    const asked = ++this.#asked
    const words = await wordsFor([locale, document.documentElement.lang, this.#config.organisation.locale, navigator.language])
    // One that was asked for later may have come sooner.
    if (asked !== this.#asked) return
    defineElements(words)
    this.#show(new Panel(/** @type {Visit} */ (this.#visit), words, this.#config))
  }

  /** @param {Panel} panel */
  #show(panel) {
    const last = this.#panel
    this.#panel = panel
    this.#listen(panel)
    this.shadowRoot?.replaceChildren(panel.nodes.root)
    if (last) panel.follow(last)
    this.#changed()
  }

  /** @param {string | null} position */
  #place(position) {
    this.dataset.position = freeSide(position || this.#config.appearance.position, this)
  }

  /** @param {string | null} colorScheme */
  #dress(colorScheme) {
    if (colorScheme === "light" || colorScheme === "dark") this.dataset.scheme = colorScheme
    else delete this.dataset.scheme
  }

  /** @param {boolean} isOpen */
  #open(isOpen) {
    const panel = /** @type {Panel} */ (this.#panel)
    const {nodes} = panel
    if (panel.isOpen === isOpen || isOpen && nodes.launcher.hidden) return
    const hadFocus = nodes.panel.contains(this.shadowRoot?.activeElement ?? null)
    panel.isOpen = isOpen
    if (!isOpen && hadFocus) nodes.launcher.focus()
    this.#tell(isOpen ? "opened" : "closed")
    this.#changed()
  }

  /** @param {Visit} visit */
  #hear(visit) {
    new Telling(visit, (name, about) => this.#tell(name, about))
    visit.addEventListener("change", () => this.#changed())
    visit.addEventListener("reset", () => this.#panel?.nodes.composer.forget())
    visit.addEventListener("began", event => this.#panel?.began(/** @type {CustomEvent} */ (event).detail))
    visit.addEventListener("arrived", event => this.#arrived(/** @type {CustomEvent} */ (event).detail))
    visit.addEventListener("connection", () => this.#connectionChanged())
  }

  /** @param {Panel} panel */
  #listen(panel) {
    const {nodes} = panel
    const visit = /** @type {Visit} */ (this.#visit)
    /** @type {(target: EventTarget, name: string, act: (detail: any, event: any) => void) => void} */
    const on = (target, name, act) => target.addEventListener(name, event => act(/** @type {any} */ (event).detail, event))
    on(nodes.launcher, "click", () => this.toggle())
    on(nodes.close, "click", () => this.hide())
    on(nodes.bell, "click", () => panel.showAlerts(nodes.bell.getAttribute("aria-expanded") !== "true"))
    on(nodes.root, "panel:go", ({id}) => this.showConversation(id))
    for (const type of ["pointerup", "keydown"]) on(nodes.root, type, () => panel.acted())
    on(nodes.panel, "pointerdown", (_, {target}) => target.closest(".alerts, .panel-head") || panel.showAlerts(false))
    on(nodes.back, "click", () => panel.turn("chats"))
    on(nodes.panel, "tabs:choose", ({tab}) => panel.turn(tab))
    on(nodes.panel, "chats:support", () => this.showNewMessage())
    on(nodes.more, "click", () => panel.showMore())
    on(nodes.panel, "keydown", (_, event) => event.key === "Escape" && this.#escape(event))
    on(nodes.panel, "list:open", ({id}) => {
      visit.choose(id)
      panel.turn("conversation")
    })
    on(nodes.timeline, "timeline:retry", ({clientId}) => visit.resend(clientId))
    on(nodes.timeline, "timeline:discard", ({clientId}) => visit.discard(clientId))
    on(nodes.timeline, "timeline:older", () => visit.conversation && visit.client?.paging.older(visit.conversation.id).catch(() => {}))
    on(nodes.connection, "connection:retry", () => visit.client?.retryNow())
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    event.stopPropagation()
    const panel = /** @type {Panel} */ (this.#panel)
    if (panel.nodes.bell.getAttribute("aria-expanded") === "true") panel.showAlerts(false)
    else this.hide()
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
    const panel = /** @type {Panel} */ (this.#panel)
    panel.render()
    const {shown} = panel
    if (shown) visit.stayWith(shown.id)
    visit.client?.open(shown?.id ?? null)
    this.#attention.tell()
    if (this.#isFramed) this.#tellShape(panel)
    // In a frame, the page around it shows it.
    else this.#count(this.#isWanted ? this.unread : 0)
    if (this.unread !== this.#shownUnread) this.#tell("unread", {count: this.#shownUnread = this.unread})
  }

  /** @param {Panel} panel */
  #tellShape({isOpen, nodes}) {
    const shape = isOpen ? "open" : nodes.launcher.hidden ? "none" : "closed"
    const {position} = this.dataset
    if (this.#shownShape !== `${shape} ${position}`) this.#tell("shape", {shape, position})
    this.#shownShape = `${shape} ${position}`
  }

  /** @param {import("../js/wire.js").Message} message */
  #arrived(message) {
    const isSeen = this.#panel?.shown?.id === message.conversation && document.hasFocus()
    this.#panel?.arrived(message, isSeen).catch(() => {})
  }

  /** @param {number} unread */
  #count(unread) {
    if (unread) this.#loadTitle()
    this.#title?.show(this, unread)
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
export async function start(options) {
  const {base, root, site, locale, colorScheme = null, position = null, identity} = options
  const visit = new Visit({
    base, site, storage: openStorage(() => localStorage), tabs: browserTabs(),
    openSocket: (url, protocols) => new WebSocket(url, protocols),
    here: () => ({page: pageOf(options.isFramed ? document.referrer : location.href), locale: navigator.language}),
  })
  const [config, sheets] = await Promise.all([visit.load(), loadSheets(root), pageReady()])
  if (!customElements.get("parley-widget")) customElements.define("parley-widget", WidgetElement)
  const element = /** @type {WidgetElement} */ (document.createElement("parley-widget"))
  element.furnish(visit, config, [...sheets, ...accentSheets(config.appearance.accent)], options)
  await element.speak(locale)
  await element.update({colorScheme, position})
  document.body.append(element)
  visit.resume()
  if (identity) await element.setUser(identity)
  return element
}

/**
 * Two sites in one page stand beside each other.
 *
 * @param {string} wanted
 * @param {Element} mine
 */
function freeSide(wanted, mine) {
  const side = wanted === "left" ? "left" : "right"
  const isTaken = [...document.querySelectorAll("parley-widget")].some(one => one !== mine && /** @type {HTMLElement} */ (one).dataset.position === side)
  return isTaken ? OTHER[side] : side
}

/** What lies on a disk is nobody's page. @param {string} address */
function pageOf(address) {
  return address.startsWith("http") ? address : ""
}

/** @returns {Promise<unknown> | void} */
function pageReady() {
  if (document.body) return
  return new Promise(resolve => document.addEventListener("DOMContentLoaded", resolve, {once: true}))
}
