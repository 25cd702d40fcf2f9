/**
 * `<parley-timeline>`: what was said, in order. Announces `timeline:older`, `timeline:retry` and `timeline:discard`
 * ({clientId}), `timeline:jump` ({to}); and with the message ({item}) `timeline:reply`, `timeline:edit`, `timeline:again`,
 * `timeline:delete`, `timeline:pin`, `timeline:unpin`, `timeline:copy`, `timeline:react` ({item, emoji}), `timeline:dismiss`;
 * `timeline:person` ({member, at}) where somebody is named.
 */

import {lazily} from "../lazily.js"
import {firstUnreadOf, rowsOf} from "../store/grouping.js"
import {around, earlier, follow, later, newest} from "../store/stretch.js"
import {announce, arrange, Base, build} from "./build.js"
import {icon} from "./icons.js"
import {messageNode, updateMessage} from "./message.js"

/** @typedef {import("../store/grouping.js").Row} Row */
/** @typedef {import("../store/items.js").Item} Item */
/** @typedef {import("../words.js").Words} Words */
/**
 * @typedef {object} View
 * @property {string} conversation  another one starts at its own place
 * @property {Item[]} items
 * @property {boolean} hasOlder
 * @property {number | null} unreadAfter  my read watermark when it was opened, if something was unread
 * @property {Node | null} empty  shown while there is nothing
 * @property {import("../store/timeline.js").Reach | null} [reach]  of my newest message
 * @property {string} [me]
 * @property {(member: string) => boolean} [knows]  whether I do: a mention of theirs opens a card
 * @property {(item: Item) => import("../store/rights.js").Action[]} [actionsOn]  what may be done with a message
 */

const NEAR_END = 48
/** Soon enough that nobody meets the end of what is in the page. */
const NEAR_EDGE = 240
const SOUGHT_MS = 2_000

export class TimelineElement extends Base {
  /** @type {Words | null} */
  words = null
  /** @type {View | null} */
  #view = null
  /** What of it is in the page. @type {import("../store/stretch.js").Stretch} */
  #stretch = {from: 0, to: 0}
  /** @type {Map<string, HTMLElement>} */
  #nodes = new Map()
  #log = /** @type {HTMLElement} */ (/** @type {unknown} */ (null))
  #toNewest = /** @type {HTMLElement} */ (/** @type {unknown} */ (null))
  #followsEnd = true
  /** @type {ResizeObserver | null} */
  #resizes = null
  /** Loaded with the first message. @type {import("./message-actions.js").MessageActions | null} */
  #actions = null
  #loadActions = lazily(() => import("./message-actions.js"), ({MessageActions}) => this.#offer(MessageActions))
  /** Loaded with the first file. @type {import("./message.js").Showing["showFiles"]} */
  #showFiles = null
  #loadFiles = lazily(() => import("./files.js").then(loaded => loaded.filesShown(this)), show => this.#reveal(show))
  /** Whose files they are. @type {import("./files.js").Source | null} */
  source = null

  connectedCallback() {
    if (!this.#log) this.#make()
    this.#actions?.start()
    this.#log.addEventListener("scroll", this, {passive: true})
    this.addEventListener("click", this)
    this.#resizes = new ResizeObserver(() => this.#followsEnd && this.#scrollToEnd())
    this.#resizes.observe(this.#log)
  }

  disconnectedCallback() {
    this.#log.removeEventListener("scroll", this)
    this.removeEventListener("click", this)
    this.#resizes?.disconnect()
    this.#actions?.stop()
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "scroll") this.#scrolled()
    else this.#clicked(/** @type {Element} */ (event.target))
  }

