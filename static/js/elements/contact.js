/** `<parley-contact>`: where a client writes from, for the staff. Announces `contact:open` ({id}) with an earlier conversation. */

import {deviceOf} from "../device.js"
import {announce, Base, build} from "./build.js"

/** @typedef {import("../words.js").Words} Words */
/**
 * @typedef {object} ContactInfo
 * @property {import("../wire.js").Member} member
 * @property {string} page
 * @property {string} locale
 * @property {string} agent
 * @property {Record<string, string | number | boolean>} attributes
 * @property {Record<string, string | number | boolean>} conversation_attributes
 * @property {string} first_seen_at
 * @property {string} last_seen_at
 * @property {{id: string, title: string, status: string, created_at: string, active_at: string}[]} conversations
 */

export class ContactElement extends Base {
  /** @type {Words | null} */
  words = null

  connectedCallback() {
    this.addEventListener("click", this)
  }

  disconnectedCallback() {
    this.removeEventListener("click", this)
  }

  /** @param {Event} event */
  handleEvent(event) {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-conversation]"))
    if (button) announce(this, "contact:open", {id: button.dataset.conversation})
  }

  /** @param {ContactInfo | null} contact  null while it is not known */
  show(contact) {
    this.hidden = !contact
    if (!contact) return this.replaceChildren()
    const words = /** @type {Words} */ (this.words)
    const {page, locale, agent, attributes, first_seen_at: first, last_seen_at: last, conversations} = contact
    /** @type {[string, string][]} */
    const facts = [["page", page.replace(/^https?:\/\//, "")], ["locale", languageOf(locale, words.language)], ["device", deviceOf(agent)],
      ["first_seen", words.ago(first)], ["last_seen", first === last ? "" : words.ago(last)]]
    this.replaceChildren(
      build("h2", {}, words.say("contact")),
      build("dl", {class: "facts"}, ...facts.filter(([, value]) => value).map(([name, value]) => fact(words.say(`contact_${name}`), value))),
      ...this.#attributes("contact_conversation", contact.conversation_attributes), ...this.#attributes("contact_attributes", attributes),
      ...this.#earlier(conversations))
  }

  /**
   * @param {string} heading
   * @param {ContactInfo["attributes"]} attributes
   */
  #attributes(heading, attributes) {
    const all = Object.entries(attributes)
    if (!all.length) return []
    const words = /** @type {Words} */ (this.words)
    const said = (/** @type {string | number | boolean} */ value) => typeof value === "boolean" ? words.say(value ? "yes" : "no") : String(value)
    return [build("h3", {}, words.say(heading)), build("dl", {class: "facts"}, ...all.map(([name, value]) => fact(name, said(value))))]
  }

  /** @param {ContactInfo["conversations"]} conversations */
  #earlier(conversations) {
    if (!conversations.length) return []
    const words = /** @type {Words} */ (this.words)
    const rows = conversations.map(({id, title, active_at: at}) => build("li", {},
      build("button", {type: "button", class: "earlier", "data-conversation": id},
        build("span", {class: "earlier-name", dir: "auto"}, title || words.say("kind_support")), build("time", {datetime: at}, words.brief(at)))))
    return [build("h3", {}, words.say("contact_earlier")), build("ul", {}, ...rows)]
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
function fact(name, value) {
  return build("div", {}, build("dt", {dir: "auto"}, name), build("dd", {dir: "auto", title: value}, value))
}

/**
 * @param {string} locale
 * @param {string} language  in which it is said
 */
function languageOf(locale, language) {
  try {
    return new Intl.DisplayNames(language, {type: "language"}).of(locale) ?? locale
  } catch {
    return locale
  }
}
