/** How the client of the open conversation says it was, beside what else is known of them. */

import {build} from "../elements/build.js"
import {faces} from "../elements/faces.js"
import {part} from "./boot.js"

/** @typedef {{assignment: string, assignee: import("../wire.js").Member, score: number, comment: string, created_at: string}} Rating */

export class Ratings {
  #options
  #place = build("section", {class: "ratings", hidden: true})
  #shown = ""

  /** @param {import("./desk.js").Options} options */
  constructor(options) {
    this.#options = options
    const {client} = options
    part("contact").after(this.#place)
    client.addEventListener("change", () => this.#look())
    client.addEventListener("frame", event => this.#hear(/** @type {CustomEvent} */ (event).detail))
    window.addEventListener("hashchange", () => this.#look())
    this.#look()
  }

  /** @param {import("../wire.js").Frame} frame */
  #hear({type, conversation}) {
    if (type === "rating" && conversation === this.#shown) this.#load(conversation)
  }

  #look() {
    const {client, view} = this.#options
    const conversation = client.store.get(view.selected ?? "")
    const id = conversation?.info.kind === "support" ? conversation.id : ""
    if (id === this.#shown) return
    this.#shown = id
    this.#place.hidden = true
    if (id) this.#load(id)
  }

  /** @param {string} id */
  async #load(id) {
    const told = await this.#options.client.api.get(`desk/ratings/${id}/`).catch(() => null)
    if (id === this.#shown && told) this.#render(told.results)
  }

  /** @param {Rating[]} ratings */
  #render(ratings) {
    const {words} = this.#options
    this.#place.hidden = ratings.length === 0
    this.#place.replaceChildren(build("h2", {}, words.say("rating_said")), ...ratings.map(({score, comment, created_at: at, assignee}) =>
      build("div", {class: "rating"}, faces(score),
        build("div", {},
          build("p", {class: "rating-score"}, words.say(`rating_${score}`)),
          comment ? build("p", {class: "rating-comment", dir: "auto"}, comment) : null,
          build("p", {class: "rating-about"}, `${assignee.name} · `, build("time", {datetime: at}, words.brief(at)))))))
  }
}