  /** @param {View} view */
  show(view) {
    const before = this.#view
    const isAnother = view.conversation !== before?.conversation
    const toEnd = !isAnother && (this.#followsEnd || saidMore(before, view))
    const isHistory = !isAnother && isEarlier(view.items, before?.items ?? [])
    this.#view = view
    if (isAnother) this.#nodes.clear()
    this.#stretch = isAnother || toEnd ? this.#newest(isAnother) : this.#sameStretch(before?.items ?? [])
    if (isAnother || toEnd) this.#render(isAnother || isHistory)
    else this.#renderInPlace(isHistory)
    if (isAnother) this.#settle()
    else if (toEnd) this.#scrollToEnd()
    this.#actions?.refresh()
    if (view.items.length) this.#loadActions()
    if (view.items.some(({attachments}) => attachments.length)) this.#loadFiles()
    this.#scrolled()
  }

  /**
   * Brings a message into sight, if it is there.
   *
   * @param {string} id
   */
  jump(id) {
    const index = this.#items.findIndex(item => item.id === id)
    if (index === -1) return
    const {from, to} = this.#stretch
    if (index < from || index >= to) this.#move(around(index, this.#items.length))
    const node = /** @type {HTMLElement} */ (this.#nodes.get(this.#items[index].key))
    node.scrollIntoView({block: "center"})
    node.focus({preventScroll: true})
    node.classList.add("sought")
    setTimeout(() => node.classList.remove("sought"), SOUGHT_MS)
  }

  #make() {
    const words = /** @type {Words} */ (this.words)
    this.#log = build("div", {
      class: "timeline-log", role: "log", "aria-live": "polite", "aria-relevant": "additions",
      "aria-label": words.say("messages"), tabindex: "0",
    })
    this.#toNewest = build("button", {
      type: "button", class: "to-newest", hidden: true, "data-action": "newest", "aria-label": words.say("to_newest"),
    }, icon("chevron-down"))
    this.append(this.#log, this.#toNewest)
  }

  /** @param {typeof import("./message-actions.js").MessageActions} MessageActions */
  #offer(MessageActions) {
    this.#actions = new MessageActions(this.#log, /** @type {Words} */ (this.words), {
      offered: key => this.#offeredOn(this.#itemOf(key)),
      act: (key, action, detail) => this.#act(key, action, detail),
    })
    if (this.isConnected) this.#actions.start()
  }

  /** @param {import("./message.js").Showing["showFiles"]} showFiles */
  #reveal(showFiles) {
    this.#showFiles = showFiles
    if (this.#followsEnd) {
      this.#render(true)
      this.#scrollToEnd()
    } else this.#renderInPlace(true)
  }

  /** @param {boolean} isAnother  then with all that is unread */
  #newest(isAnother) {
    const first = isAnother ? firstUnreadOf(this.#items, this.#view?.unreadAfter ?? null) : -1
    return newest(this.#items.length, first === -1 ? undefined : first)
  }

  /** @param {Item[]} before */
  #sameStretch(before) {
    const key = before[this.#stretch.from]?.key
    const first = this.#items.findIndex(item => item.key === key)
    return follow(this.#stretch, before.length, {first, length: this.#items.length})
  }

  /** @param {import("../store/stretch.js").Stretch} stretch */
  #move(stretch) {
    this.#stretch = stretch
    this.#renderInPlace(true)
  }

  /** What is looked at stays where it is. @param {boolean} isQuiet */
  #renderInPlace(isQuiet) {
    const top = this.#log.offsetTop + this.#log.scrollTop
    const first = [...this.#nodes.values()].find(node => node.offsetTop + node.offsetHeight > top)
    const before = first?.offsetTop ?? 0
    this.#render(isQuiet)
    if (first?.isConnected) this.#log.scrollTop += first.offsetTop - before
  }

  /** @param {boolean} isQuiet  history is not news: neither slid in nor read out */
  #render(isQuiet) {
    const view = /** @type {View} */ (this.#view)
    const hadFocus = this.#log.contains(document.activeElement)
    this.#log.setAttribute("aria-busy", String(isQuiet))
    const rows = rowsOf(view.items, view, this.#stretch)
    const nodes = rows.map(row => this.#nodeOf(row, !isQuiet))
    this.#nodes = new Map(rows.map((row, index) => [row.key, nodes[index]]))
    const empty = !rows.length && view.empty ? [/** @type {Element} */ (view.empty)] : []
    arrange(this.#log, [...nodes, ...empty])
    if (hadFocus && !this.#log.contains(document.activeElement)) this.#log.focus({preventScroll: true})
    if (isQuiet) requestAnimationFrame(() => this.#log.setAttribute("aria-busy", "false"))
  }

  /**
   * @param {Row} row
   * @param {boolean} isNews
   */
  #nodeOf(row, isNews) {
    const words = /** @type {Words} */ (this.words)
    const known = this.#nodes.get(row.key)
    if (row.type !== "message") return known ?? separator(row, words)
    const {reach, me, knows} = /** @type {View} */ (this.#view)
    const showing = {words, reach, me, isNews, knows, reacts: this.#offeredOn(row.item).includes("react"), showFiles: this.#showFiles}
    if (known) updateMessage(known, row, showing)
    return known ?? messageNode(row, showing)
  }

  /** @param {string} key */
  #itemOf(key) {
    return this.#items.find(item => item.key === key)
  }

  get #items() {
    return this.#view?.items ?? []
  }

  /** @param {Item | undefined} item */
  #offeredOn(item) {
    return item && this.#view?.actionsOn?.(item) || []
  }

  /**
   * @param {string} key
   * @param {string} action
   * @param {object} [detail]
   */
  #act(key, action, detail = {}) {
    const item = this.#itemOf(key)
    if (item) announce(this, `timeline:${action}`, {item, ...detail})
  }

  #settle() {
    const line = this.#nodes.get("unread")
    if (line) this.#log.scrollTop = line.offsetTop - this.#log.offsetTop - NEAR_END
    else this.#scrollToEnd()
    this.#followsEnd = this.#isAtEnd
  }

  #scrolled() {
    const {from, to} = this.#stretch
    const {scrollTop} = this.#log
    this.#followsEnd = this.#isAtEnd
    this.#toNewest.hidden = this.#followsEnd
    if (scrollTop < NEAR_EDGE && from > 0) this.#move(earlier(this.#stretch))
    else if (this.#isWithin(NEAR_EDGE) && to < this.#items.length) this.#move(later(this.#stretch, this.#items.length))
    else if (scrollTop < NEAR_EDGE && this.#view?.hasOlder) announce(this, "timeline:older")
  }

  get #isAtEnd() {
    return this.#stretch.to === this.#items.length && this.#isWithin(NEAR_END)
  }

  /** @param {number} distance  from the end of what is in the page */
  #isWithin(distance) {
    const {scrollHeight, scrollTop, clientHeight} = this.#log
    return scrollHeight - scrollTop - clientHeight < distance
  }

  #toEnd() {
    this.#stretch = this.#newest(false)
    this.#render(true)
    this.#scrollToEnd()
  }

  #scrollToEnd() {
    this.#log.scrollTop = this.#log.scrollHeight
  }

  /** @param {Element} target */
  #clicked(target) {
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-action]"))
    if (!button) return
    const {action = "", clientId, to, emoji, member} = button.dataset
    const key = /** @type {HTMLElement | null} */ (button.closest("[data-key]"))?.dataset.key ?? ""
    if (action === "newest") this.#toEnd()
    else if (member) announce(this, "timeline:person", {member, at: button})
    else if (action === "react" && !this.#offeredOn(this.#itemOf(key)).includes("react")) return
    else if (clientId || to) announce(this, `timeline:${action}`, {clientId, to})
    else if (action !== "pick") this.#act(key, action, {emoji})
  }
}

/**
 * @param {import("../store/grouping.js").DayRow | import("../store/grouping.js").UnreadRow} row
 * @param {Words} words
 */
function separator(row, words) {
  if (row.type === "unread") return build("p", {class: "separator unread"}, build("span", {}, words.say("new_messages")))
  return build("p", {class: "separator"}, build("span", {}, words.day(row.at)))
}

/**
 * Whether what was said before has come; into nothing, more than a first message.
 *
 * @param {Item[]} items
 * @param {Item[]} before
 */
function isEarlier(items, before) {
  const [first, last] = [items[0], before[0]]
  if (!last) return items.length > 1
  return Boolean(first && first.key !== last.key && first.createdAt < last.createdAt)
}

/**
 * Whether I have just said something: then I want to see it, wherever I was.
 *
 * @param {View | null} before
 * @param {View} now
 */
function saidMore(before, now) {
  const last = now.items.at(-1)
  return Boolean(last?.mine && last.key !== before?.items.at(-1)?.key)
}
