/** Who is typing where: each for as long as was said, unless it is said again. No DOM. */

/** @typedef {import("../wire.js").Frame} Frame */

/** Announces `change` ({id}) when the typists of a conversation are others than before. */
export class Typing extends EventTarget {
  /** When each stops, by conversation. @type {Map<string, Map<string, any>>} */
  #ends = new Map()

  /** @type {Record<string, (frame: any) => void>} */
  #appliers = {
    typing: frame => this.#typing(frame),
    message: ({event, conversation, message}) => event === "created" && this.#drop(conversation, message.sender.id),
  }

  /** @param {Frame} frame  frames of other types are left alone */
  apply(frame) {
    if (Object.hasOwn(this.#appliers, frame.type)) this.#appliers[frame.type](frame)
  }

  /**
   * @param {string} conversation
   * @returns {string[]} members, who began first
   */
  in(conversation) {
    return [...this.#ends.get(conversation)?.keys() ?? []]
  }

  stop() {
    for (const members of this.#ends.values()) for (const end of members.values()) clearTimeout(end)
    this.#ends.clear()
  }

  /** @param {{conversation: string, members: string[], ttl_ms: number}} frame */
  #typing({conversation, members, ttl_ms}) {
    for (const member of members) {
      if (ttl_ms > 0) this.#keep(conversation, member, ttl_ms)
      else this.#drop(conversation, member)
    }
  }

  /**
   * @param {string} conversation
   * @param {string} member
   * @param {number} ms
   */
  #keep(conversation, member, ms) {
    const typists = this.#ends.get(conversation) ?? new Map()
    const isNew = !typists.has(member)
    clearTimeout(typists.get(member))
    typists.set(member, setTimeout(() => this.#drop(conversation, member), ms))
    this.#ends.set(conversation, typists)
    if (isNew) this.#changed(conversation)
  }

  /**
   * @param {string} conversation
   * @param {string} member
   */
  #drop(conversation, member) {
    const typists = this.#ends.get(conversation)
    clearTimeout(typists?.get(member))
    if (!typists?.delete(member)) return
    if (!typists.size) this.#ends.delete(conversation)
    this.#changed(conversation)
  }

  /** @param {string} id */
  #changed(id) {
    this.dispatchEvent(new CustomEvent("change", {detail: {id}}))
  }
}
