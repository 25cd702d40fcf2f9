/** What whoever waits in the queue is told of their place, and whoever was served is asked. Loaded for those. */

import {build} from "../js/elements/build.js"
import {faces} from "../js/elements/faces.js"
import {adopt} from "../js/elements/sheet.js"
import rating from "../js/words/rating.js"
import dictionaries from "../js/words/serving.js"

/** @typedef {import("../js/store/conversation.js").Conversation} Conversation */
/** @typedef {import("../js/words.js").Words} Words */
/** @typedef {{place: number | null, wait_s: number | null}} Place */
/** @typedef {{score: number, comment: string}} Rating */

/** Whoever is far behind in the queue is not told, and asks. */
const AGAIN_MS = 55_000
const SCORES = [1, 2, 3, 4, 5]

/**
 * @param {ReturnType<typeof import("./nodes.js").widgetNodes>} nodes
 * @param {import("./visit.js").Visit} visit
 * @param {Words} words
 */
export async function servingIn(nodes, visit, words) {
  const serving = new Serving(visit, words)
  nodes.about.after(serving.line)
  nodes.composer.before(serving.box)
  await adopt(nodes.root, "serving.css")
  return serving
}

/** Has the visit announce `place` ({conversation, place, wait_s}). */
export class Serving {
  #visit
  #words
  line = build("p", {class: "queue-line", role: "status", hidden: true})
  box = build("section", {class: "served", hidden: true})
  /** @type {Map<string, Place>} */
  #places = new Map()
  /** When each was asked for. @type {Map<string, number>} */
  #asked = new Map()
  #waits = ""
  #resolved = ""

  /**
   * @param {import("./visit.js").Visit} visit
   * @param {Words} words
   */
  constructor(visit, words) {
    this.#visit = visit
    this.#words = words
    words.learn(dictionaries)
    words.learn(rating)
    this.box.setAttribute("aria-label", words.say("rating_ask"))
    visit.addEventListener("frame", event => this.#hear(/** @type {CustomEvent} */ (event).detail))
  }

  /** @param {Conversation | null} conversation  the one on the screen */
  show(conversation) {
    this.#waits = conversation?.isWaiting ? conversation.id : ""
    if (conversation && this.#waits) this.#ask(conversation)
    this.#sayPlace()
    // Again, when it was opened and resolved once more.
    const resolved = conversation?.isResolved ? conversation.id : ""
    if (resolved !== this.#resolved) this.#askHow(resolved)
  }

  /** @param {import("../js/wire.js").Frame} frame */
  #hear({type, conversation, place, wait_s}) {
    if (type === "queue") this.#know(conversation, {place, wait_s})
  }

  /** @param {Conversation} conversation */
  async #ask({id}) {
    if (Date.now() - (this.#asked.get(id) ?? 0) < AGAIN_MS) return
    this.#asked.set(id, Date.now())
    const told = await this.#visit.client?.api.get(`desk/places/${id}/`).catch(() => null)
    if (told) this.#know(id, told)
  }

  /** @param {string} conversation @param {Place} told */
  #know(conversation, {place, wait_s}) {
    this.#places.set(conversation, {place, wait_s})
    if (place) this.#visit.dispatchEvent(new CustomEvent("place", {detail: {conversation, place, wait_s}}))
    this.#sayPlace()
  }

  #sayPlace() {
    const {place, wait_s} = this.#places.get(this.#waits) ?? {place: null, wait_s: null}
    const text = place ? [this.#words.say(place === 1 ? "queue_next" : "queue_place", {place}), this.#wait(wait_s)].filter(Boolean).join(" · ") : ""
    if (this.line.textContent !== text) this.line.textContent = text
    this.line.hidden = text === ""
  }

  /** @param {number | null} seconds */
  #wait(seconds) {
    if (seconds === null) return ""
    const count = Math.max(1, Math.ceil(seconds / 60))
    return count > 60 ? this.#words.say("queue_long") : this.#words.say("queue_wait", {count})
  }

  /** @param {string} conversation  "" while it is open */
  async #askHow(conversation) {
    this.#resolved = conversation
    this.box.hidden = true
    const told = conversation && await this.#visit.client?.api.get(`desk/ratings/${conversation}/`).catch(() => null)
    if (conversation !== this.#resolved || !conversation) return
    this.box.hidden = false
    if (told?.rating) this.#thank(told.rating, told.may_rate)
    else this.#fill(told?.may_rate ? this.#form(null) : null)
  }

  /** @param {Node | null} part */
  #fill(part) {
    this.box.replaceChildren(build("p", {class: "served-note"}, this.#words.say("served_resolved")), ...part ? [part] : [])
  }

  /** @param {Rating | null} before */
  #form(before) {
    const say = (/** @type {string} */ word) => this.#words.say(word)
    const comment = build("textarea", {name: "comment", rows: 2, maxlength: 1000, "aria-label": say("rating_comment"), placeholder: say("rating_comment")})
    comment.value = before?.comment ?? ""
    const more = build("div", {class: "rating-more", hidden: !before}, comment,
      build("p", {class: "form-error", role: "alert"}),
      build("button", {type: "submit", class: "button primary"}, say("rating_send")))
    const later = build("button", {type: "button", class: "rating-later"}, say("rating_later"))
    later.addEventListener("click", () => this.#fill(null))
    const form = build("form", {class: "rating-form"},
      build("fieldset", {}, build("legend", {}, say("rating_ask")),
        build("div", {class: "rating-scores"}, ...SCORES.map(score => this.#score(score, before)))), more, later)
    form.addEventListener("change", () => more.hidden = false)
    form.addEventListener("submit", event => this.#send(event, form))
    return form
  }

  /** @param {number} score @param {Rating | null} before */
  #score(score, before) {
    const input = build("input", {type: "radio", name: "score", value: String(score), required: true, class: "visually-hidden", checked: before?.score === score})
    return build("label", {class: "rating-choice"}, input, faces(score, 28), build("span", {}, this.#words.say(`rating_${score}`)))
  }

  /** @param {Event} event @param {HTMLFormElement} form */
  async #send(event, form) {
    event.preventDefault()
    const conversation = this.#resolved
    const said = new FormData(form)
    const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]"))
    button.disabled = true
    try {
      const told = await this.#visit.client?.api.post(`desk/ratings/${conversation}/`, {score: Number(said.get("score")), comment: String(said.get("comment")).trim()})
      if (conversation === this.#resolved) this.#thank(told, true, true)
    } catch {
      button.disabled = false
      form.querySelector(".form-error")?.replaceChildren(this.#words.say("rating_failed"))
    }
  }

  /**
   * @param {Rating} rating
   * @param {boolean} mayChange
   * @param {boolean} [isNew]
   */
  #thank(rating, mayChange, isNew = false) {
    const change = build("button", {type: "button", class: "rating-later", hidden: !mayChange}, this.#words.say("rating_change"))
    change.addEventListener("click", () => {
      const form = this.#form(rating)
      this.#fill(form)
      const chosen = /** @type {HTMLElement | null} */ (form.querySelector(":checked"))
      chosen?.focus()
    })
    const thanks = build("div", {class: "rating-thanks", role: "status", tabindex: "-1"}, faces(rating.score, 28),
      build("p", {}, build("strong", {}, this.#words.say(`rating_${rating.score}`)), " · ", this.#words.say("rating_thanks")), change)
    this.#fill(thanks)
    if (isNew) thanks.focus()
  }
}
