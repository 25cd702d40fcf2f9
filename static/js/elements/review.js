/**
 * `<parley-review>`: files that wait for a person, one beside the list of all. Arrows or j and k move, x selects, a
 * approves, r rejects. What a decision did is said in one line; what could not be decided stays, and says why.
 */

import {aboutFile, isPicture, standingOf} from "../files.js"
import {Base, build} from "./build.js"
import {compose} from "./compose.js"
import {emptyState} from "./empty.js"
import {fileIcon, refusalOf} from "./files.js"
import {addIcons, icon} from "./icons.js"
import {orderForm} from "./organising.js"
import {askReason, factsOf, historyOf, showKeys} from "./review-parts.js"

/** @typedef {import("../filing.js").Filing} Filing */
/** @typedef {import("../store/queue.js").Queue} Queue */
/** @typedef {import("../wire.js").FileInfo} FileInfo */
/** @typedef {import("../words.js").Words} Words */
/** @typedef {{name: string, href: string}} Place  a conversation, or a client's request */

/** As many as one request takes. */
const TOGETHER = 100

addIcons({"keyboard": ["M4 5h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2", "M6 9h.01", "M10 9h.01", "M14 9h.01", "M18 9h.01", "M7 15h10", "M8 12h.01", "M12 12h.01", "M16 12h.01"]})

export class ReviewElement extends Base {
  words = /** @type {Words} */ (/** @type {unknown} */ (null))
  filing = /** @type {Filing} */ (/** @type {unknown} */ (null))
  queue = /** @type {Queue} */ (/** @type {unknown} */ (null))
  /** Where a file was said, as far as that is known. @type {(file: FileInfo) => Place} */
  placeOf = () => ({name: "", href: ""})
  /** @type {(file: FileInfo) => boolean} */
  mayDecide = () => true
  /** @type {string | null} */
  #current = null
  /** @type {Set<string>} */
  #selected = new Set()
  /** What went wrong with each. @type {Map<string, string>} */
  #failed = new Map()
  /** Those that I have decided: nobody need tell me. @type {Set<string>} */
  #mine = new Set()
  #isBusy = false
  /** Which of both is shown where there is room for one. */
  #isOpen = false
  #list = build("ul", {class: "review-list"})
  #head = build("div", {class: "review-select"})
  #end = build("div", {class: "review-end"})
  #detail = build("div", {class: "review-detail"})
  #bar = build("div", {class: "review-bar"})
  #note = build("p", {class: "review-note", role: "status"})
  #all = build("input", {type: "checkbox", name: "all"})
  #count = build("span")

