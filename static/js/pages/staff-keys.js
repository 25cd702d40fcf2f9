/** One key, one act, on the staff page; the palette and the help do the same by name. */

import {announce} from "../elements/build.js"
import {addIcons} from "../elements/icons.js"
import {actOf, SHORTCUTS} from "../shortcuts.js"
import {nameOf} from "../store/naming.js"
import {rightsIn} from "../store/rights.js"
import {servingOf} from "../store/serving.js"
import {holdTyping} from "../typing-ahead.js"
import {part} from "./boot.js"

/** @typedef {import("../store/conversation.js").Conversation} Conversation */
/**
 * @typedef {object} Options
 * @property {import("./staff-view.js").StaffView} view
 * @property {import("../client.js").Client} client
 * @property {import("../managing.js").Managing} managing
 * @property {() => Promise<import("./desk.js").Desk>} desk
 * @property {(word: string) => void} complain  of what went wrong where nothing shows it
 * @property {import("../words.js").Words} words
 * @property {import("./boot.js").Boot} boot
 * @property {import("../store/storage.js").Keep} storage
 * @property {(id: string) => void} go
 */

addIcons({"command": ["M15 6v12a3 3 0 1 0 3-3H6a3 3 0 1 0 3 3V6a3 3 0 1 0-3 3h12a3 3 0 1 0-3-3"]})

const DESK = ["take", "resolve", "release", "assign"]
const FIELDS = "textarea, select, input:not([type=checkbox], [type=radio]), [contenteditable]"
const BUSY = "dialog[open], :popover-open"
const IS_MAC = /Mac|iP(hone|ad|od)/.test(navigator.platform)

