/** What is written but not sent, for each conversation: kept between visits. */

import {namesIn, wipe} from "./storage.js"

/** @typedef {import("./storage.js").Keep} Keep */

/** Of the staff's pages; each person's own follow. */
const STAFF_PAGES = "parley:staff:draft:"

export class Drafts {
  #storage
  #prefix

  /**
   * @param {Keep} storage
   * @param {string} prefix
   */
  constructor(storage, prefix) {
    this.#storage = storage
    this.#prefix = prefix
  }

  /** @param {string} conversation */
  get(conversation) {
    return this.#storage.getItem(this.#prefix + conversation) ?? undefined
  }

  /**
   * @param {string} conversation
   * @param {string} text  nothing leaves nothing
   */
  set(conversation, text) {
    if (text) this.#storage.setItem(this.#prefix + conversation, text)
    else this.delete(conversation)
  }

  /** @param {string} conversation */
  delete(conversation) {
    this.#storage.removeItem(this.#prefix + conversation)
  }

  clear() {
    wipe(this.#storage, this.#prefix)
  }
}

/**
 * Of whoever is signed in; what another person has left in this browser goes.
 *
 * @param {Keep} storage
 * @param {string | number} user
 */
export function staffDrafts(storage, user) {
  const mine = `${STAFF_PAGES}${user}:`
  namesIn(storage, STAFF_PAGES).filter(name => !name.startsWith(mine)).forEach(name => storage.removeItem(name))
  return new Drafts(storage, mine)
}
