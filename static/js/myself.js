/** What I have chosen for myself: how available I am, and whether others see what I have read. The same in every tab. */

/** @typedef {"auto" | "busy" | "invisible"} Availability */
/** @typedef {{availability: Availability, readPrivate: boolean}} Chosen */

/** Announces `change`. */
export class Myself extends EventTarget {
  #api
  #tabs
  /** @type {Chosen | null} */
  #chosen = null

  /**
   * @param {import("./api.js").Api} api
   * @param {import("./tabs/tabs.js").Tabs} tabs
   */
  constructor(api, tabs) {
    super()
    this.#api = api
    this.#tabs = tabs
    tabs.hear("myself", chosen => this.#become(chosen))
  }

  /** @returns {Chosen | null} null while it is not known */
  get chosen() {
    return this.#chosen
  }

  async load() {
    const [{availability}, {settings}] = await Promise.all([this.#api.get("me/presence/"), this.#api.get("me/")])
    this.#become({availability, readPrivate: settings.read_private})
  }

  /** @param {Availability} availability */
  setAvailability(availability) {
    return this.#choose({availability}, () => this.#api.patch("me/presence/", {availability}))
  }

  /** @param {boolean} readPrivate */
  setReadPrivate(readPrivate) {
    return this.#choose({readPrivate}, () => this.#api.patch("me/", {read_private: readPrivate}))
  }

  /**
   * Shows at once, and is taken back when it cannot be saved.
   *
   * @param {Partial<Chosen>} change
   * @param {() => Promise<unknown>} save
   */
  async #choose(change, save) {
    const before = this.#chosen
    if (!before) return
    this.#become({...before, ...change})
    try {
      await save()
    } catch (error) {
      this.#become(before)
      throw error
    }
    this.#tabs.post("myself", this.#chosen)
  }

  /** @param {Chosen} chosen */
  #become(chosen) {
    this.#chosen = chosen
    this.dispatchEvent(new CustomEvent("change"))
  }
}
