/** What the tabs of one person tell each other. A message reaches every other tab, never the one that posts it. */

/** @typedef {Pick<BroadcastChannel, "postMessage" | "close" | "onmessage">} Channel */

export class Relay {
  /** @type {Channel | null} */
  #channel = null
  /** @type {Map<string, ((detail: any) => void)[]>} */
  #acts = new Map()

  /** @param {Channel} channel */
  open(channel) {
    this.#channel = channel
    channel.onmessage = ({data}) => this.#acts.get(data?.type)?.forEach(act => act(data.detail))
  }

  close() {
    if (!this.#channel) return
    this.#channel.onmessage = null
    this.#channel.close()
    this.#channel = null
  }

  /**
   * @param {string} type
   * @param {unknown} [detail]  something that can be cloned
   */
  post(type, detail = null) {
    this.#channel?.postMessage({type, detail})
  }

  /**
   * What to do about messages of a type; those of other types, perhaps of a newer version, are left alone.
   *
   * @param {string} type
   * @param {(detail: any) => void} act
   */
  hear(type, act) {
    this.#acts.set(type, [...this.#acts.get(type) ?? [], act])
  }
}
