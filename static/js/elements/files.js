/**
 * `<parley-files>`: the files of a message. Pictures are fetched when they come near, since they need a credential that no
 * `<img>` can show; a click shows them larger. Sounds and films play in their place. Everything else is a card that
 * downloads. One that is not for everybody yet is a card that says so; whoever uploaded it is told where it stands, and
 * whoever reviews it decides there. What it made is given back when it leaves the page.
 */

import {aboutFile, isPicture, isReplaced, isVoice, mayKnow, mayReplace, mayReview, savedAs, shownAs, standingOf} from "../files.js"
import {filingOf} from "../filing.js"
import dictionaries from "../words/files.js"
import {Base, build} from "./build.js"
import {compose} from "./compose.js"
import {defineElements} from "./define.js"
import {FilmElement} from "./film.js"
import {galleryButton} from "./gallery-button.js"
import {addIcons, icon} from "./icons.js"
import {PlayerElement} from "./player.js"
import {adopt} from "./sheet.js"

/** @typedef {import("../filing.js").Filing} Filing */
/** @typedef {import("../store/rights.js").Person} Person */
/** @typedef {import("../wire.js").Attachment} Attachment */
/** @typedef {import("../words.js").Words} Words */
/** @typedef {{client: () => import("../client.js").Client | null, person: () => Person, conversation: () => {id: string} | null}} Source */

const FILE = "M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8l6 6v12a2 2 0 0 1-2 2z"
const FOLD = "M14 2v5a1 1 0 0 0 1 1h5"
const ICONS = {image: "image", pdf: "file-text", document: "file-text", text: "file-text", spreadsheet: "sheet", audio: "music", video: "film"}
const HEARD = ["click", "submit", "player:fail"]
const NEAR = "600px 0px"
const NEAR_END = 48
const AGAIN_MS = 10_000
/** Long enough for a slow disk. */
const KEPT_MS = 60_000
const SYMBOLS = {scanning: "clock", pending: "clock", approved: "file", rejected: "x", infected: "shield"}

addIcons({
  "download": ["M12 15V3", "M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4", "m7 10 5 5 5-5"],
  "chevron-left": ["m15 18-6-6 6-6"],
  "chevron-right": ["m9 18 6-6-6-6"],
  "eye": ["M2.062 12.348a1 1 0 0 1 0-.696 10.75 10.75 0 0 1 19.876 0 1 1 0 0 1 0 .696 10.75 10.75 0 0 1-19.876 0", "M12 9a3 3 0 1 0 0 6 3 3 0 1 0 0-6"],
  "file": [FILE, FOLD],
  "history": ["M3 12a9 9 0 1 0 9-9 9.75 9.75 0 0 0-6.74 2.74L3 8", "M3 3v5h5", "M12 7v5l4 2"],
  "shield": ["M20 13c0 5-3.5 7.5-7.66 8.95a1 1 0 0 1-.67-.01C7.5 20.5 4 18 4 13V6a1 1 0 0 1 1-1c2 0 4.5-1.2 6.24-2.72a1.17 1.17 0 0 1 1.52 0C14.51 3.81 17 5 19 5a1 1 0 0 1 1 1z"],
  "upload": ["M12 3v12", "m17 8-5-5-5 5", "M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4"],
  "file-text": [FILE, FOLD, "M16 13H8", "M16 17H8", "M10 9H8"],
  "film": ["M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2", "M7 3v18", "M17 3v18", "M3 12h18", "M3 7.5h4", "M3 16.5h4", "M17 7.5h4", "M17 16.5h4"],
  "image": ["M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2", "M9 7a2 2 0 1 0 0 4 2 2 0 1 0 0-4", "m21 15-3.086-3.086a2 2 0 0 0-2.828 0L6 21"],
  "music": ["M9 18V5l12-2v13", "M6 15a3 3 0 1 0 0 6 3 3 0 1 0 0-6", "M18 13a3 3 0 1 0 0 6 3 3 0 1 0 0-6"],
  "sheet": [FILE, FOLD, "M8 13h2", "M14 13h2", "M8 17h2", "M14 17h2"],
})

