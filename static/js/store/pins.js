/** What is pinned in one conversation, the one that was pinned last first. Pure. */

/** @typedef {import("../wire.js").Message} Message */

export class Pins {
  /** @type {Map<string, Message>} */
  #pinned = new Map()
  /** Whether all of them are known, or only those that were come across. */
  isComplete = false

  get all() {
    return [...this.#pinned.values()]
  }

  /** @param {Message} message  its present state */
  put(message) {
    const {id, pinned, version} = message
    const known = this.#pinned.get(id)
    if (known && known.version >= version) return
    if (!pinned) this.#pinned.delete(id)
    else if (known || !this.isComplete) this.#pinned.set(id, message)
    else this.#pinned = new Map([[id, message], ...this.#pinned])
  }

  /** @param {Message[]} messages  all that are pinned */
  replace(messages) {
    this.#pinned = new Map(messages.map(message => [message.id, message]))
    this.isComplete = true
  }

  /** It may have missed something. */
  forget() {
    this.#pinned.clear()
    this.isComplete = false
  }
}
