/**
 * `<parley-gallery>`: all files of a conversation, in a dialog: as a grid, a list, or by date. Announces `gallery:jump`
 * ({to}) with the message that has one.
 */

import {aboutFile, isHeld, isPicture, isReplaced, mayKnow, sizeOf, standingOf} from "../files.js"
import {filingOf} from "../filing.js"
import {daysOf, Shelf} from "../store/shelf.js"
import dictionaries from "../words/gallery.js"
import {announce, Base, build} from "./build.js"
import {compose} from "./compose.js"
import {defineElements} from "./define.js"
import {emptyState} from "./empty.js"
import {fileIcon, prepare, rootOf} from "./files.js"
import {addIcons, icon} from "./icons.js"
import {adopt} from "./sheet.js"
import {ThumbElement} from "./thumb.js"
import {view} from "./viewer.js"

/** @typedef {import("../wire.js").FileInfo} FileInfo */
/** @typedef {import("../words.js").Words} Words */
/** @typedef {import("./compose.js").Part} Part */

const VIEWS = ["grid", "list", "dates"]
const SYMBOLS = {grid: "grid", list: "list", dates: "calendar"}
const KINDS = ["image", "pdf", "document", "spreadsheet", "text", "audio", "video"]
const STATES = ["approved", "pending", "rejected"]
const CATEGORIES = ["client", "portfolio"]
const NEAR = "800px 0px"
const TYPING_MS = 250

addIcons({
  "calendar": ["M8 2v4", "M16 2v4", "M5 4h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2", "M3 10h18"],
  "grid": ["M4 3h5a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1", "M15 3h5a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1", "M15 14h5a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-5a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1", "M4 14h5a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1"],
  "list": ["M8 6h13", "M8 12h13", "M8 18h13", "M3 6h.01", "M3 12h.01", "M3 18h.01"],
})

/**
 * @param {HTMLElement & {words: Words | null, source: import("./files.js").Source | null}} timeline  of the conversation
 * @param {{id: string, name: string}} conversation
 */
export async function openGallery(timeline, conversation) {
  const words = /** @type {Words} */ (timeline.words)
  const {client, person} = /** @type {import("./files.js").Source} */ (timeline.source)
  await Promise.all([prepare(timeline, words), adopt(timeline, "gallery.css")])
  words.learn(dictionaries)
  defineElements(words, {"parley-gallery": GalleryElement, "parley-thumb": ThumbElement})
  const gallery = /** @type {GalleryElement} */ (document.createElement("parley-gallery"))
  Object.assign(gallery, {filing: filingOf(/** @type {import("../client.js").Client} */ (client())), person: person(), conversation})
  gallery.addEventListener("gallery:jump", event => announce(timeline, "timeline:jump", /** @type {CustomEvent} */ (event).detail))
  rootOf(timeline).append(gallery)
}

export class GalleryElement extends Base {
  words = /** @type {Words} */ (/** @type {unknown} */ (null))
  filing = /** @type {import("../filing.js").Filing} */ (/** @type {unknown} */ (null))
  person = /** @type {import("../store/rights.js").Person} */ (/** @type {unknown} */ (null))
  conversation = {id: "", name: ""}
  #shown = "grid"
  #shelf = new Shelf(query => this.filing.list(this.conversation.id, query))
  #dialog = /** @type {HTMLDialogElement} */ (/** @type {unknown} */ (null))
  #count = /** @type {HTMLElement} */ (build("p", {class: "gallery-count"}))
  #body = build("div", {class: "gallery-body"})
  #end = build("div", {class: "gallery-end"})
  /** Those that have been seen. */
  #tags = build("datalist", {id: "gallery-tags"})
  #near = /** @type {IntersectionObserver} */ (/** @type {unknown} */ (null))
  /** @type {any} */
  #typing = null

