/**
 * `<parley-files>`: the files of a message. Pictures are fetched when they come near, since they need a credential that no
 * `<img>` can show; a click shows them larger. Everything else is a card that downloads. What it made is given back
 * when it leaves the page.
 */

import {aboutFile, isPicture, savedAs, shownAs} from "../files.js"
import dictionaries from "../words/files.js"
import {Base, build} from "./build.js"
import {defineElements} from "./define.js"
import {addIcons, icon} from "./icons.js"
import {adopt} from "./sheet.js"

/** @typedef {import("../wire.js").Attachment} Attachment */
/** @typedef {import("../words.js").Words} Words */
/** @typedef {(id: string, query?: {size?: number}) => Promise<Blob>} Bytes */

const FILE = "M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8l6 6v12a2 2 0 0 1-2 2z"
const FOLD = "M14 2v5a1 1 0 0 0 1 1h5"
const ICONS = {image: "image", pdf: "file-text", document: "file-text", text: "file-text", spreadsheet: "sheet", audio: "music", video: "film"}
const NEAR = "600px 0px"
const AGAIN_MS = 10_000
/** Long enough for a slow disk. */
const KEPT_MS = 60_000

addIcons({
  "download": ["M12 15V3", "M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4", "m7 10 5 5 5-5"],
  "file": [FILE, FOLD],
  "file-text": [FILE, FOLD, "M16 13H8", "M16 17H8", "M10 9H8"],
  "film": ["M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2", "M7 3v18", "M17 3v18", "M3 12h18", "M3 7.5h4", "M3 16.5h4", "M17 7.5h4", "M17 16.5h4"],
  "image": ["M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2", "M9 7a2 2 0 1 0 0 4 2 2 0 1 0 0-4", "m21 15-3.086-3.086a2 2 0 0 0-2.828 0L6 21"],
  "music": ["M9 18V5l12-2v13", "M6 15a3 3 0 1 0 0 6 3 3 0 1 0 0-6", "M18 13a3 3 0 1 0 0 6 3 3 0 1 0 0-6"],
  "sheet": [FILE, FOLD, "M8 13h2", "M14 13h2", "M8 17h2", "M14 17h2"],
})

/**
 * @param {HTMLElement & {words: Words | null, bytes: Bytes}} timeline
 * @returns {Promise<(files: Attachment[]) => HTMLElement>} once everything that it takes is here
 */
export async function filesShown(timeline) {
  const words = /** @type {Words} */ (timeline.words)
  await adopt(timeline, "files.css")
  words.learn(dictionaries)
  defineElements(words, {"parley-files": FilesElement})
  return files => Object.assign(/** @type {FilesElement} */ (document.createElement("parley-files")), {files, bytes: timeline.bytes})
}

/**
 * @param {{kind?: string, name: string}} file
 * @param {number} [size]
 */
export function fileIcon({kind = ""}, size = 20) {
  return icon(ICONS[/** @type {Attachment["kind"]} */ (kind)] ?? "file", {size})
}

export class FilesElement extends Base {
  words = /** @type {Words} */ (/** @type {unknown} */ (null))
  /** @type {Attachment[]} */
  files = []
  bytes = /** @type {Bytes} */ (async () => new Blob())
  /** @type {IntersectionObserver | null} */
  #near = null
  /** @type {Map<HTMLImageElement, string>} */
  #urls = new Map()

  connectedCallback() {
    if (!this.firstChild) this.#make()
    this.addEventListener("click", this)
    this.#near = new IntersectionObserver(entries => this.#seen(entries), {root: this.closest(".timeline-log"), rootMargin: NEAR})
    for (const image of this.querySelectorAll("img")) this.#near.observe(image)
  }

  disconnectedCallback() {
    this.removeEventListener("click", this)
    this.#near?.disconnect()
    for (const [image, url] of this.#urls) {
      image.removeAttribute("src")
      URL.revokeObjectURL(url)
    }
    this.#urls.clear()
  }

