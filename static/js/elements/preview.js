/** `<parley-preview>`: what can be seen of a file without saving it. What it made is given back when it leaves the page. */

import {Base, build} from "./build.js"
import {fileIcon} from "./files.js"
import {hearOnly} from "./playing.js"

/** @typedef {import("../filing.js").Filing} Filing */
/** @typedef {import("./player.js").PlayerElement} PlayerElement */
/** @typedef {import("../wire.js").Attachment} Attachment */
/** @typedef {import("../words.js").Words} Words */

export class PreviewElement extends Base {
  words = /** @type {Words} */ (/** @type {unknown} */ (null))
  filing = /** @type {Filing} */ (/** @type {unknown} */ (null))
  file = /** @type {Attachment} */ (/** @type {unknown} */ (null))
  /** @type {string[]} */
  #urls = []

  connectedCallback() {
    this.setAttribute("aria-busy", "true")
    this.#show().catch(() => this.#say("preview_failed")).finally(() => this.setAttribute("aria-busy", "false"))
  }

  disconnectedCallback() {
    this.#urls.forEach(URL.revokeObjectURL)
    this.#urls = []
    this.replaceChildren()
  }

  async #show() {
    const {kind, state} = this.file
    if (kind === "audio") return this.#sound()
    if (kind === "video") return this.#film()
    const address = kind === "pdf" && navigator.pdfViewerEnabled && this.filing.address(this.file.id)
    // What nobody has approved is opened when somebody says so.
    if (address) return this.#leaf(address, state === "approved")
    await this.#read()
  }

  /**
   * All pages, in the browser's own viewer, or what we have read out of it.
   *
   * @param {string} address
   * @param {boolean} isWhole
   */
  async #leaf(address, isWhole) {
    const {words, file: {name}} = this
    const turn = build("button", {type: "button", class: "button small"}, words.say(isWhole ? "pages_hide" : "pages_show"))
    turn.addEventListener("click", async () => {
      await this.#leaf(address, !isWhole).catch(() => this.#say("preview_failed"))
      const next = /** @type {HTMLElement | null} */ (this.querySelector(".preview-turn button"))
      next?.focus()
    })
    this.classList.toggle("paged", isWhole)
    this.replaceChildren(build("div", {class: "preview-turn"}, turn))
    // Chromium shows no document in a frame with a sandbox of its own: its response has one (decision 0024).
    if (isWhole) this.append(build("iframe", {class: "preview-pages", src: `${address}#navpanes=0`, title: words.say("pages_of", {name}), referrerpolicy: "same-origin"}))
    else await this.#read()
  }

  async #read() {
    const {kind, thumbnails} = this.file
    if (thumbnails.length) await this.#picture()
    if (kind !== "image") await this.#text(thumbnails.length > 0)
    else if (!thumbnails.length) this.#say("no_preview")
  }

  /** Of a document: its first page. */
  async #picture() {
    const {id, name, kind, width, height, thumbnails} = this.file
    const largest = thumbnails[thumbnails.length - 1]
    const isImage = kind === "image"
    const image = build("img", {alt: name, width: isImage ? width : largest.width, height: isImage ? height : largest.height, decoding: "async"})
    this.append(image)
    // The small one is here first.
    if (isImage) image.src = await this.#url({size: largest.size})
    const src = isImage && await this.#url().catch(() => "")
    if (src) image.src = src
    else if (!isImage) image.src = await this.#url({size: largest.size})
    image.dataset.file = id
  }

  #sound() {
    const {id, name, seconds} = this.file
    const player = /** @type {PlayerElement} */ (document.createElement("parley-player"))
    Object.assign(player, {seconds, label: name, load: () => this.filing.bytes(id)})
    player.addEventListener("player:fail", event => this.#say(/** @type {CustomEvent} */ (event).detail.isTorn ? "no_preview" : "preview_failed"))
    this.append(player)
  }

  async #film() {
    const src = await this.#url()
    const player = build("video", {controls: true, preload: "metadata", src, "aria-label": this.file.name})
    player.addEventListener("error", () => this.#say("no_preview"))
    player.addEventListener("play", () => hearOnly(player))
    this.append(player)
  }

  /** @param {boolean} hasMore  beside it */
  async #text(hasMore) {
    const text = await this.filing.text(this.file.id)
    if (!this.isConnected) return
    if (text.trim()) this.append(build("pre", {tabindex: "0", role: "region", dir: "auto", "aria-label": this.words.say("preview_of", {name: this.file.name})}, text))
    else if (!hasMore) this.#say("no_preview")
  }

  /** @param {{size?: number}} [query] */
  async #url(query) {
    const url = URL.createObjectURL(await this.filing.bytes(this.file.id, query))
    if (this.isConnected) this.#urls.push(url)
    else URL.revokeObjectURL(url)
    return url
  }

  /** @param {string} word */
  #say(word) {
    this.replaceChildren(build("p", {class: "preview-none"}, fileIcon(this.file, 40), build("span", {}, this.words.say(word))))
  }
}
