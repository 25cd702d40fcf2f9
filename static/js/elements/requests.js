/**
 * Requests: all of them, one of them, or a new one being written. Announces `requests:ask` ({wanted, files}),
 * `requests:add` ({id, files}), `requests:withdraw` ({id}), `requests:decide` ({id, decision, reason}), `requests:more`,
 * `requests:filter` ({status}).
 */

import "./act-symbols.js"
import {announce, arrange, build} from "./build.js"
import {emptyState} from "./empty.js"
import {icon} from "./icons.js"
import {RequestForm} from "./request-form.js"
import {moveAmong} from "./rows.js"

/** @typedef {import("../store/requests.js").ClientRequest} ClientRequest */
/** @typedef {import("../store/requests.js").Space} Space */
/** @typedef {import("../wire.js").Attachment} Attachment */
/** @typedef {import("../words.js").Words} Words */
/**
 * @typedef {object} View
 * @property {ClientRequest[]} requests  newest first
 * @property {Space[]} spaces
 * @property {string} me
 * @property {boolean} mayDecide
 * @property {boolean} hasMore
 * @property {string | null} status  of those that are shown; null where there is no choice
 */
/** @typedef {(files: Attachment[]) => HTMLElement} ShowFiles */

const SYMBOLS = {pending: "clock", approved: "check", rejected: "x", withdrawn: "undo"}
const MOST_REASON = 1_000

/**
 * @param {ClientRequest["status"]} status
 * @param {Words} words
 */
export function chipOf(status, words) {
  return build("span", {class: `request-status ${status}`}, icon(SYMBOLS[status], {size: 14}), words.say(`request_status_${status}`))
}

export class RequestsView {
  #words
  #showFiles
  #parts
  #form
  /** @type {View} */
  #view = {requests: [], spaces: [], me: "", mayDecide: false, hasMore: false, status: null}
  /** The one that is looked at. */
  #open = ""
  #isWriting = false
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map()
  #shown = ""

