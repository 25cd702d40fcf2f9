/** The host's half of a framed widget: an iframe of the chat server's own page, which the host's scripts cannot read. */

import {Base, build} from "../js/elements/build.js"
import {pageTitle} from "../js/title.js"
import {CALLS} from "./calls.js"
import {sheetOf} from "./sheets.js"

/** @typedef {import("./widget.js").Options} Options */

const ANSWERS_WITHIN = 20_000
const NARROW = "(max-width: 479px)"
/** As large as what is shown in it: what lies beside stays the page's own. */
const SHEET = `
  :host { all: initial; position: fixed; inset: auto 0 0 auto; z-index: 2147483000; inline-size: 96px; block-size: 96px; }
  :host([data-position="left"]) { inset: auto auto 0 0; }
  :host([data-shape="none"]) { inline-size: 0; block-size: 0; }
  :host([data-shape="open"]) { inline-size: 400px; block-size: min(752px, 100dvh); }
  iframe { display: block; inline-size: 100%; block-size: 100%; border: 0; background: none; color-scheme: light; }
  @media ${NARROW} { :host([data-shape="open"]) { inset: 0; inline-size: 100%; block-size: 100%; } }
  @media print { :host { display: none; } }
`

class FrameElement extends Base {
  isOpen = false
  unread = 0
  #options = /** @type {Options} */ (/** @type {unknown} */ (null))
  #frame = build("iframe", {title: "Chat", allow: "clipboard-write; microphone; camera"})
  #narrow = matchMedia(NARROW)
  /** @type {Map<number, {done: (value: null) => void, failed: (error: Error) => void}>} */
  #asked = new Map()
  #last = 0
  #isBegun = /** @type {(frame: FrameElement) => void} */ (() => {})

  /**
   * @param {Options} options
   * @returns {Promise<FrameElement>}
   */
  furnish(options) {
    this.#options = options
    const shadow = this.attachShadow({mode: "open"})
    shadow.adoptedStyleSheets = [sheetOf(SHEET)]
    shadow.append(this.#frame)
    this.dataset.shape = "none"
    const query = new URLSearchParams({site: options.site, origin: location.origin})
    this.#frame.src = new URL(`/widget/?${query}`, options.base).href
    return new Promise((begun, failed) => {
      this.#isBegun = begun
      setTimeout(() => failed(new Error(`The frame does not answer. Does the site list ${location.origin}?`)), ANSWERS_WITHIN)
    })
  }

  connectedCallback() {
    window.addEventListener("message", this.#hear)
    this.#narrow.addEventListener("change", this.#tellNarrow)
  }

  disconnectedCallback() {
    window.removeEventListener("message", this.#hear)
    this.#narrow.removeEventListener("change", this.#tellNarrow)
  }

  /**
   * @param {string} call
   * @param {unknown[]} args
   * @returns {Promise<null>}
   */
  ask(call, args) {
    return new Promise((done, failed) => {
      const id = ++this.#last
      this.#say({id, call, args})
      this.#asked.set(id, {done, failed})
    })
  }

  destroy() {
    pageTitle.show(this, 0)
    this.remove()
  }

  /** @param {object} message */
  #say(message) {
    this.#frame.contentWindow?.postMessage({parley: this.#options.site, ...message}, this.#options.base)
  }

  /** @param {MessageEvent} event */
  #hear = ({origin, source, data}) => {
    const {base, site, tell} = this.#options
    if (origin !== base || source !== this.#frame.contentWindow || data?.parley !== site) return
    if (data.id) this.#answered(data)
    else if (Object.hasOwn(this.#events, data.event)) this.#events[data.event](data.about)
    else tell(data.event, data.about)
  }

  /** What is about the frame itself. @type {Record<string, (about: any) => void>} */
  #events = {
    loaded: () => this.#begin(),
    begun: () => this.#isBegun(this),
    shape: ({shape, position}) => this.#take(shape, position),
    unread: about => {
      this.unread = about.count
      pageTitle.show(this, about.count)
      this.#options.tell("unread", about)
    },
  }

  /** Also after the page was loaded anew, as when it is moved in the document. */
  #begin() {
    const {locale, colorScheme, position, identity} = this.#options
    const begin = {locale: locale || document.documentElement.lang, colorScheme, position, identity}
    this.#say({begin})
    this.#tellNarrow()
  }

  #tellNarrow = () => this.#say({isNarrow: this.#narrow.matches})

  /**
   * @param {"none" | "closed" | "open"} shape
   * @param {string} position
   */
  #take(shape, position) {
    this.isOpen = shape === "open"
    Object.assign(this.dataset, {shape, position})
    if (this.isOpen) this.#frame.focus()
  }

  /** @param {{id: number, error?: {code: string, message: string}}} answer */
  #answered({id, error}) {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    if (error) asked?.failed(Object.assign(new Error(error.message), {code: error.code}))
    else asked?.done(null)
  }
}

for (const call of CALLS) {
  Object.defineProperty(FrameElement.prototype, call, {
    /** @this {FrameElement} @param {unknown[]} args */
    value(...args) {
      return this.ask(call, args)
    },
  })
}

/**
 * @param {Options} options
 * @returns {Promise<FrameElement>}
 */
export async function start(options) {
  if (!customElements.get("parley-frame")) customElements.define("parley-frame", FrameElement)
  const element = /** @type {FrameElement} */ (document.createElement("parley-frame"))
  const begun = element.furnish(options)
  // Outside of the body, which some pages change without being loaded anew.
  document.documentElement.append(element)
  try {
    return await begun
  } catch (error) {
    element.remove()
    throw error
  }
}
