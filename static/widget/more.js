/** What else can be done with a conversation, under the dots of the head. Loaded when it is asked for. */

import {announce, build} from "../js/elements/build.js"
import {addIcons, icon} from "../js/elements/icons.js"
import {adopt} from "../js/elements/sheet.js"
import {toastsIn} from "../js/elements/toast.js"
import {Managing} from "../js/managing.js"
import puttingAway from "../js/words/putting-away.js"
import searching from "../js/words/searching.js"

/** @typedef {import("../js/words.js").Words} Words */
/** @typedef {import("./visit.js").Visit} Visit */
/** @typedef {ReturnType<typeof import("./nodes.js").widgetNodes>} Nodes */
/** @typedef {[symbol: string, word: string, act: () => unknown]} Act */

addIcons({
  "mail": ["M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2", "m22 7-8.97 5.7a1.94 1.94 0 0 1-2.06 0L2 7"],
})

/**
 * @param {Nodes} nodes
 * @param {Visit} visit
 * @param {Words} words
 */
export async function moreIn(nodes, visit, words) {
  const [toast] = await Promise.all([toastsIn(nodes.panel, words), adopt(nodes.root, "alerts.css"), adopt(nodes.root, "searching.css")])
  words.learn(searching)
  words.learn(puttingAway)
  const more = new More(nodes, visit, words, toast)
  nodes.panel.append(more.node)
  return more
}

export class More {
  #nodes
  #visit
  #words
  #toast
  #shown = ""

  /**
   * @param {Nodes} nodes
   * @param {Visit} visit
   * @param {Words} words
   * @param {import("../js/elements/toast.js").Toast} toast
   */
  constructor(nodes, visit, words, toast) {
    this.#nodes = nodes
    this.#visit = visit
    this.#words = words
    this.#toast = toast
    this.node = build("div", {class: "alerts", id: "more", role: "group", "aria-label": words.say("more_here"), hidden: true})
    this.node.addEventListener("keydown", event => this.#key(event))
    visit.addEventListener("change", () => this.#show())
    nodes.panel.addEventListener("pointerdown", ({target}) => {
      if (!this.node.hidden && !this.node.contains(/** @type {Node} */ (target)) && !nodes.more.contains(/** @type {Node} */ (target))) this.#open(false)
    })
  }

  toggle() {
    this.#open(Boolean(this.node.hidden))
  }

  /** @param {boolean} isOpen */
  #open(isOpen) {
    const hadFocus = this.node.contains(/** @type {ShadowRoot} */ (this.node.getRootNode()).activeElement)
    this.node.hidden = !isOpen
    this.#shown = ""
    this.#show()
    this.#nodes.more.setAttribute("aria-expanded", String(isOpen))
    if (isOpen) this.#buttons[0].focus()
    else if (hadFocus) this.#nodes.more.focus()
  }

  /** Anew when something else can be done. */
  #show() {
    const acts = this.#acts
    const shown = acts.map(([, word]) => word).join(" ")
    if (this.node.hidden || shown === this.#shown) return
    this.#shown = shown
    const place = this.#buttons.indexOf(/** @type {HTMLElement} */ (/** @type {ShadowRoot} */ (this.node.getRootNode()).activeElement))
    this.node.replaceChildren(...acts.map(one => this.#button(one)))
    this.#buttons[place]?.focus()
  }

  get #buttons() {
    return /** @type {HTMLElement[]} */ ([...this.node.children])
  }

  /** @returns {Act[]} */
  get #acts() {
    const {conversation, conversations, hasEmail} = this.#visit
    const {archived = false} = conversation?.info ?? {}
    return [
      ["search", "search_here", () => this.#search()],
      conversation?.isMutedAt(Date.now()) ? ["bell", "unmute_here", () => this.#mute(false)] : ["bell-off", "mute_here", () => this.#mute(true)],
      // The only one is on the screen wherever it is.
      .../** @type {Act[]} */ (conversations.length > 1 ? [["archive", archived ? "unarchive_here" : "archive_here", () => this.#archive(!archived)]] : []),
      .../** @type {Act[]} */ (hasEmail ? [["mail", "transcript", () => this.#transcript()]] : []),
    ]
  }

  /** @param {Act} act */
  #button([symbol, word, act]) {
    const button = build("button", {type: "button", class: "more-act"}, icon(symbol, {size: 18}), this.#words.say(word))
    button.addEventListener("click", () => {
      this.#open(false)
      act()
    })
    return button
  }

  async #search() {
    const {client, conversation} = this.#visit
    if (!client || !conversation) return
    const {finderIn, openSearch} = await import("../js/elements/searching.js")
    await openSearch({
      root: this.#nodes.root, words: this.#words, find: finderIn(client.api, conversation.id),
      go: to => announce(this.#nodes.timeline, "timeline:jump", {to}),
    })
  }

  /** @param {boolean} muted */
  #mute(muted) {
    return this.#manage((managing, id) => managing.mute(id, {muted, until: null}))
  }

  /** @param {boolean} archived */
  async #archive(archived) {
    const {conversation} = this.#visit
    const isDone = await this.#manage((managing, id) => managing.archive(id, archived))
    // Whoever has gone on meanwhile is not called back.
    if (isDone && archived && this.#visit.conversation === conversation) announce(this.#nodes.panel, "tabs:choose", {tab: "chats"})
  }

  /**
   * @param {(managing: Managing, id: string) => Promise<unknown>} act
   * @returns {Promise<boolean>} whether it was done
   */
  async #manage(act) {
    const {client, conversation} = this.#visit
    if (!client || !conversation) return false
    try {
      await act(new Managing(client.api), conversation.id)
      return true
    } catch {
      this.#toast.fail(this.#words.say("more_failed"))
      return false
    }
  }

  /** Sends the person what was said. */
  async #transcript() {
    const {client, conversation} = this.#visit
    if (!client || !conversation) return
    const {askTranscript} = await import("../js/transcribing.js")
    await askTranscript(client.api, conversation.id, this.#words).then(sent => this.#toast.tell(sent), ({message}) => this.#toast.fail(message))
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key]
    if (event.key === "Escape") this.#open(false)
    else if (!step) return
    event.stopPropagation()
    event.preventDefault()
    const buttons = this.#buttons
    const place = buttons.indexOf(/** @type {HTMLElement} */ (/** @type {Element} */ (event.target).closest(".more-act")))
    if (step) buttons[(place + step + buttons.length) % buttons.length].focus()
  }
}
