/** What the host says of the present conversation: told when the person writes there, later at once. Loaded with the first of it. No DOM. */

/** @typedef {import("./visit.js").Visit} Visit */
/** @typedef {Record<string, string | number | boolean>} Attributes */

/** @type {WeakMap<Visit, Description>} */
const known = new WeakMap()

/**
 * @param {Visit} visit
 * @param {Attributes} attributes  all of them: those of before are forgotten
 */
export async function describe(visit, attributes) {
  if (!known.has(visit)) known.set(visit, new Description(visit))
  await known.get(visit)?.know(attributes)
}

class Description {
  #visit
  /** What was said last. @type {{attributes: Attributes, isTold: boolean} | null} */
  #kept = null
  /** @type {Promise<void>} */
  #last = Promise.resolve()

  /** @param {Visit} visit */
  constructor(visit) {
    this.#visit = visit
    // That it could not be told is no reason to bother whoever writes.
    const wrote = (/** @type {string} */ id) => this.#tell(id).catch(() => {})
    visit.addEventListener("began", event => wrote(/** @type {CustomEvent} */ (event).detail))
    visit.addEventListener("sent", event => wrote(/** @type {CustomEvent} */ (event).detail.conversation))
    visit.addEventListener("reset", () => this.#kept = null)
  }

  /** @param {Attributes} attributes */
  async know(attributes) {
    this.#kept = {attributes, isTold: !attributes}
    const {conversation, contact} = this.#visit
    if (conversation && contact.isSpeaking) await this.#tell(conversation.id)
  }

  /**
   * One after the other: the server keeps what came last.
   *
   * @param {string} id
   */
  #tell(id) {
    const kept = this.#kept
    const done = this.#last.then(() => this.#say(id, kept))
    this.#last = done.catch(() => {})
    return done
  }

  /**
   * @param {string} id
   * @param {{attributes: Attributes, isTold: boolean} | null} kept
   */
  async #say(id, kept) {
    const {client} = this.#visit
    if (!kept || kept.isTold || client?.store.get(id)?.info.kind !== "support") return
    await client.api.put(`chat/conversations/${id}/attributes/`, {attributes: kept.attributes})
    kept.isTold = true
  }
}
