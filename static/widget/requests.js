/** The panel's tab of requests. Loaded for those who belong to a space. */

import {requestsIn as wired} from "../js/requesting.js"

/** @typedef {import("../js/client.js").Client} Client */
/** @typedef {import("./visit.js").Visit} Visit */
/** @typedef {import("../js/words.js").Words} Words */
/** @typedef {import("../js/store/rights.js").Person} Person */

/** @param {ConstructorParameters<typeof RequestsTab>} about */
export function requestsIn(...about) {
  return new RequestsTab(...about)
}

class RequestsTab {
  #root
  #visit
  #words
  #person
  /** @type {RequestsTab | null} */
  #last
  #place = document.createElement("div")
  /** Whose they are. @type {Client | null} */
  #client = null
  /** @type {Awaited<ReturnType<typeof wired>> | null} */
  #shown = null
  #isOver = false

  /**
   * @param {Element} root  of the shadow in which it is going to be
   * @param {Visit} visit
   * @param {Words} words
   * @param {() => Person} person
   * @param {RequestsTab | null} last  the same in another language
   */
  constructor(root, visit, words, person, last) {
    this.#root = root
    this.#visit = visit
    this.#words = words
    this.#person = person
    // One that was never shown has nothing to hand on but what was before it.
    this.#last = last && (last.#shown ? last : last.#last)
    this.#place.className = "requests-place"
    visit.addEventListener("reset", this.#forget)
  }

  get nodes() {
    return [this.#place]
  }

  /** Another person may have come. Without a connection, the next call tries again. */
  async show() {
    const {client} = this.#visit
    if (client === this.#client) return
    if (this.#client) this.#forget()
    this.#client = client
    if (client) await this.#load(client).catch(() => client === this.#client && (this.#client = null))
  }

  /** Another shows them. */
  end() {
    this.#isOver = true
    this.#visit.removeEventListener("reset", this.#forget)
    this.#shown?.end()
  }

  /** @param {Client} client */
  async #load(client) {
    const made = await wired(this.#root, {client, words: this.#words, person: this.#person()})
    if (this.#isOver || client !== this.#client) return made.end()
    this.#shown = made
    const last = this.#last
    if (last && last.#shown && last.#client === client) made.view.follow(last.#shown.view)
    this.#last = null
    this.#place.replaceChildren(made.node)
    await made.load()
  }

  #forget = () => {
    this.#shown?.end()
    this.#shown = this.#client = this.#last = null
    this.#place.replaceChildren()
  }
}
