/** What I have chosen for myself: how available I am, and whether others see what I have read. The same in every tab. */

/** @typedef {"auto" | "busy" | "invisible"} Availability */
/** @typedef {{availability: Availability, readPrivate: boolean}} Chosen */

/** Announces `change`. */
export class Myself extends EventTarget {
  #api
  #tabs
  /** What the server has. @type {Chosen | null} */
  #saved = null
  /** What is being saved, in the order in which it was chosen. @type {Partial<Chosen>[]} */
  #changes = []
  /** @type {Promise<unknown>} */
  #last = Promise.resolve()

  /**
   * @param {import("./api.js").Api} api
   * @param {import("./tabs/tabs.js").Tabs} tabs
   */
  constructor(api, tabs) {
    super()
    this.#api = api
    this.#tabs = tabs
    tabs.hear("myself", saved => this.#know(saved))
  }

  /** @returns {Chosen | null} null while it is not known */
  get chosen() {
    return this.#saved && Object.assign({}, this.#saved, ...this.#changes)
  }

  async load() {
    const [{availability}, {settings}] = await this.#inTurn(() => Promise.all([this.#api.get("me/presence/"), this.#api.get("me/")]))
    this.#know({availability, readPrivate: settings.read_private})
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
    if (!this.#saved) return
    this.#changes.push(change)
    this.#changed()
    try {
      await this.#inTurn(save)
      this.#saved = {...this.#saved, ...change}
      this.#tabs.post("myself", this.#saved)
    } finally {
      this.#changes = this.#changes.filter(one => one !== change)
      this.#changed()
    }
  }

  /**
   * What is chosen last must also be saved last.
   *
   * @template T
   * @param {() => Promise<T>} act
   * @returns {Promise<T>}
   */
  #inTurn(act) {
    const done = this.#last.then(act)
    this.#last = done.catch(() => {})
    return done
  }

  /** @param {Chosen} saved */
  #know(saved) {
    this.#saved = saved
    this.#changed()
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"))
  }
}
