/** What the host page is told. Ids and states: never what somebody wrote. No DOM. */

import {STAFF} from "../js/store/rights.js"

/** @typedef {import("./visit.js").Visit} Visit */
/** @typedef {(name: string, about?: object) => void} Tell */

export class Telling {
  #visit
  #tell
  /** What was told last, by what it is about. @type {Map<string, string>} */
  #told = new Map()

  /**
   * @param {Visit} visit
   * @param {Tell} tell
   */
  constructor(visit, tell) {
    this.#visit = visit
    this.#tell = tell
    /** @type {(name: string, act: (detail: any) => void) => void} */
    const on = (name, act) => visit.addEventListener(name, event => act(/** @type {CustomEvent} */ (event).detail))
    on("arrived", message => this.#message(message, "in"))
    on("sent", message => this.#message(message, "out"))
    on("began", conversation => tell("conversation-started", {conversation}))
    on("frame", ({type, file, request}) => {
      if (type === "file") this.#file(file)
      if (type === "request") this.#request(request)
    })
    on("place", ({conversation, place, wait_s}) => this.#changes(`place ${conversation}`, `${place} ${wait_s}`,
      () => tell("queue-position", {conversation, position: place, wait_s})))
    on("identity-expired", () => tell("identity-expired"))
    on("connection", () => this.#changes("connection", this.#way, state => tell("connection", {state})))
    on("change", () => this.#look())
    on("reset", () => this.#told.clear())
  }

  /**
   * @param {import("../js/wire.js").Message} message
   * @param {"in" | "out"} direction
   */
  #message({id, conversation}, direction) {
    this.#tell("message", {id, conversation, direction})
  }

  /** @param {{id: string, state: string, conversation: string | null, message: string | null}} file */
  #file({id, state, conversation, message}) {
    this.#tell("file-status", {id, state, conversation, message})
  }

  /** @param {{id: string, status: string, space: {id: string}}} request */
  #request({id, status, space}) {
    this.#changes(`request ${id}`, status, () => this.#tell("request-status", {id, status, space: space.id}))
  }

  get #way() {
    const {state, isPolling} = this.#visit.client?.status ?? {state: "idle", isPolling: false}
    if (state === "open") return "online"
    return isPolling ? "polling" : state === "stopped" ? "stopped" : "reconnecting"
  }

  #look() {
    for (const {id, info, participants} of this.#visit.conversations) {
      this.#changes(`assignee ${id}`, info.assignee?.id ?? "", member => member && this.#tell("agent-assigned", {conversation: id, member}), {isNews: false})
      this.#changes(`status ${id}`, info.status, status => this.#tell("conversation-status", {conversation: id, status}), {isNews: false})
      for (const {member} of participants) if (STAFF.includes(member.role)) this.#presence(member.id)
    }
    for (const {client_id, conversation, error = ""} of this.#visit.unsent) {
      this.#changes(`unsent ${client_id}`, error, () => this.#tell("message-failed", {client_id, conversation, code: error}))
    }
    this.#forgetSent()
  }

  /** @param {string} member */
  #presence(member) {
    const state = this.#visit.client?.others.presenceOf(member)?.state
    if (state) this.#changes(`presence ${member}`, state, () => this.#tell("presence", {member, state}))
  }

  /** What is sent again may fail again. */
  #forgetSent() {
    const failed = new Set(this.#visit.unsent.map(({client_id}) => `unsent ${client_id}`))
    for (const about of this.#told.keys()) if (about.startsWith("unsent ") && !failed.has(about)) this.#told.delete(about)
  }

  /**
   * @param {string} about
   * @param {string} state
   * @param {(state: string) => void} tell
   * @param {{isNews?: boolean}} [options]  whether the first that is known of it is told
   */
  #changes(about, state, tell, {isNews = true} = {}) {
    const last = this.#told.get(about)
    this.#told.set(about, state)
    if (last === undefined ? isNews : last !== state) tell(state)
  }
}
