/** How many are unread, before the title of a page that nobody sees. The title stays the page's own. */

const COUNTS = /^(\(\d+\) )+/
const MOST = 99

export class TitleCount {
  /** By what is counted: a page may embed several sites. @type {Map<unknown, number>} */
  #counts = new Map()
  /** What stands before the title now. */
  #prefix = ""
  #isOurs = false
  /** @type {MutationObserver | null} */
  #changes = null

  /**
   * @param {unknown} what
   * @param {number} count
   */
  show(what, count) {
    if (count === (this.#counts.get(what) ?? 0)) return
    if (!this.#counts.size) document.addEventListener("visibilitychange", this)
    if (count) this.#counts.set(what, count)
    else this.#counts.delete(what)
    if (!this.#counts.size) document.removeEventListener("visibilitychange", this)
    this.handleEvent()
  }

  handleEvent() {
    const sum = [...this.#counts.values()].reduce((all, count) => all + count, 0)
    this.#write(document.visibilityState === "hidden" && sum ? `(${Math.min(sum, MOST)}) ` : "")
  }

  get #title() {
    return document.head.querySelector("title")
  }

  /** The page's own, as it is now. */
  get #own() {
    const text = this.#title?.textContent ?? ""
    return this.#prefix && text.startsWith(this.#prefix) ? text.slice(this.#prefix.length) : text
  }

  /** @param {string} prefix */
  #write(prefix) {
    this.#changes?.disconnect()
    const own = this.#own
    this.#isOurs ||= !this.#title && prefix !== ""
    this.#prefix = prefix
    this.#put(prefix + own)
    if (prefix) this.#watch(own)
    // There was none.
    if (!prefix && this.#isOurs && !own) this.#title?.remove()
    this.#isOurs &&= prefix !== ""
  }

  /** @param {string} text */
  #put(text) {
    if (text === (this.#title?.textContent ?? "")) return
    const title = this.#title ?? document.head.appendChild(document.createElement("title"))
    title.textContent = text
  }

  /**
   * The page says something else meanwhile. Where it only counts, too, it is left alone: two that count would never end.
   *
   * @param {string} own
   */
  #watch(own) {
    this.#changes = new MutationObserver(() => {
      if (bare(this.#own) !== bare(own)) this.handleEvent()
    })
    this.#changes.observe(document.head, {childList: true, characterData: true, subtree: true})
  }
}

/** @param {string} title */
function bare(title) {
  return title.replace(COUNTS, "")
}

/** The page's, for all that is in it. */
export const pageTitle = new TitleCount()