/**
 * @param {HTMLElement & {words: Words | null, source: Source | null}} timeline
 * @returns {Promise<(files: Attachment[]) => HTMLElement>} once everything that it takes is here
 */
export async function filesShown(timeline) {
  const words = /** @type {Words} */ (timeline.words)
  const {client, person} = /** @type {Source} */ (timeline.source)
  await prepare(timeline, words)
  offerGallery(timeline)
  return files => {
    const filing = filingOf(/** @type {import("../client.js").Client} */ (client()))
    return Object.assign(/** @type {FilesElement} */ (document.createElement("parley-files")), {files, filing, person: person()})
  }
}

/**
 * In the widget, whose header has no such button as long as there are no files.
 *
 * @param {HTMLElement & {words: Words | null, source: Source | null}} timeline
 */
function offerGallery(timeline) {
  const head = timeline.closest(".panel")?.querySelector(".panel-head")
  head?.lastElementChild?.before(galleryButton(timeline, () => {
    const conversation = timeline.source?.conversation()
    return conversation ? {id: conversation.id, name: head.querySelector("h2")?.textContent ?? ""} : null
  }))
}

/**
 * What everything about files needs.
 *
 * @param {Node} node
 * @param {Words} words
 */
export async function prepare(node, words) {
  await adopt(node, "files.css")
  words.learn(dictionaries)
  defineElements(words, {"parley-files": FilesElement, "parley-player": PlayerElement, "parley-film": FilmElement})
}

/**
 * @param {{kind?: string | null, name: string}} file
 * @param {number} [size]
 */
export function fileIcon({kind = ""}, size = 20) {
  return icon(ICONS[/** @type {Attachment["kind"]} */ (kind)] ?? "file", {size})
}

/**
 * @param {Filing} filing
 * @param {Attachment} file
 */
export async function save(filing, file) {
  const blob = await filing.bytes(file.id)
  const href = URL.createObjectURL(blob)
  build("a", {href, download: savedAs(file, blob.type)}).click()
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS)
}

/** Where dialogs go. @param {Element} node */
export function rootOf(node) {
  return node.closest(".root") ?? document.body
}

export class FilesElement extends Base {
  words = /** @type {Words} */ (/** @type {unknown} */ (null))
  filing = /** @type {Filing} */ (/** @type {unknown} */ (null))
  person = /** @type {Person} */ (/** @type {unknown} */ (null))
  /** @type {Attachment[]} */
  #files = []
  /** Pictures that cannot be shown, and sounds and films that cannot be played. @type {Set<string>} */
  #torn = new Set()
  /** Those that are being rejected, and what went wrong with a decision. @type {Map<string, string>} */
  #rejecting = new Map()
  /** @type {Map<string, string>} */
  #failed = new Map()
  /** @type {IntersectionObserver | null} */
  #near = null
  /** @type {Map<HTMLImageElement, string>} */
  #urls = new Map()
  /** @type {WeakSet<HTMLImageElement>} */
  #fetched = new WeakSet()

  get files() {
    return this.#files
  }

  set files(files) {
    this.#files = files
    if (this.isConnected) this.#show()
  }

  connectedCallback() {
    for (const type of HEARD) this.addEventListener(type, this)
    this.filing.addEventListener("change", this)
    this.#near = new IntersectionObserver(entries => this.#seen(entries), {root: this.closest(".timeline-log"), rootMargin: NEAR})
    this.#fetched = new WeakSet()
    this.#show()
  }