  /** @param {Event} event */
  handleEvent(event) {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-file]"))
    const file = this.files.find(({id}) => id === button?.dataset.file)
    if (!button || !file) return
    if (button.matches(".picture")) this.#enlarge(file, button)
    else this.#download(file, button)
  }

  #make() {
    const pictures = this.files.filter(isPicture)
    const others = this.files.filter(file => !isPicture(file))
    const alone = pictures.length === 1
    if (pictures.length) this.append(build("div", {class: "pictures"}, ...pictures.map(file => this.#picture(file, alone))))
    this.append(...others.map(file => this.#card(file)))
  }

  /**
   * @param {Attachment} file
   * @param {boolean} isAlone
   */
  #picture(file, isAlone) {
    const {width, height, size} = shownAs(file, isAlone, devicePixelRatio)
    const image = build("img", {alt: file.name, width, height, "data-size": size, decoding: "async"})
    // A host's policy may forbid it.
    image.addEventListener("error", () => this.#dismiss(image))
    return build("button", {type: "button", class: "picture", "data-file": file.id, title: file.name}, image)
  }

  /** @param {Attachment} file */
  #card(file) {
    return build("button", {type: "button", class: "file", "data-file": file.id, title: file.name},
      fileIcon(file, 24),
      build("span", {class: "file-lines"},
        build("span", {class: "file-name", dir: "auto"}, file.name),
        build("span", {class: "file-about", role: "status"}, aboutFile(file, this.words))),
      icon("download", {label: this.words.say("download"), size: 18}))
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #seen(entries) {
    for (const {isIntersecting, target} of entries) if (isIntersecting) this.#fetch(/** @type {HTMLImageElement} */ (target))
  }

  /** @param {HTMLImageElement} image */
  async #fetch(image) {
    const near = this.#near
    near?.unobserve(image)
    try {
      const blob = await this.bytes(image.closest("button")?.dataset.file ?? "", {size: Number(image.dataset.size)})
      if (near !== this.#near || !this.isConnected) return
      image.src = URL.createObjectURL(blob)
      this.#urls.set(image, image.src)
    } catch (error) {
      if (/** @type {{temporary?: boolean}} */ (error).temporary) setTimeout(() => near === this.#near && near?.observe(image), AGAIN_MS)
      else this.#dismiss(image)
    }
  }

  /** @param {HTMLImageElement} image  that cannot be shown: its file may be had all the same */
  #dismiss(image) {
    const button = image.closest("button")
    const file = this.files.find(({id}) => id === button?.dataset.file)
    if (file) button?.replaceWith(this.#card(file))
  }

  /**
   * @param {Attachment} file
   * @param {HTMLElement} button
   */
  async #enlarge(file, button) {
    const small = button.querySelector("img")
    const image = build("img", {alt: file.name, src: small?.src || null, width: file.width, height: file.height})
    const about = build("span", {class: "viewer-name", dir: "auto"}, file.name)
    const act = (/** @type {string} */ word, /** @type {string} */ name) =>
      build("button", {type: "button", class: "icon-button", "aria-label": this.words.say(word), title: this.words.say(word)}, icon(name))
    const [save, close] = [act("download", "download"), act("close", "x")]
    const dialog = build("dialog", {class: "viewer", "aria-label": file.name}, build("div", {class: "viewer-head"}, about, save, close), image)
    close.autofocus = true
    save.addEventListener("click", () => this.#download(file, save, about))
    dialog.addEventListener("click", ({target}) => (target === dialog || close.contains(/** @type {Node} */ (target))) && dialog.close())
    ;(this.closest(".root") ?? document.body).append(dialog)
    dialog.showModal()
    const large = this.bytes(file.id).then(URL.createObjectURL)
    dialog.addEventListener("close", () => {
      dialog.remove()
      large.then(URL.revokeObjectURL, () => {})
    })
    large.then(url => image.src = url, () => about.textContent = this.words.say("file_failed"))
  }

  /**
   * @param {Attachment} file
   * @param {HTMLElement} button
   * @param {Element | null} [about]  where it says that it failed
   */
  async #download(file, button, about = button.querySelector(".file-about")) {
    if (button.ariaBusy === "true") return
    button.ariaBusy = "true"
    try {
      const blob = await this.bytes(file.id)
      const href = URL.createObjectURL(blob)
      build("a", {href, download: savedAs(file, blob.type)}).click()
      setTimeout(() => URL.revokeObjectURL(href), KEPT_MS)
    } catch {
      if (about) about.textContent = this.words.say("file_failed")
    }
    button.ariaBusy = "false"
  }
}
