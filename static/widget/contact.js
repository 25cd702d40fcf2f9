/** Where the person writes from, and what the host tells of them: told when they write, and only what is new. No DOM. */

/** @typedef {{page?: string, locale?: string, attributes?: Record<string, string | number | boolean>}} Told */

export class Contact {
  #here
  /** @type {import("../js/api.js").Api | null} */
  #api = null
  #member = ""
  /** What the host has said. @type {Told} */
  #known = {}
  /** What the server has. @type {Told} */
  #told = {}
  /** Whether they have written here. */
  isSpeaking = false
  /** @type {Promise<void>} */
  #last = Promise.resolve()

  /** @param {() => Told} here  where the page itself says that they are */
  constructor(here) {
    this.#here = here
  }

  /**
   * Kept until somebody writes; of one who has written here, told at once.
   *
   * @param {Told} known
   */
  async know({page, locale, attributes}) {
    const said = Object.entries({page, locale, attributes}).filter(([, value]) => value !== undefined)
    this.#known = {...this.#known, ...Object.fromEntries(said)}
    if (this.isSpeaking) await this.#tell()
  }

  /**
   * Somebody has come, who has said nothing yet.
   *
   * @param {import("../js/api.js").Api} api
   * @param {string} member
   */
  meet(api, member) {
    this.#api = api
    if (member === this.#member) return
    this.#member = member
    this.#told = {}
    this.isSpeaking = false
  }

  /** They write. That it could not be told is no reason to bother them. */
  tell() {
    this.isSpeaking = true
    this.#tell().catch(() => {})
  }

  /** Another person may come: what was said of this one is not theirs. */
  forget() {
    this.#api = null
    this.#member = ""
    this.#known = this.#told = {}
    this.isSpeaking = false
  }

  /** One after the other: what is told next depends on what was taken. */
  #tell() {
    const done = this.#last.then(() => this.#say())
    this.#last = done.catch(() => {})
    return done
  }

  async #say() {
    const [api, now] = [this.#api, {...this.#here(), ...this.#known}]
    const news = Object.entries(now).filter(([name, value]) => value && JSON.stringify(value) !== JSON.stringify(this.#told[/** @type {keyof Told} */ (name)]))
    if (!api || !this.isSpeaking || !news.length) return
    await api.patch("me/contact/", Object.fromEntries(news.map(([name, value]) => [name, name === "page" ? withoutSecrets(String(value)) : value])))
    if (api === this.#api) this.#told = now
  }
}

/** The query and the fragment of an address hold secrets: they do not leave the page. @param {string} page */
function withoutSecrets(page) {
  return page.split(/[?#]/)[0].slice(0, 500)
}
