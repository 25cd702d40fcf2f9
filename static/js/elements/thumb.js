/** `<parley-thumb>`: a small picture of a file, fetched when it comes near, given back when it leaves the page. */

import {Base, build} from "./build.js"
import {fileIcon} from "./files.js"

const NEAR = "400px 0px"
const WIDE = 200

export class ThumbElement extends Base {
  filing = /** @type {import("../filing.js").Filing} */ (/** @type {unknown} */ (null))
  file = /** @type {import("../wire.js").Attachment} */ (/** @type {unknown} */ (null))
  /** What scrolls. @type {Element | null} */
  around = null
  /** @type {IntersectionObserver | null} */
  #near = null
  #url = ""

  connectedCallback() {
    this.#near = new IntersectionObserver(([{isIntersecting}]) => isIntersecting && this.#fetch(), {root: this.around, rootMargin: NEAR})
    this.#near.observe(this)
  }

  disconnectedCallback() {
    this.#near?.disconnect()
    URL.revokeObjectURL(this.#url)
    this.replaceChildren()
  }

  async #fetch() {
    this.#near?.disconnect()
    const {id, thumbnails} = this.file
    const {size} = thumbnails.find(({width}) => width >= WIDE * devicePixelRatio) ?? thumbnails[thumbnails.length - 1]
    try {
      this.#url = URL.createObjectURL(await this.filing.bytes(id, {size}))
      if (this.isConnected) this.replaceChildren(build("img", {alt: "", src: this.#url, decoding: "async"}))
      else URL.revokeObjectURL(this.#url)
    } catch {
      this.replaceChildren(fileIcon(this.file, 28))
    }
  }
}