  disconnectedCallback() {
    for (const type of HEARD) this.removeEventListener(type, this)
    this.filing.removeEventListener("change", this)
    this.#near?.disconnect()
    for (const [image, url] of this.#urls) {
      image.removeAttribute("src")
      URL.revokeObjectURL(url)
    }
    this.#urls.clear()
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "change") return this.#heard(/** @type {CustomEvent} */ (event).detail.file)
    const target = /** @type {Element} */ (event.target)
    const button = /** @type {HTMLElement | null} */ (target.closest(event.type === "submit" ? "form" : "button"))
    if (event.type === "player:fail") return this.#unheard(/** @type {CustomEvent} */ (event))
    const file = this.#known.find(({id}) => id === /** @type {HTMLElement | null} */ (target.closest("[data-file]"))?.dataset.file)
    if (!button || !file) return
    if (event.type === "submit") this.#reject(event, file, button)
    else this.#clicked(button.dataset.do ?? "", file, button)
  }

  get #known() {
    return this.#files.map(file => this.filing.told(file))
  }

  /** @param {Attachment} file */
  #heard({id}) {
    if (this.#files.some(file => file.id === id)) this.#show()
  }

  #show() {
    for (const file of this.#files) this.#learn(file)
    const files = this.#known
    const pictures = files.filter(file => file.state === "approved" && isPicture(file) && !this.#torn.has(file.id))
    const others = files.filter(file => !pictures.includes(file))
    const had = this.contains(this.#focused)
    const log = this.closest(".timeline-log")
    const isAtEnd = log && log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END
    compose(this, [
      ...pictures.length ? [{name: "pictures", shows: [pictures], make: () => build("div", {class: "pictures"}), fill: this.#pictures(pictures)}] : [],
      ...others.map(file => ({name: file.id, shows: [file, this.#rejecting.has(file.id), this.#failed.get(file.id), this.#torn.has(file.id)], make: () => this.#card(file)})),
    ])
    for (const image of this.querySelectorAll("img")) this.#watch(image)
    if (isAtEnd) log.scrollTop = log.scrollHeight
    // What had it is something else now.
    if (had && !this.contains(this.#focused)) /** @type {HTMLElement | null} */ (this.closest("[data-key]"))?.focus({preventScroll: true})
  }

  get #focused() {
    return /** @type {Document | ShadowRoot} */ (this.getRootNode()).activeElement
  }

  /** @param {Attachment} file */
  #learn(file) {
    if (file.state === "approved") return
    if (file.name !== null) this.filing.keep(file)
    else if (this.filing.told(file) === file && mayKnow(file, this.person)) this.filing.ask(file)
  }

  /**
   * @param {Attachment[]} pictures
   * @returns {(row: HTMLElement) => void}
   */
  #pictures(pictures) {
    const alone = pictures.length === 1
    return row => compose(row, pictures.map(file => ({name: file.id, shows: [file, alone], make: () => this.#picture(file, alone)})))
  }

  /**
   * @param {Attachment} file
   * @param {boolean} isAlone
   */
  #picture(file, isAlone) {
    const {width, height, size} = shownAs(file, isAlone, devicePixelRatio)
    const image = build("img", {alt: file.name, width, height, "data-size": size, decoding: "async"})
    // A host's policy may forbid it.
    image.addEventListener("error", () => this.#dismiss(fileOf(image)))
    return build("button", {type: "button", class: "picture", "data-file": file.id, "data-do": "look", title: file.name}, image)
  }

  /** @param {Attachment} file */
  #card(file) {
    if (file.state === "approved") return this.#approved(file)
    const standing = build("p", {class: "file-standing"}, icon(SYMBOLS[file.state], {size: 16}), build("span", {}, standingOf(file, this.words)))
    if (file.name === null || file.state === "infected") return build("div", {class: `file-held untold ${file.state}`}, standing)
    return build("div", {class: `file-held ${file.state}`, "data-file": file.id},
      build("div", {class: "file-line"}, this.#name(file, file.state === "rejected" ? "" : "look"), mayReplace(file, this.person) && this.#history(file)),
      standing,
      ...mayReview(file, this.person) ? this.#review(file) : [])
  }

  /** @param {Attachment} file */
  #approved(file) {
    const plays = ["audio", "video"].includes(file.kind) && !this.#torn.has(file.id)
    const card = plays ? this.#played(file) : this.#name(file, file.kind === "pdf" ? "look" : "save")
    const looks = file.kind !== "pdf" && this.person.permissions.includes("share_files")
    const isRenewed = isReplaced(file, this.person)
    const hasHistory = isRenewed || (file.version ?? 1) > 1 || mayReplace(file, this.person)
    if (!looks && !hasHistory) return card
    const line = build("div", {class: "file-line", "data-file": file.id}, card, looks && this.#button(file, "look", "look", "eye"), hasHistory && this.#history(file))
    if (!isRenewed) return line
    return build("div", {class: "file-renewed", "data-file": file.id}, line,
      build("p", {class: "file-standing"}, icon("clock", {size: 16}), build("span", {}, this.words.say("version_waits", {version: file.waiting ?? 0}))))
  }

  /**
   * @param {Attachment} file
   * @param {string} does  what a click does; without it, nothing
   */
  #name(file, does) {
    const symbol = does === "save" ? icon("download", {label: this.words.say("download"), size: 18}) : icon("eye", {size: 18})
    const parts = [
      does === "look" && isPicture(file) ? this.#small(file) : fileIcon(file, 24),
      build("span", {class: "file-lines"},
        build("span", {class: "file-name", dir: "auto"}, file.name),
        build("span", {class: "file-about", role: "status"}, aboutFile(file, this.words))),
    ]
    if (!does) return build("div", {class: "file"}, ...parts)
    return build("button", {type: "button", class: "file", "data-file": file.id, "data-do": does, title: file.name}, ...parts, symbol)
  }

  /** What was recorded here has no name to speak of. @param {Attachment} file */
  #played(file) {
    const isRecorded = isVoice(file, dictionaries)
    const player = /** @type {PlayerElement | FilmElement} */ (document.createElement(file.kind === "video" ? "parley-film" : "parley-player"))
    const label = isRecorded ? this.words.say("voice_message") : file.name
    Object.assign(player, {seconds: file.seconds, label, load: () => this.filing.bytes(file.id)})
    return build("div", {class: `played ${file.kind}`, "data-file": file.id, role: "group", "aria-label": label},
      !isRecorded && this.#name(file, "save"), player, build("p", {class: "form-error", role: "alert"}))
  }

  /** One that could not be fetched may be tried again; one that cannot be played may be had. @param {CustomEvent} event */
  #unheard({target, detail}) {
    const played = /** @type {HTMLElement} */ (/** @type {Element} */ (target).closest(".played"))
    const error = /** @type {HTMLElement} */ (played.querySelector(".form-error"))
    if (detail.isTorn) this.#dismiss(played.dataset.file ?? "")
    else error.textContent = this.words.say("file_failed")
  }

  /** @param {Attachment} file */
  #small({thumbnails}) {
    return build("img", {class: "file-small", alt: "", width: 40, height: 40, "data-size": thumbnails[0].size})
  }

  /** @param {Attachment} file */
  #history(file) {
    return this.#button(file, "versions", "versions", "history")
  }

  /**
   * @param {Attachment} file
   * @param {string} does
   * @param {string} word
   * @param {string} symbol
   */
  #button({name}, does, word, symbol) {
    const label = `${this.words.say(word)}: ${name}`
    return build("button", {type: "button", class: "icon-button", "data-do": does, "aria-label": label, title: label}, icon(symbol, {size: 18}))
  }

  /** @param {Attachment} file */
  #review(file) {
    const act = (/** @type {string} */ does, /** @type {string} */ word, kind = "") =>
      build("button", {type: does === "send" ? "submit" : "button", class: `button small ${kind}`, "data-do": does}, this.words.say(word))
    const failure = build("p", {class: "form-error", role: "alert"}, this.#failed.get(file.id) ?? "")
    if (!this.#rejecting.has(file.id)) return [build("div", {class: "file-acts"}, act("approve", "approve", "primary"), act("reject", "reject")), failure]
    return [build("form", {class: "file-reason", "data-file": file.id},
      build("label", {class: "field"}, build("span", {}, this.words.say("reason")),
        build("input", {type: "text", name: "reason", maxlength: 500, required: true, autocomplete: "off", placeholder: this.words.say("reason_hint"), value: this.#rejecting.get(file.id)})),
      build("div", {class: "file-acts"}, act("send", "reject", "danger"), act("keep", "cancel"))), failure]
  }

  /**
   * @param {string} does
   * @param {Attachment} file
   * @param {HTMLElement} button
   */
  #clicked(does, file, button) {
    if (does === "look") this.#look(file)
    else if (does === "save") this.#download(file, button)
    else if (does === "versions") this.#versions(file)
    else if (does === "approve") this.#decide(file, "approve")
    else if (does === "reject" || does === "keep") this.#ask(file, does === "reject")
  }

  /**
   * @param {Attachment} file
   * @param {boolean} isAsking  why it is rejected
   */
  #ask({id}, isAsking) {
    if (isAsking) this.#rejecting.set(id, "")
    else this.#rejecting.delete(id)
    this.#failed.delete(id)
    this.#show()
    const part = this.querySelector(`[data-part="${id}"]`)
    const next = /** @type {HTMLElement | null | undefined} */ (part?.querySelector(isAsking ? "input" : "[data-do=reject]"))
    next?.focus()
  }

  /**
   * @param {Event} event
   * @param {Attachment} file
   * @param {HTMLElement} form
   */
  #reject(event, file, form) {
    event.preventDefault()
    const reason = String(new FormData(/** @type {HTMLFormElement} */ (form)).get("reason")).trim()
    this.#rejecting.set(file.id, reason)
    if (reason) this.#decide(file, "reject", reason)
  }

  /**
   * @param {Attachment} file
   * @param {"approve" | "reject"} decision
   * @param {string} [reason]
   */
  async #decide(file, decision, reason) {
    try {
      await this.filing.decide([file.id], decision, reason)
      this.#rejecting.delete(file.id)
      this.#failed.delete(file.id)
    } catch (error) {
      const {code, current} = /** @type {{code?: string, current?: any}} */ (error)
      this.#failed.set(file.id, refusalOf(code, this.words))
      if (current?.id) this.filing.keep(current)
    }
    this.#show()
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #seen(entries) {
    for (const {isIntersecting, target} of entries) if (isIntersecting) this.#fetch(/** @type {HTMLImageElement} */ (target))
  }

  /** @param {HTMLImageElement} image */
  #watch(image) {
    if (this.#fetched.has(image)) return
    this.#fetched.add(image)
    this.#near?.observe(image)
  }

  /** @param {HTMLImageElement} image */
  async #fetch(image) {
    const near = this.#near
    near?.unobserve(image)
    try {
      const blob = await this.filing.bytes(image.closest("button")?.dataset.file ?? "", {size: Number(image.dataset.size)})
      if (near !== this.#near || !this.isConnected) return
      image.src = URL.createObjectURL(blob)
      this.#urls.set(image, image.src)
    } catch (error) {
      if (/** @type {{temporary?: boolean}} */ (error).temporary) setTimeout(() => near === this.#near && near?.observe(image), AGAIN_MS)
      else this.#dismiss(fileOf(image))
    }
  }

  /** @param {string} id  what cannot be shown or played: it may be had all the same */
  #dismiss(id) {
    this.#torn.add(id)
    this.#show()
  }

  /** @param {Attachment} file */
  async #look(file) {
    const {view} = await import("./viewer.js")
    const pictures = this.#known.filter(one => one.state === "approved" && isPicture(one))
    const files = pictures.some(({id}) => id === file.id) ? pictures : [file]
    view({files, at: files.findIndex(({id}) => id === file.id), filing: this.filing, person: this.person, words: this.words, root: rootOf(this)})
  }

  /** @param {Attachment} file */
  async #versions(file) {
    const {showVersions} = await import("./versions.js")
    showVersions({file, filing: this.filing, words: this.words, root: rootOf(this), adds: mayReplace(file, this.person)})
  }

  /**
   * @param {Attachment} file
   * @param {HTMLElement} button
   */
  async #download(file, button) {
    if (button.ariaBusy === "true") return
    button.ariaBusy = "true"
    const about = button.querySelector(".file-about")
    await save(this.filing, file).catch(() => about && (about.textContent = this.words.say("file_failed")))
    button.ariaBusy = "false"
  }
}

/** @param {HTMLImageElement} image */
function fileOf(image) {
  return image.closest("button")?.dataset.file ?? ""
}

/**
 * Why a decision was not taken.
 *
 * @param {string | undefined} code
 * @param {Words} words
 */
export function refusalOf(code, words) {
  return words.say({conflict: "decided_meanwhile", forbidden: "decision_forbidden"}[code ?? ""] ?? "decision_failed")
}
