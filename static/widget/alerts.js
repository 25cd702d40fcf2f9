/**
 * Being told while nobody looks: a sound, and notices of the browser's, where it allows them for the host's page. Loaded
 * with the first that comes, or when somebody wants to choose.
 */

import {build} from "../js/elements/build.js"
import {adopt} from "../js/elements/sheet.js"
import {plainly} from "../js/formatting.js"
import {isLoud, Sound} from "../js/sound.js"
import {briefOf} from "../js/store/items.js"
import {Claims} from "../js/tabs/claims.js"

/** @typedef {import("../js/wire.js").Message} Message */
/** @typedef {import("../js/words.js").Words} Words */
/**
 * @typedef {object} Options
 * @property {Words} words
 * @property {{get: (name: string) => string | null, set: (name: string, value: string) => void}} settings
 * @property {boolean} mayNotify  a page in a frame may not
 * @property {() => string} nameless  who has written, where it is not said
 * @property {(conversation: string) => void} go
 */
/** @typedef {{node: HTMLElement, box: HTMLInputElement, hint: HTMLElement}} Choice */

const EXCERPT = 140

/**
 * @param {Node} node  in whose shadow it is
 * @param {Options} options
 */
export async function alertsIn(node, options) {
  await adopt(node, "alerts.css")
  return new Alerts(options)
}

export class Alerts {
  #options
  #claims = new Claims(/** @type {any} */ (navigator.locks ?? null))
  #sound = new Sound({claims: this.#claims, isOn: () => this.#isOn("sound")})

  /** @param {Options} options */
  constructor(options) {
    this.#options = options
    const sound = this.#choice("sound", "sound_on")
    const notices = this.#choice("notices", "notices_on")
    this.node = build("div", {class: "alerts", id: "alerts", role: "group", "aria-label": options.words.say("my_notices"), hidden: true},
      sound.node, ...this.#canNotify ? [notices.node] : [])
    sound.box.addEventListener("change", () => this.#chooseSound(sound.box))
    notices.box.addEventListener("change", () => this.#chooseNotices(notices))
    this.#fill(sound, this.#isOn("sound"), "sound_on_hint")
    this.#fillNotices(notices)
  }

  /** Somebody has just done something here. */
  allow() {
    this.#sound.allow()
  }

  /**
   * @param {Message} message
   * @param {{kind: string, notify?: string}} place
   * @param {string} me
   * @param {boolean} isSeen
   */
  async arrived(message, place, me, isSeen) {
    if (!isLoud(message, place, me)) return
    await Promise.all([this.#sound.arrived(message, isSeen), this.#notify(message)])
  }

  /** @param {Message} message  nothing is shown to whoever looks at a page of the host's */
  async #notify(message) {
    const {id, sender, conversation} = message
    const name = `shown:${id}`
    if (document.hasFocus()) return void await this.#claims.take(name)
    if (!this.#notifies || !await this.#claims.takeLater(name)) return
    try {
      const notice = new Notification(sender.name || this.#options.nameless(), {body: plainly(briefOf(message)).slice(0, EXCERPT), tag: conversation})
      notice.onclick = () => {
        window.focus()
        notice.close()
        this.#options.go(conversation)
      }
    } catch {
      // Phones have it for pages with a worker only.
    }
  }

  get #canNotify() {
    return this.#options.mayNotify && "Notification" in globalThis && matchMedia("(hover: hover)").matches
  }

  get #notifies() {
    return this.#canNotify && Notification.permission === "granted" && this.#isOn("notices")
  }

  /** @param {string} name  a sound unless it was turned off, a notice if it was turned on */
  #isOn(name) {
    return (this.#options.settings.get(name) ?? (name === "sound" ? "on" : "off")) === "on"
  }

  /** @param {HTMLInputElement} box */
  #chooseSound({checked}) {
    this.#options.settings.set("sound", checked ? "on" : "off")
    this.#sound.allow()
    if (checked) this.#sound.ring()
  }

  /** @param {Choice} notices */
  async #chooseNotices(notices) {
    const isWanted = notices.box.checked
    if (isWanted && Notification.permission !== "granted") await Notification.requestPermission()
    this.#options.settings.set("notices", isWanted && Notification.permission === "granted" ? "on" : "off")
    this.#fillNotices(notices)
  }

  /** @param {Choice} notices */
  #fillNotices(notices) {
    const isDenied = this.#canNotify && Notification.permission === "denied"
    notices.box.disabled = isDenied
    this.#fill(notices, this.#notifies, isDenied ? "notices_denied" : "notices_open_hint")
  }

  /**
   * @param {Choice} choice
   * @param {boolean} isOn
   * @param {string} hint
   */
  #fill({box, hint: node}, isOn, hint) {
    box.checked = isOn
    node.textContent = this.#options.words.say(hint)
  }

  /**
   * @param {string} name
   * @param {string} word
   */
  #choice(name, word) {
    const hint = build("span", {class: "alerts-hint", id: `${name}-hint`})
    const box = build("input", {type: "checkbox", name, "aria-labelledby": `${name}-name`, "aria-describedby": hint.id})
    const node = build("label", {class: "alerts-choice"}, box,
      build("span", {class: "alerts-name", id: `${name}-name`}, this.#options.words.say(word)), hint)
    return {node, box, hint}
  }
}
