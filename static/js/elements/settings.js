/**
 * `<parley-settings>`: a person's own status and privacy. Announces `settings:availability`,
 * `settings:private`, `settings:notices`, `settings:sound`, `settings:keys` ({isOn}), `settings:language` ({locale}) and `settings:help`.
 */

import {LANGUAGES} from "../words.js"
import {announce, Base, build} from "./build.js"

/** @typedef {import("../myself.js").Chosen} Chosen */
/** @typedef {import("../words.js").Words} Words */

const AVAILABILITIES = ["auto", "busy", "invisible"]

export class SettingsElement extends Base {
  /** @type {Words | null} */
  words = null

  connectedCallback() {
    if (!this.firstChild) this.#make()
    this.addEventListener("change", this)
    this.addEventListener("click", this)
  }

  disconnectedCallback() {
    this.removeEventListener("change", this)
    this.removeEventListener("click", this)
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "click") return void (/** @type {Element} */ (event.target).closest("[data-act=help]") && announce(this, "settings:help"))
    const box = /** @type {HTMLInputElement} */ (event.target)
    this.#say("")
    if (box.name === "language") announce(this, "settings:language", {locale: box.value})
    else if (box.name === "sound") announce(this, "settings:sound", {isOn: box.checked})
    else if (box.name === "notices") announce(this, "settings:notices", {isOn: box.checked})
    else if (box.name === "keys") announce(this, "settings:keys", {isOn: box.checked})
    else if (box.type === "radio") announce(this, "settings:availability", {availability: box.value})
    else announce(this, "settings:private", {isPrivate: box.checked})
  }

  /** @param {Chosen | null} chosen */
  show(chosen) {
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("input:not([name=notices], [name=sound], [name=keys])"))) {
      box.disabled = !chosen
      box.checked = box.type === "radio" ? box.value === chosen?.availability : Boolean(chosen?.readPrivate)
    }
  }

  /** @param {import("../notices.js").State} state */
  showNotices(state) {
    const box = /** @type {HTMLInputElement} */ (this.querySelector("[name=notices]"))
    box.checked = state === "on"
    box.disabled = state === "denied"
    const choice = /** @type {HTMLElement} */ (box.closest("label"))
    choice.hidden = state === "unsupported"
    this.querySelector("#notices_on-hint")?.replaceChildren(this.words?.say(state === "denied" ? "notices_denied" : "notices_on_hint") ?? "")
  }

  /** @param {boolean} isOn  whether single keys do something */
  showKeys(isOn) {
    const box = /** @type {HTMLInputElement} */ (this.querySelector("[name=keys]"))
    if (box) box.checked = isOn
  }

  /** @param {boolean} isOn */
  showSound(isOn) {
    const box = /** @type {HTMLInputElement} */ (this.querySelector("[name=sound]"))
    box.checked = isOn
  }

  /** @param {string} locale  "" for the organisation's */
  showLanguage(locale) {
    /** @type {HTMLSelectElement} */ (this.querySelector("[name=language]")).value = locale
  }

  fail() {
    this.#say(this.words?.say("not_saved") ?? "")
  }

  #make() {
    const statuses = AVAILABILITIES.map(value => this.#choice({type: "radio", name: "availability", value}, `availability_${value}`))
    this.append(
      this.#group("availability", ...statuses),
      this.#group("my_notices", this.#choice({type: "checkbox", name: "notices"}, "notices_on"), this.#choice({type: "checkbox", name: "sound"}, "sound_on")),
      this.#group("privacy", this.#choice({type: "checkbox", name: "private"}, "read_private")),
      this.#group("language", this.#languages()),
      this.#group("keys", this.#choice({type: "checkbox", name: "keys"}, "keys_single"),
        build("button", {type: "button", class: "link-button settings-more", "data-act": "help"}, this.words?.say("keys_all") ?? "")),
      build("p", {class: "form-error", role: "alert"}))
    this.show(null)
    this.showNotices("unsupported")
  }

  /**
   * @param {string} word
   * @param {...Node} choices
   */
  #group(word, ...choices) {
    return build("fieldset", {class: "settings-group"}, build("legend", {}, this.words?.say(word) ?? ""), ...choices)
  }

  /** Each by its own name. */
  #languages() {
    const named = Object.values(LANGUAGES).map(({tag, locale}) => build("option", {value: locale, lang: tag}, nameOfLanguage(tag)))
    return build("select", {name: "language", class: "settings-select", "aria-label": this.words?.say("language") ?? ""},
      build("option", {value: ""}, this.words?.say("language_usual") ?? ""), ...named)
  }

  /**
   * @param {Record<string, string>} attributes
   * @param {string} word
   */
  #choice(attributes, word) {
    const hint = build("span", {class: "settings-hint", id: `${word}-hint`}, this.words?.say(`${word}_hint`) ?? "")
    return build("label", {class: "settings-choice"},
      build("input", {...attributes, "aria-labelledby": `${word}-name`, "aria-describedby": hint.id}),
      build("span", {class: "settings-name", id: `${word}-name`}, this.words?.say(word) ?? ""), hint)
  }

  /** @param {string} text */
  #say(text) {
    this.querySelector(".form-error")?.replaceChildren(text)
  }
}

/** @param {string} tag */
function nameOfLanguage(tag) {
  const [language] = tag.split("-")
  const name = new Intl.DisplayNames(tag, {type: "language"}).of(language) ?? tag
  return name[0].toLocaleUpperCase(tag) + name.slice(1)
}