  connectedCallback() {
    if (!this.firstChild) this.#make()
    for (const type of ["click", "change"]) this.addEventListener(type, this)
    document.addEventListener("keydown", this)
    this.queue.addEventListener("change", this.#changed)
    this.queue.addEventListener("gone", this.#gone)
    this.queue.load()
  }

  disconnectedCallback() {
    for (const type of ["click", "change"]) this.removeEventListener(type, this)
    document.removeEventListener("keydown", this)
    this.queue.removeEventListener("change", this.#changed)
    this.queue.removeEventListener("gone", this.#gone)
  }

  /** @param {Event} event */
  handleEvent(event) {
    const target = /** @type {HTMLElement} */ (event.target)
    if (event.type === "keydown") this.#key(/** @type {KeyboardEvent} */ (event))
    else if (event.type === "change") this.#checked(/** @type {HTMLInputElement} */ (target))
    else this.#clicked(/** @type {HTMLElement | null} */ (target.closest("[data-do]")))
  }

  /** What a conversation is called may be known now. */
  refresh() {
    this.#show()
  }

  #make() {
    const {words} = this
    this.#all.ariaLabel = words.say("review_select_all")
    this.#list.ariaLabel = words.say("review_queue")
    this.#head.append(build("label", {}, this.#all, this.#count), build("button", {type: "button", class: "link-button", "data-do": "clear", hidden: true}, words.say("review_clear")))
    const act = (/** @type {string} */ does, kind = "") => build("button", {type: "button", class: `button ${kind}`, "data-do": does, "aria-keyshortcuts": does[0]}, words.say(does), build("kbd", {"aria-hidden": "true"}, does[0].toUpperCase()))
    const help = build("button", {type: "button", class: "icon-button", "data-do": "keys", "aria-label": words.say("keys"), title: words.say("keys"), "aria-keyshortcuts": "?"}, icon("keyboard"))
    const back = build("button", {type: "button", class: "icon-button review-back", "data-do": "back", "aria-label": words.say("back"), title: words.say("back")}, icon("arrow-left"))
    this.#bar.append(back, act("approve", "primary"), act("reject", "danger"), this.#note, help)
    this.append(
      build("section", {class: "review-queue", "aria-label": words.say("review_queue")}, this.#head, this.#list, this.#end),
      build("section", {class: "review-file", "aria-label": words.say("review_what")}, this.#bar, this.#detail))
  }

  get #file() {
    return this.queue.files.find(({id}) => id === this.#current) ?? null
  }

  get #decidable() {
    return this.queue.files.filter(this.mayDecide)
  }

  /** What a decision is about. */
  get #meant() {
    const meant = this.#selected.size ? this.queue.files.filter(({id}) => this.#selected.has(id)) : [this.#file].filter(file => file !== null)
    return meant.filter(this.mayDecide)
  }

  #changed = () => this.#show()

  #gone = (/** @type {Event} */ event) => {
    const {file} = /** @type {CustomEvent} */ (event).detail
    this.#selected.delete(file.id)
    this.#failed.delete(file.id)
    if (!this.#mine.delete(file.id)) this.#say(this.words.say(`review_meanwhile_${file.state}`, {name: file.name}))
  }

  #show() {
    const {files, state, hasMore} = this.queue
    if (state !== "loading" && !this.#file) this.#current = this.#next?.id ?? null
    if (!files.length) this.#isOpen = false
    this.dataset.view = this.#isOpen ? "file" : "list"
    this.classList.toggle("empty-queue", !files.length)
    const had = this.#list.contains(document.activeElement)
    compose(this.#list, files.map(file => ({name: file.id, shows: [this.#place(file).name, this.mayDecide(file), file.name, file.version, file.held_for, this.#failed.get(file.id)], make: () => this.#row(file)})))
    for (const row of this.#list.children) this.#mark(/** @type {HTMLElement} */ (row))
    if (had && !this.#list.contains(document.activeElement)) this.#focusRow()
    this.#headNow(files)
    this.#end.replaceChildren(...this.#atEnd(state, files.length, hasMore))
    this.#places = files.map(({id}) => id)
    this.#showFile()
  }

  /** In which order they were. @type {string[]} */
  #places = []

  /** Where the current one was there is another now. */
  get #next() {
    const {files} = this.queue
    const place = this.#places.indexOf(this.#current ?? "")
    const later = this.#places.slice(place + 1).find(id => files.some(file => file.id === id))
    return files.find(({id}) => id === later) ?? files.at(place < 0 ? 0 : -1)
  }

  /** @param {FileInfo[]} files */
  #headNow(files) {
    const count = this.#selected.size
    this.#head.hidden = !files.length
    const most = this.#decidable.length
    this.#all.disabled = most === 0
    this.#all.checked = count > 0 && count === most
    this.#all.indeterminate = count > 0 && count < most
    this.#count.textContent = count ? this.words.say("review_selected", {count}) : this.words.say("files_waiting", {count: files.length})
    const clear = /** @type {HTMLElement} */ (this.#head.querySelector("[data-do=clear]"))
    clear.hidden = !count
    for (const one of /** @type {NodeListOf<HTMLButtonElement>} */ (this.#bar.querySelectorAll(".button"))) one.disabled = this.#isBusy || !this.#meant.length
  }

  /**
   * @param {string} state
   * @param {number} count
   * @param {boolean} hasMore
   */
  #atEnd(state, count, hasMore) {
    const {words} = this
    if (state === "failed") return [build("p", {class: "form-error", role: "alert"}, words.say("review_failed")), build("button", {type: "button", class: "button", "data-do": "again"}, words.say("try_again"))]
    if (state === "loading") return count ? [] : [build("div", {class: "review-wait"}, ...Array.from({length: 5}, () => build("span")))]
    if (!count) return [emptyState({symbol: "check", title: words.say("review_empty"), text: words.say("review_empty_text")})]
    return hasMore ? [build("button", {type: "button", class: "button", "data-do": "more"}, words.say("review_more"))] : []
  }

  /** @param {FileInfo} file */
  #place(file) {
    return this.placeOf(file)
  }

  /** @param {FileInfo} file */
  #why(file) {
    return [standingOf(file, this.words), !this.mayDecide(file) && this.words.say("review_yours")].filter(Boolean).join(" ")
  }

  /** @param {FileInfo} file */
  #row(file) {
    const {words} = this
    const {id, name, by} = file
    const face = isPicture(file) ? Object.assign(document.createElement("parley-thumb"), {file, filing: this.filing}) : build("span", {class: "gallery-symbol"}, fileIcon(file, 22))
    return build("li", {class: "review-row", "data-file": id},
      build("input", {type: "checkbox", name: "one", value: id, disabled: !this.mayDecide(file), tabindex: "-1", "aria-label": words.say("review_select", {name})}),
      build("button", {type: "button", class: "review-open", "data-do": "open", "data-file": id},
        face,
        build("span", {class: "file-lines"},
          build("span", {class: "file-name", dir: "auto"}, name),
          build("span", {class: "file-about"}, [...new Set([by.name, this.#place(file).name, words.ago(file.created_at)])].filter(Boolean).join(" · ")),
          build("span", {class: "review-why"}, this.#why(file)),
          this.#failed.has(id) && build("span", {class: "form-error"}, this.#failed.get(id) ?? ""))))
  }

  /** @param {HTMLElement} row */
  #mark(row) {
    const [box, open] = /** @type {[HTMLInputElement, HTMLElement]} */ (/** @type {unknown} */ (row.children))
    const isCurrent = box.value === this.#current
    box.checked = this.#selected.has(box.value)
    row.classList.toggle("current", isCurrent)
    row.classList.toggle("selected", box.checked)
    open.ariaCurrent = String(isCurrent)
    open.tabIndex = isCurrent ? 0 : -1
  }

  #showFile() {
    const file = this.#file
    if (!file) return this.#detail.replaceChildren(...this.queue.files.length ? [build("p", {class: "review-choose"}, this.words.say("review_choose"))] : [])
    for (const one of this.#detail.querySelectorAll(".review-choose")) one.remove()
    const {words, filing} = this
    const place = this.#place(file)
    const {id, name, version} = file
    compose(this.#detail, [
      {name: "title", shows: [id, name, version], make: () => build("header", {class: "review-title"}, build("h2", {dir: "auto"}, name), build("p", {}, aboutFile(file, words)))},
      {name: "why", shows: [id, this.#why(file)], make: () => build("p", {class: "file-standing"}, icon("clock", {size: 16}), build("span", {}, this.#why(file)))},
      {name: "failure", shows: [id, this.#failed.get(id)], make: () => build("p", {class: "form-error", role: "alert"}, this.#failed.get(id) ?? "")},
      {name: "preview", shows: [id], make: () => build("div", {class: "review-preview"}, Object.assign(document.createElement("parley-preview"), {file, filing}))},
      {name: "facts", shows: [id, place], make: () => factsOf(file, place, words)},
      {name: "order", shows: [id], make: () => build("div", {class: "review-order"}, orderForm(file, filing, words))},
      {name: "history", shows: [id, version], make: () => historyOf(file, filing, words)},
    ])
    if (this.#detail.dataset.file !== id) this.#detail.scrollTop = 0
    this.#detail.dataset.file = id
  }

  /** @param {HTMLInputElement} box */
  #checked(box) {
    if (box.name === "all") this.#selected = new Set(box.checked ? this.#decidable.map(({id}) => id) : [])
    else if (box.name === "one" && box.checked) this.#selected.add(box.value)
    else if (box.name === "one") this.#selected.delete(box.value)
    else return
    this.#show()
  }

  /** @param {HTMLElement | null} button */
  #clicked(button) {
    const does = button?.dataset.do
    if (does === "open") this.#choose(button?.dataset.file ?? null, true)
    else if (does === "approve" || does === "reject") this.#act(does)
    else if (does === "clear") this.#clear()
    else if (does === "keys") showKeys(this.words, this)
    else if (does === "back") this.#leave()
    else if (does === "more") this.queue.more()
    else if (does === "again") this.queue.load()
  }

  #leave() {
    this.#isOpen = false
    this.#show()
    this.#focusRow()
  }

  #clear() {
    this.#selected.clear()
    this.#show()
    this.#focusRow()
  }

  /**
   * @param {string | null} id
   * @param {boolean} [isOpen]
   */
  #choose(id, isOpen = this.#isOpen) {
    this.#current = id
    this.#isOpen = isOpen
    this.#show()
  }

  /** Not in a field, and not in a dialog. @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target)
    const isWriting = target.closest("textarea, select, dialog, parley-player, video, input:not([type=checkbox])")
    if (isWriting || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return
    const isReading = target.closest("pre")
    const act = {
      j: () => this.#move(1), k: () => this.#move(-1), a: () => this.#act("approve"), r: () => this.#act("reject"), x: () => this.#select(),
      "?": () => showKeys(this.words, this), Escape: () => this.#selected.size ? this.#clear() : this.#leave(),
      ...isReading ? {} : {ArrowDown: () => this.#move(1), ArrowUp: () => this.#move(-1)},
    }[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }

  /** @param {number} by */
  #move(by) {
    const {files} = this.queue
    const place = files.findIndex(({id}) => id === this.#current)
    const next = files[Math.max(0, Math.min(files.length - 1, place + by))]
    if (!next) return
    this.#choose(next.id)
    this.#focusRow()
    if (place + by === files.length && this.queue.hasMore) this.queue.more()
  }

  #select() {
    if (!this.#current || !this.#file || !this.mayDecide(this.#file)) return
    if (!this.#selected.delete(this.#current)) this.#selected.add(this.#current)
    this.#show()
  }

  #focusRow() {
    const open = /** @type {HTMLElement | null} */ (this.#list.querySelector("[aria-current=true]"))
    open?.focus()
    open?.scrollIntoView({block: "nearest"})
  }

  /** @param {"approve" | "reject"} decision */
  async #act(decision) {
    const files = this.#meant
    if (!files.length || this.#isBusy) return
    const reason = decision === "reject" ? await askReason(files, this.words, this) : ""
    if (reason === null) return
    this.#isBusy = true
    this.#show()
    const outcomes = await this.#decideAll(files.map(({id}) => id), decision, reason)
    this.#isBusy = false
    this.#tell(files, outcomes, decision)
  }

  /**
   * @param {string[]} ids
   * @param {"approve" | "reject"} decision
   * @param {string} reason
   */
  async #decideAll(ids, decision, reason) {
    const outcomes = []
    for (let start = 0; start < ids.length; start += TOGETHER) {
      const some = ids.slice(start, start + TOGETHER)
      some.forEach(id => this.#mine.add(id))
      outcomes.push(...await this.filing.decide(some, decision, reason).catch(error => some.map(id => ({id, error}))))
    }
    return outcomes
  }

  /**
   * @param {FileInfo[]} files
   * @param {any[]} outcomes
   * @param {"approve" | "reject"} decision
   */
  #tell(files, outcomes, decision) {
    const failed = outcomes.filter(({error}) => error)
    const decided = files.filter(({id}) => !failed.some(one => one.id === id))
    for (const {id, error} of failed) {
      this.#mine.delete(id)
      this.#failed.set(id, refusalOf(error.code, this.words))
    }
    const word = decision === "approve" ? "review_approved" : "review_rejected"
    const said = decided.length ? [this.words.say(word, {count: decided.length, name: decided[0].name})] : []
    const unsaid = failed.length ? [failed.length === 1 ? refusalOf(failed[0].error.code, this.words) : this.words.say("review_undecided", {count: failed.length})] : []
    this.#say([...said, ...unsaid].join(" "))
    // What somebody else decided does not wait any more.
    for (const {id, error} of failed) if (error.current?.id === id) this.filing.keep({...error.current, message: error.current.message ?? id})
    this.#show()
  }

  /** @param {string} text */
  #say(text) {
    this.#note.textContent = text
  }
}