  connectedCallback() {
    this.#make()
    for (const type of ["change", "input", "click", "keydown"]) this.#dialog.addEventListener(type, this)
    this.#dialog.addEventListener("close", () => this.remove())
    this.#shelf.addEventListener("change", this.#showAll)
    this.filing.addEventListener("change", this.#heard)
    this.filing.addEventListener("said", this.#said)
    this.#near = new IntersectionObserver(([{isIntersecting}]) => isIntersecting && this.#shelf.state === "here" && this.#shelf.more(), {root: this.#body, rootMargin: NEAR})
    this.#dialog.showModal()
    this.#shelf.want({})
  }

  disconnectedCallback() {
    clearTimeout(this.#typing)
    this.#near.disconnect()
    this.#shelf.removeEventListener("change", this.#showAll)
    this.filing.removeEventListener("change", this.#heard)
    this.filing.removeEventListener("said", this.#said)
  }

  /** @param {Event} event */
  handleEvent(event) {
    const target = /** @type {HTMLElement} */ (event.target)
    if (event.type === "keydown") this.#key(/** @type {KeyboardEvent} */ (event))
    else if (event.type === "input") this.#typed(target)
    else if (event.type === "change") this.#chosen(/** @type {HTMLInputElement} */ (target))
    else if (target === this.#dialog) this.#dialog.close()
    else this.#clicked(/** @type {HTMLElement | null} */ (target.closest("[data-do]")))
  }

  #make() {
    const {words, conversation} = this
    const title = words.say("gallery_of", {name: conversation.name})
    const close = build("button", {type: "button", class: "icon-button", "data-do": "close", "aria-label": words.say("close"), title: words.say("close")}, icon("x"))
    const find = build("input", {type: "search", name: "q", autocomplete: "off", maxlength: 100, placeholder: words.say("gallery_find"), "aria-label": words.say("gallery_find")})
    const isReviewer = this.person.permissions.includes("review_files")
    this.#count.role = "status"
    this.#dialog = build("dialog", {class: "gallery", "aria-label": title},
      build("div", {class: "viewer-head"}, build("div", {class: "viewer-lines"}, build("h2", {class: "viewer-name", dir: "auto"}, title), this.#count), close),
      build("div", {class: "gallery-tools"},
        build("div", {class: "gallery-find"}, icon("search", {size: 18}), find),
        this.#choice("kind", KINDS, "kind", "file_kind"), this.#choice("state", STATES, "file_state"),
        isReviewer && this.#choice("category", CATEGORIES, "category"),
        isReviewer && build("input", {type: "search", name: "tag", class: "gallery-tag", list: "gallery-tags", autocomplete: "off", maxlength: 40, placeholder: words.say("gallery_tag"), "aria-label": words.say("gallery_tag")}),
        isReviewer && this.#tags,
        this.#views()),
      this.#body)
    this.#body.append(build("div", {class: "gallery-files"}), this.#end)
    this.append(this.#dialog)
  }

  /**
   * @param {string} name
   * @param {string[]} values
   * @param {string} word
   * @param {string} [prefix]
   */
  #choice(name, values, word, prefix = word) {
    const {words} = this
    return build("select", {name, "aria-label": words.say(word)},
      build("option", {value: ""}, words.say(word)),
      ...values.map(value => build("option", {value}, words.say(`${prefix}_${value}`))))
  }

  #views() {
    return build("div", {class: "gallery-views", role: "group", "aria-label": this.words.say("gallery_views")}, ...VIEWS.map(name => {
      const label = this.words.say(`gallery_${name}`)
      return build("button", {type: "button", class: "icon-button", "data-do": "view", "data-view": name, "aria-label": label, title: label, "aria-pressed": String(name === this.#shown)},
        icon(SYMBOLS[/** @type {keyof typeof SYMBOLS} */ (name)], {size: 18}))
    }))
  }

  /** @param {HTMLElement} target */
  #typed(target) {
    if (!target.matches("[name=q], [name=tag]")) return
    clearTimeout(this.#typing)
    this.#typing = setTimeout(() => this.#want(), TYPING_MS)
  }

  /** @param {HTMLInputElement} target */
  #chosen(target) {
    if (target.matches("select")) this.#want()
  }

  #want() {
    const fields = /** @type {NodeListOf<HTMLInputElement>} */ (this.#dialog.querySelectorAll("[name]"))
    this.#body.scrollTop = 0
    this.#shelf.want(Object.fromEntries([...fields].map(({name, value}) => [name, value.trim()])))
  }

  /** @param {HTMLElement | null} button */
  #clicked(button) {
    const {do: does, view: shown, file: id} = button?.dataset ?? {}
    const files = this.#shelf.files
    const at = files.findIndex(file => file.id === id)
    if (does === "close") this.#dialog.close()
    else if (does === "view") this.#turn(shown ?? "grid")
    else if (does === "again") this.#shelf.want(this.#shelf.wanted)
    else if (does === "jump" && files[at]) this.#jump(files[at])
    else if (does === "open" && files[at]) this.#open(files[at])
  }

  /** @param {FileInfo} file */
  #jump({message}) {
    this.#dialog.close()
    announce(this, "gallery:jump", {to: message})
  }

  /** @param {FileInfo} file */
  #open(file) {
    const shown = () => this.#shelf.files.filter(isShown)
    view({
      files: shown(), at: shown().findIndex(({id}) => id === file.id), filing: this.filing, person: this.person, words: this.words, root: this.#dialog,
      jump: one => this.#jump(one),
      ...this.#shelf.hasMore ? {more: async () => this.#shelf.more().then(shown)} : {},
    })
  }

  /** @param {string} shown */
  #turn(shown) {
    this.#shown = shown
    for (const one of this.#dialog.querySelectorAll("[data-view]")) one.ariaPressed = String(/** @type {HTMLElement} */ (one).dataset.view === shown)
    this.#showAll()
  }

  /** Arrows go from file to file; those of a grid up and down by rows. @param {KeyboardEvent} event */
  #key(event) {
    // What is below hears nothing of it.
    if (event.key !== "Escape") event.stopPropagation()
    const target = /** @type {HTMLElement} */ (event.target)
    if (target.dataset.do !== "open") return
    const all = /** @type {HTMLElement[]} */ ([...this.#body.querySelectorAll("[data-do=open]")])
    const row = this.#shown === "list" ? 1 : Math.max(1, all.filter(one => one.offsetTop === all[0].offsetTop && one.offsetParent === all[0].offsetParent).length)
    const by = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row, Home: -all.length, End: all.length}[event.key]
    if (!by) return
    event.preventDefault()
    all[Math.max(0, Math.min(all.length - 1, all.indexOf(target) + by))].focus()
  }

  #heard = (/** @type {Event} */ event) => this.#shelf.keep(/** @type {CustomEvent} */ (event).detail.file)

  #said = (/** @type {Event} */ event) => {
    const {conversation, message} = /** @type {CustomEvent} */ (event).detail
    if (conversation === this.conversation.id && message?.attachments?.length) this.#shelf.renew().catch(() => {})
  }

  #showAll = () => {
    const {files, state, hasMore, wanted} = this.#shelf
    const isFiltered = Object.values(wanted).some(Boolean)
    const count = files.length
    const counted = this.words.say(hasMore ? "gallery_more" : "gallery_count", {count})
    if (state !== "loading" && this.#count.textContent !== counted) this.#count.textContent = counted
    const list = /** @type {HTMLElement} */ (this.#body.firstElementChild)
    list.className = `gallery-files ${this.#shown}`
    compose(list, this.#shown === "dates" ? this.#byDate(files) : [{name: this.#shown, shows: [files], make: () => build("ul"), fill: node => compose(node, this.#items(files))}])
    this.#body.setAttribute("aria-busy", String(state === "loading"))
    this.#offerTags(files)
    this.#end.replaceChildren(...this.#atEnd(state, count, isFiltered))
    // It says where it is only once; asked anew, it says it again.
    this.#near.unobserve(this.#end)
    if (state === "here" && hasMore) this.#near.observe(this.#end)
  }

  /** @param {FileInfo[]} files */
  #offerTags(files) {
    const known = [...this.#tags.children].map(one => /** @type {HTMLOptionElement} */ (one).value)
    const found = new Set([...known, ...files.flatMap(({tags}) => tags)])
    if (found.size > known.length) this.#tags.replaceChildren(...[...found].sort().map(value => build("option", {value})))
  }

  /**
   * @param {string} state
   * @param {number} count
   * @param {boolean} isFiltered
   */
  #atEnd(state, count, isFiltered) {
    const {words} = this
    if (state === "loading") return [build("div", {class: `gallery-wait ${count ? "" : "first"}`}, ...Array.from({length: count ? 1 : 8}, () => build("span")))]
    if (state === "failed") return [build("p", {class: "form-error", role: "alert"}, words.say("gallery_failed")), build("button", {type: "button", class: "button", "data-do": "again"}, words.say("try_again"))]
    const word = isFiltered ? "gallery_none" : "gallery_empty"
    return count ? [] : [emptyState({symbol: isFiltered ? "search" : "paperclip", title: words.say(word), text: words.say(`${word}_text`)})]
  }

  /**
   * @param {FileInfo[]} files
   * @returns {Part[]}
   */
  #byDate(files) {
    return daysOf(files).map(({day, at, files: those}) => ({
      name: day, shows: [those], make: () => build("section", {"aria-label": this.words.day(at)}, build("h3", {}, this.words.day(at)), build("ul")),
      fill: node => compose(/** @type {HTMLElement} */ (node.querySelector("ul")), this.#items(those)),
    }))
  }

  /**
   * @param {FileInfo[]} files
   * @returns {Part[]}
   */
  #items(files) {
    return files.map(file => ({name: file.id, shows: [file, this.#shown], make: () => this.#item(file)}))
  }

  /** @param {FileInfo} file */
  #item(file) {
    const {words} = this
    const isTold = file.name !== null
    const standing = file.state === "approved" || !isTold && !mayKnow(file, this.person) ? "" : standingOf(file, words)
    const face = isTold && isShown(file) && isPicture(file)
      ? Object.assign(/** @type {ThumbElement} */ (document.createElement("parley-thumb")), {file, filing: this.filing, around: this.#body})
      : build("span", {class: "gallery-symbol"}, fileIcon(file, 28))
    const lines = build("span", {class: "file-lines"},
      build("span", {class: "file-name", dir: "auto"}, file.name ?? standingOf(file, words)),
      build("span", {class: "file-about"}, isTold ? this.#about(file) : words.ago(file.created_at)),
      standing && build("span", {class: "gallery-standing"}, standing),
      isReplaced(file, this.person) && build("span", {class: "gallery-standing"}, words.say("version_waits", {version: file.waiting ?? 0})),
      file.tags.length > 0 && build("span", {class: "tags"}, ...file.tags.map(tag => build("span", {class: "tag", dir: "auto"}, tag))))
    const opens = isTold && isShown(file)
    const label = [file.name, file.by.name, standing].filter(Boolean).join(", ")
    const main = opens
      ? build("button", {type: "button", class: "gallery-open", "data-do": "open", "data-file": file.id, title: label}, face, lines)
      : build("div", {class: "gallery-open"}, face, lines)
    const jump = file.message && build("button", {type: "button", class: "icon-button gallery-jump", "data-do": "jump", "data-file": file.id, "aria-label": `${words.say("in_conversation")}: ${file.name ?? ""}`, title: words.say("in_conversation")},
      icon("message", {size: 16}))
    return build("li", {class: `gallery-file ${file.state}`}, main, jump || null)
  }

  /** @param {FileInfo} file */
  #about(file) {
    const {words} = this
    if (this.#shown !== "list") return [sizeOf(file.size, words), file.by.name].join(" · ")
    return [aboutFile(file, words), file.by.name, words.ago(file.created_at)].join(" · ")
  }
}

/** Whether there is something to be seen of it. @param {import("../wire.js").Attachment} file */
function isShown(file) {
  return file.name !== null && (file.state === "approved" || isHeld(file))
}
