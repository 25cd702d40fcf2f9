/**
 * `<parley-conversation-settings>`: a conversation's name, and how I want to have it. Announces `conversation:rename`
 * ({title}), `conversation:mute` ({muted, until}), `conversation:notices` ({notify}), `conversation:archive` ({archived}),
 * `conversation:close` ({closed}), `conversation:leave` and `conversation:delete`.
 */

import {announce, Base, build} from "./build.js"

/** @typedef {import("../store/conversation.js").Conversation} Conversation */
/** @typedef {ReturnType<typeof import("../store/rights.js").rightsIn>} Rights */
/** @typedef {import("../words.js").Words} Words */

const HOUR = 60 * 60_000
const NOTICES = ["", "all", "mentions", "nothing"]
/** What ends something asks once. */
const ASK = ["leave", "delete"]

export class ConversationSettingsElement extends Base {
  /** @type {Words | null} */
  words = null
  #shown = ""
  #asked = ""

  connectedCallback() {
    for (const type of ["change", "click", "submit"]) this.addEventListener(type, this)
  }

  disconnectedCallback() {
    for (const type of ["change", "click", "submit"]) this.removeEventListener(type, this)
  }

  /** @param {Event} event */
  handleEvent(event) {
    const target = /** @type {HTMLSelectElement} */ (event.target)
    this.#say("")
    if (event.type === "submit") this.#rename(event)
    else if (event.type === "change") this.#chosen(target)
    else this.#clicked(/** @type {HTMLElement | null} */ (target.closest("[data-act]")))
  }

  /**
   * @param {Conversation} conversation
   * @param {Rights} rights
   */
  show({id, info, isClosed}, rights) {
    const words = /** @type {Words} */ (this.words)
    const {title, archived = false, notify = "", muted_until: until = null} = info
    const isMuted = until !== null && Date.parse(until) > words.now()
    const shown = JSON.stringify([id, title, archived, notify, isMuted && until, isClosed, rights])
    if (shown === this.#shown) return
    this.#shown = shown
    this.#asked = ""
    this.replaceChildren(
      ...rights.rename ? [this.#naming(title)] : [],
      ...rights.own ? [this.#choice("mute", this.#mutes(isMuted, until)), this.#choice("notices", NOTICES.map(one => [one, words.say(`notices_${one || "usual"}`), one === notify]))] : [],
      build("p", {class: "form-error", role: "alert"}),
      build("div", {class: "conversation-acts"},
        ...rights.own ? [this.#button("archive", archived ? "unarchive" : "archive", !archived)] : [],
        ...rights.close ? [this.#button("close", isClosed ? "reopen_channel" : "close_channel", !isClosed)] : [],
        ...rights.leave ? [this.#button("leave", "leave")] : [],
        ...rights.delete ? [this.#button("delete", "delete_channel")] : []))
  }

  fail() {
    this.#say(this.words?.say("not_saved") ?? "")
    this.#shown = ""
  }

  /** @param {string} title */
  #naming(title) {
    const words = /** @type {Words} */ (this.words)
    return build("form", {class: "conversation-rename"},
      build("label", {class: "field"}, build("span", {}, words.say("name")),
        build("input", {type: "text", name: "title", maxlength: 120, value: title, autocomplete: "off"})),
      build("button", {type: "submit", class: "button"}, words.say("rename")))
  }

  /**
   * @param {string} name
   * @param {[value: string, text: string, isSelected: boolean][]} options
   */
  #choice(name, options) {
    return build("label", {class: "field"}, build("span", {}, this.words?.say(name) ?? ""),
      build("select", {name}, ...options.map(([value, text, selected]) => build("option", {value, selected}, text))))
  }

  /**
   * @param {boolean} isMuted
   * @param {string | null} until
   * @returns {[string, string, boolean][]}
   */
  #mutes(isMuted, until) {
    const words = /** @type {Words} */ (this.words)
    const isForGood = isMuted && new Date(until ?? "").getUTCFullYear() > 9000
    const kept = isMuted && !isForGood ? [/** @type {[string, string, boolean]} */ (["kept", words.say("mute_until", {time: words.moment(until ?? "")}), true])] : []
    return [["no", words.say("mute_no"), !isMuted], ...kept, ["hour", words.say("mute_hour"), false], ["day", words.say("mute_day"), false], ["always", words.say("mute_always"), isForGood]]
  }

  /**
   * @param {string} act
   * @param {string} word
   * @param {boolean} [to]
   */
  #button(act, word, to) {
    const ends = ASK.includes(act)
    return build("button", {type: "button", class: ends ? "button danger" : "button", "data-act": act, "data-to": to === undefined ? null : String(to), "data-word": word}, this.words?.say(word) ?? "")
  }

  /** @param {Event} event */
  #rename(event) {
    event.preventDefault()
    const field = /** @type {HTMLInputElement} */ (this.querySelector("[name=title]"))
    if (field.value.trim()) announce(this, "conversation:rename", {title: field.value.trim()})
  }

  /** @param {HTMLSelectElement} select */
  #chosen({name, value}) {
    const now = this.words?.now() ?? Date.now()
    const ends = {hour: now + HOUR, day: now + 24 * HOUR}[value]
    if (name === "notices") announce(this, "conversation:notices", {notify: value})
    else if (name === "mute" && value !== "kept") announce(this, "conversation:mute", {muted: value !== "no", until: ends ? new Date(ends).toISOString() : null})
  }

  /** @param {HTMLElement | null} button */
  #clicked(button) {
    if (!button) return
    const {act = "", to, word = ""} = button.dataset
    const isSure = !ASK.includes(act) || this.#asked === act
    for (const other of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-act]"))) {
      other.textContent = this.words?.say(other.dataset.word ?? "") ?? ""
    }
    this.#asked = isSure ? "" : act
    if (!isSure) button.textContent = this.words?.say(`${word}_ask`) ?? ""
    else announce(this, `conversation:${act}`, {[act === "close" ? "closed" : "archived"]: to === "true"})
  }

  /** @param {string} text */
  #say(text) {
    this.querySelector(".form-error")?.replaceChildren(text)
  }
}