  /**
   * @param {Words} words
   * @param {ShowFiles} showFiles
   */
  constructor(words, showFiles) {
    this.#words = words
    this.#showFiles = showFiles
    const say = (/** @type {string} */ word) => words.say(word)
    this.#form = new RequestForm(words)
    const create = build("button", {type: "button", class: "button primary", "data-act": "new"}, icon("plus", {size: 18}), say("requests_new"))
    const filter = build("div", {class: "requests-filter", role: "group", "aria-label": say("requests_which")},
      ...["pending", ""].map(status => build("button", {type: "button", class: "requests-choice", "data-status": status}, say(status ? "requests_pending" : "requests_all"))))
    const head = build("div", {class: "requests-head"}, filter, create)
    const list = build("ul", {class: "requests-list", "aria-label": say("requests")})
    const empty = build("div")
    const more = build("button", {type: "button", class: "button requests-more", "data-act": "more"}, say("request_more"))
    const all = build("div", {class: "requests-all"}, head, empty, list, more)
    const one = build("div", {class: "request", tabindex: "-1", hidden: true})
    const note = build("p", {class: "requests-note", role: "status"})
    this.#parts = {create, filter, list, empty, more, all, one, note}
    this.node = build("div", {class: "requests"}, note, all, one, this.#form.node)
    for (const type of ["click", "keydown", "submit", "change"]) this.node.addEventListener(type, this)
  }

  /** @param {Event} event */
  handleEvent(event) {
    const target = /** @type {HTMLElement} */ (event.target)
    if (event.type === "keydown") return moveAmong(/** @type {KeyboardEvent} */ (event), this.#parts.list, ".request-row")
    if (event.type === "submit") return this.#submit(event)
    if (event.type === "change") return this.#chosen(/** @type {HTMLInputElement} */ (target))
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-act], [data-status]"))
    if (button) this.#clicked(button)
  }

  /** @param {View} view */
  show(view) {
    this.#view = view
    const {create, filter, more, all, one} = this.#parts
    create.hidden = !view.spaces.some(space => space.may_request)
    filter.hidden = view.status === null
    for (const choice of /** @type {Iterable<HTMLElement>} */ (filter.children)) choice.setAttribute("aria-pressed", String(choice.dataset.status === view.status))
    more.hidden = !view.hasMore
    const request = this.#request
    all.hidden = this.#isWriting || request !== null
    one.hidden = this.#isWriting || request === null
    this.#form.node.hidden = !this.#isWriting
    this.#form.spaces = view.spaces.filter(space => space.may_request)
    if (!all.hidden) this.#renderAll()
    if (!one.hidden && request) this.#renderOne(request)
  }

  /** @param {string} id */
  open(id) {
    this.#say("")
    this.#open = id
    this.#isWriting = false
    this.#shown = ""
    this.show(this.#view)
    this.#parts.one.focus()
  }

  write() {
    this.#say("")
    this.#isWriting = true
    this.show(this.#view)
    this.#form.focus()
  }

  /** To the list, where the one stands that was looked at. */
  back() {
    const last = this.#open
    this.#isWriting = false
    this.#open = ""
    this.show(this.#view)
    const row = /** @type {HTMLElement | null | undefined} */ (this.#rows.get(last)?.firstElementChild)
    if (row?.isConnected) row.focus()
    else this.#parts.create.focus()
  }

  /** The same in another language. @param {RequestsView} last */
  follow(last) {
    this.#form.takeOver(last.#form)
    this.#open = last.#open
    this.#isWriting = last.#isWriting
    this.show(last.#view)
  }

  /** What was written was sent. @param {string} id  @param {string} note */
  sent(id, note) {
    this.#form.clear()
    this.open(id)
    this.#say(note)
  }

  /** It could not be sent: what was written stays. */
  fail() {
    this.#form.fail()
  }

  /** @param {string} note */
  tell(note) {
    this.#say(note)
  }

  /** @returns {ClientRequest | null} */
  get #request() {
    return this.#view.requests.find(({id}) => id === this.#open) ?? null
  }

  #renderAll() {
    const {list, empty} = this.#parts
    const {requests, spaces, status} = this.#view
    const listed = requests.filter(one => !status || one.status === status)
    arrange(list, listed.map(one => this.#row(one)))
    list.hidden = listed.length === 0
    empty.hidden = listed.length > 0
    const asks = spaces.some(space => space.may_request) && status === null
    const shown = status === "pending" ? "waits" : asks ? "asks" : "staff"
    if (empty.hidden || empty.dataset.shown === shown) return
    empty.dataset.shown = shown
    empty.replaceChildren(emptyState({
      symbol: "clipboard",
      title: this.#words.say(shown === "waits" ? "requests_nothing_waits" : "requests_empty_title"),
      text: this.#words.say(shown === "asks" ? "requests_empty" : "requests_empty_staff"),
    }))
  }

  /** @param {ClientRequest} request */
  #row(request) {
    const {id, title, kind, space, status, created_by: by, created_at: at, version} = request
    const row = this.#rows.get(id) ?? build("li", {}, build("button", {type: "button", class: "request-row", "data-act": "open", "data-id": id}))
    this.#rows.set(id, row)
    // Times grow old.
    const about = [this.#words.say(`request_${kind}`), space.name, by.id === this.#view.me ? "" : by.name, this.#words.ago(at)].filter(Boolean).join(" · ")
    const shown = `${version} ${about}`
    if (row.dataset.shown !== shown) {
      row.firstElementChild?.replaceChildren(build("span", {class: "request-title", dir: "auto"}, title), chipOf(status, this.#words), build("span", {class: "request-about", dir: "auto"}, about))
    }
    row.dataset.shown = shown
    return row
  }

  /** Anew when it changed, not when others did: a reason that is being written stays. @param {ClientRequest} request */
  #renderOne(request) {
    const {one} = this.#parts
    const shown = `${request.id} ${request.version} ${JSON.stringify(request.files)} ${this.#view.mayDecide}`
    if (shown === this.#shown) return
    const written = /** @type {HTMLTextAreaElement | null} */ (one.querySelector("textarea"))?.value ?? ""
    const hadFocus = one.contains(/** @type {Document | ShadowRoot} */ (one.getRootNode()).activeElement)
    const isSame = this.#shown.startsWith(request.id)
    this.#shown = shown
    const {title, kind, space, status, description, created_by: by, created_at: at, decided_by: decider, decided_at: decided, reason, files} = request
    const say = this.#words.say.bind(this.#words)
    const time = (/** @type {string} */ moment) => this.#words.ago(moment)
    one.replaceChildren(
      build("button", {type: "button", class: "request-back", "data-act": "back"}, icon("arrow-left", {size: 18}), say("request_back")),
      build("h3", {dir: "auto"}, title),
      build("p", {class: "request-line"}, chipOf(status, this.#words), ...decider && decided ? [build("span", {class: "request-about", dir: "auto"}, say("request_decided_by", {name: decider.name, time: time(decided)}))] : []),
      ...reason ? [build("blockquote", {class: `request-answer ${status}`, dir: "auto"}, reason)] : [],
      build("p", {class: "request-about", dir: "auto"}, [say(`request_${kind}`), space.name, by.id === this.#view.me ? time(at) : say("request_asked_by", {name: by.name, time: time(at)})].join(" · ")),
      ...description ? [build("p", {class: "request-description", dir: "auto"}, description)] : [],
      ...files.length ? [this.#showFiles(files)] : [],
      ...this.#acts(request))
    const box = one.querySelector("textarea")
    if (box && isSame) box.value = written
    if (hadFocus && !one.contains(/** @type {Document | ShadowRoot} */ (one.getRootNode()).activeElement)) one.focus()
  }

  /** @param {ClientRequest} request */
  #acts({status, created_by: by}) {
    if (status !== "pending") return []
    const {me, mayDecide} = this.#view
    const say = (/** @type {string} */ word) => this.#words.say(word)
    return [...mayDecide ? [build("form", {class: "request-decision"},
      build("label", {class: "field"}, build("span", {}, say("request_reason")), build("textarea", {name: "reason", rows: 2, maxlength: MOST_REASON})),
      build("div", {class: "request-buttons"},
        build("button", {type: "submit", class: "button primary", value: "approve"}, icon("check", {size: 18}), say("request_approve")),
        build("button", {type: "submit", class: "button", value: "reject"}, icon("x", {size: 18}), say("request_reject"))))] : [],
    ...by.id === me ? [build("div", {class: "request-buttons"},
      build("label", {class: "button request-add"}, icon("paperclip", {size: 18}), say("request_files"), build("input", {type: "file", multiple: true, class: "visually-hidden", name: "files"})),
      build("button", {type: "button", class: "button", "data-act": "withdraw"}, say("request_withdraw")))] : []]
  }

  /** @param {HTMLElement} button */
  #clicked(button) {
    const {act, id = "", status} = button.dataset
    if (status !== undefined) announce(this.node, "requests:filter", {status})
    else if (act === "open") this.open(id)
    else if (act === "new") this.write()
    else if (act === "back") this.back()
    else if (act === "more") announce(this.node, "requests:more")
    else if (act === "withdraw") this.#ask(button)
    else if (act === "sure") announce(this.node, "requests:withdraw", {id: this.#open})
    else if (act === "keep") this.#again()
  }

  /** What cannot be taken back is asked twice. @param {HTMLElement} button */
  #ask(button) {
    const say = (/** @type {string} */ word) => this.#words.say(word)
    const keep = build("button", {type: "button", class: "button", "data-act": "keep"}, say("request_withdraw_keep"))
    button.parentElement?.replaceChildren(build("span", {class: "request-sure"}, say("request_withdraw_sure")), keep,
      build("button", {type: "button", class: "button danger", "data-act": "sure"}, say("request_withdraw")))
    keep.focus()
  }

  /** With what was written. */
  #again() {
    this.#shown = this.#open
    this.show(this.#view)
    const withdraw = /** @type {HTMLElement | null} */ (this.#parts.one.querySelector("[data-act=withdraw]"))
    withdraw?.focus()
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.target)
    if (form === this.#form.node) return this.#form.check() && announce(this.node, "requests:ask", this.#form.take())
    const decision = /** @type {HTMLButtonElement | null} */ (/** @type {SubmitEvent} */ (event).submitter)?.value ?? "approve"
    announce(this.node, "requests:decide", {id: this.#open, decision, reason: String(new FormData(form).get("reason") ?? "").trim()})
  }

  /** @param {HTMLInputElement} input */
  #chosen(input) {
    if (input.type !== "file" || this.#form.node.contains(input)) return
    announce(this.node, "requests:add", {id: this.#open, files: [...input.files ?? []]})
    input.value = ""
  }

  /** @param {string} note */
  #say(note) {
    this.#parts.note.textContent = note
  }
}