export class StaffKeys {
  #options
  #name
  /** What the palette was opened for. @type {Conversation | null} */
  #chosen = null
  /** @type {Record<string, () => unknown>} */
  #acts = {
    next: () => this.#step(1),
    previous: () => this.#step(-1),
    move: () => {},
    search: () => part("search").focus(),
    new: () => this.#options.view.dialog.open(),
    write: () => this.#options.view.composer.focus(),
    note: () => this.#options.view.noting?.toggle(),
    take: () => this.#serve("take"),
    resolve: () => this.#serve("resolve"),
    release: () => this.#serve("release"),
    assign: () => this.#serve("assign"),
    read: () => this.#read(),
    archive: () => this.#archive(),
    mute: () => this.#mute(),
    files: () => this.#files?.click(),
    find: () => this.find(),
    details: () => this.#options.view.toggleDetails(),
    requests: () => this.#showRequests(),
    palette: () => this.openPalette(),
    help: () => this.showHelp(),
    leave: () => this.#leave(),
  }

  /** @param {Options} options */
  constructor(options) {
    this.#options = options
    this.#name = `parley:${options.client.me.id}:keys`
  }

  start() {
    document.addEventListener("keydown", this)
    this.#options.view.settings.showKeys(this.isOn)
  }

  /** Read anew each time: another tab may have changed it. */
  get isOn() {
    return this.#options.storage.getItem(this.#name) !== "off"
  }

  /** @param {boolean} isOn */
  turn(isOn) {
    this.#options.storage.setItem(this.#name, isOn ? "on" : "off")
    this.#options.view.settings.showKeys(isOn)
  }

  /** @param {KeyboardEvent} event */
  handleEvent(event) {
    if (event.defaultPrevented) return
    const isTyping = event.target instanceof Element && event.target.closest(FIELDS) !== null
    const act = actOf(event, {isTyping, isBusy: document.querySelector(BUSY) !== null, isMeant: this.#meant !== null, isOn: this.isOn})
    if (!act || !this.may(act)) return
    // Escape is the browser's, too.
    if (act !== "leave") event.preventDefault()
    this.#acts[act]()
  }

  /** @param {string} act */
  may(act) {
    const conversation = this.#meant
    if (act === "new") return this.#options.boot.permissions.includes("start_direct")
    if (act === "requests") return this.#options.boot.permissions.includes("create_requests")
    if (act === "archive" || act === "mute") return conversation !== null && rightsIn(conversation, this.#person).own
    if (DESK.includes(act)) return conversation !== null && servingOf(conversation, this.#options.boot.permissions).some(one => one === act)
    if (act === "read") return conversation !== null && conversation.unread > 0
    if (act === "note" && !this.#options.view.noting?.isOffered) return false
    if (act === "note" || act === "files" || act === "find" || act === "details" || act === "write") return conversation !== null && conversation.id === this.#options.view.selected
    return true
  }

  showHelp = async () => {
    const {words} = this.#options
    const acts = new Set(SHORTCUTS.map(({act}) => act).filter(act => !["new", "requests"].includes(act) || this.may(act)))
    const {showKeys} = await import("../elements/keys-help.js")
    await showKeys({words, root: document.body, acts, isOn: this.isOn, isMac: IS_MAC, turn: isOn => this.turn(isOn)})
  }

  openPalette = async () => {
    const {client, words, go} = this.#options
    // What is meant is meant now: the palette takes the focus.
    const meant = this.#meant
    const acts = new Set(SHORTCUTS.map(({act}) => act).filter(act => this.may(act)))
    const typed = holdTyping(window)
    try {
      const {openStaffPalette} = await import("./staff-palette.js")
      await openStaffPalette({client, words, acts, go, typed, isMac: IS_MAC, does: act => this.#do(act, meant)})
    } finally {
      typed()
    }
  }

  /** What was said in the conversation on the screen. */
  async find() {
    const {client, words, view} = this.#options
    if (!view.selected) return
    const typed = holdTyping(window)
    try {
      const {finderIn, openSearch} = await import("../elements/searching.js")
      await openSearch({
        root: document.body, words, find: finderIn(client.api, view.selected), go: to => announce(view.timeline, "timeline:jump", {to}), typed,
      })
    } finally {
      typed()
    }
  }

  async #showRequests() {
    const {client, words, boot} = this.#options
    const {openRequests} = await import("./staff-requests.js")
    await openRequests(client, words, boot)
  }

  /**
   * @param {string} act
   * @param {Conversation | null} meant
   */
  #do(act, meant) {
    this.#chosen = meant
    this.#acts[act]()
    this.#chosen = null
  }

  get #person() {
    return {me: this.#options.client.me, permissions: this.#options.boot.permissions}
  }

  get #files() {
    return /** @type {HTMLElement | null} */ (document.querySelector(".gallery-button"))
  }

  /** The one whose row has the focus, else the open one. @returns {Conversation | null} */
  get #meant() {
    const {client, view} = this.#options
    return this.#chosen ?? client.store.get(view.list.focused ?? view.selected ?? "")
  }

  /** @param {number} by */
  #step(by) {
    const {view, go} = this.#options
    const next = view.list.step(view.list.focused ?? view.selected, by)
    if (!next) return
    view.list.focusRow(next)
    if (next === view.selected) return
    view.isRead = true
    go(next)
  }

  #read() {
    const conversation = /** @type {Conversation} */ (this.#meant)
    this.#options.client.read(conversation.id)
    this.#say("done_read", conversation)
  }

  /** @param {import("../store/serving.js").DeskAct} act */
  async #serve(act) {
    const {desk} = this.#options
    const conversation = /** @type {Conversation} */ (this.#meant)
    await (await desk()).act(act, conversation)
  }

  #archive() {
    const conversation = /** @type {Conversation} */ (this.#meant)
    const archived = !conversation.info.archived
    this.#manage(conversation, archived ? "done_archived" : "done_unarchived", managing => managing.archive(conversation.id, archived))
  }

  #mute() {
    const conversation = /** @type {Conversation} */ (this.#meant)
    const muted = !conversation.isMutedAt(Date.now())
    this.#manage(conversation, muted ? "done_muted" : "done_unmuted", managing => managing.mute(conversation.id, {muted, until: null}))
  }

  /**
   * @param {Conversation} conversation
   * @param {string} done
   * @param {(managing: import("../managing.js").Managing) => Promise<unknown>} act
   */
  #manage(conversation, done, act) {
    const {view, managing, words, complain} = this.#options
    act(managing).then(() => this.#say(done, conversation), () => {
      if (conversation.id !== view.selected) return complain("not_saved")
      part("said").textContent = words.say("not_saved")
      view.toggleDetails(true)
      view.about.fail()
    })
  }

  /** To who cannot see what has changed. @param {string} word @param {Conversation} conversation */
  #say(word, conversation) {
    const {words, client} = this.#options
    part("said").textContent = words.say(word, {name: nameOf(conversation, client.me) || words.say("nameless")})
  }

  /** Out of a field, so that keys do something again; else what lies over the conversation goes. */
  #leave() {
    const {view} = this.#options
    const field = document.activeElement
    if (field instanceof HTMLInputElement && field.value && field.type === "search") return
    if (field instanceof HTMLElement && field.matches(FIELDS)) {
      if (!view.list.focusRow(view.selected)) field.blur()
    } else if (view.isCovered) view.toggleDetails(false)
  }
}
