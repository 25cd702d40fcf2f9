/**
 * What I do to messages that are there: edit, delete, react, pin. It shows at once, and is taken back when it cannot be
 * done. Nothing of it waits for a connection: by then the message may be another one.
 */

import {CommandError} from "./socket/commands.js"

/** @typedef {import("./wire.js").Message} Message */
/** @typedef {import("./store/wish.js").Wish} Wish */
/** @typedef {{command: string, data: object, method: "post" | "patch" | "delete", path: string, body?: object}} Act  the same by socket and by REST */

export class Changing {
  #api
  #line
  #store
  /** What is being done to a message, one after the other. @type {Map<string, Promise<unknown>>} */
  #turns = new Map()
  /** @type {Map<string, Wish>} */
  #wishes = new Map()

  /** @param {{api: import("./api.js").Api, line: import("./line.js").Line, store: import("./store/conversations.js").Conversations}} options */
  constructor({api, line, store}) {
    this.#api = api
    this.#line = line
    this.#store = store
  }

  /**
   * @param {string} conversation
   * @param {{id: string, version: number}} message  as it was when the edit began
   * @param {string} body
   * @param {string[]} [mentions]  whom I chose, where several have one name
   */
  edit(conversation, {id, version}, body, mentions = []) {
    const data = {body, base_version: version, mentions}
    return this.#change(conversation, id, {what: "edit", state: "pending", body}, {command: "message.edit", data, method: "patch", path: "", body: data})
  }

  /**
   * @param {string} conversation
   * @param {string} id
   */
  delete(conversation, id) {
    return this.#change(conversation, id, {what: "delete", state: "pending", deleted: true},
      {command: "message.delete", data: {}, method: "delete", path: ""})
  }

  /**
   * @param {string} conversation
   * @param {string} id
   * @param {string} emoji
   * @param {boolean} on
   */
  react(conversation, id, emoji, on) {
    return this.#change(conversation, id, {what: "react", state: "pending", reaction: {emoji, on}},
      {command: "message.react", data: {emoji, on}, method: on ? "post" : "delete", path: "reactions/", body: {emoji}})
  }

  /**
   * @param {string} conversation
   * @param {string} id
   * @param {boolean} on
   */
  pin(conversation, id, on) {
    return this.#change(conversation, id, {what: "pin", state: "pending", pinned: on},
      {command: "message.pin", data: {on}, method: on ? "post" : "delete", path: "pin/"})
  }

  /**
   * I have seen that it could not be done.
   *
   * @param {string} conversation
   * @param {string} id
   */
  dismiss(conversation, id) {
    this.#show(conversation, id, null)
  }

  /**
   * @param {string} conversation
   * @param {string} id
   * @param {Wish} wish
   * @param {Act} act
   * @returns {Promise<boolean>} whether it was done
   */
  async #change(conversation, id, wish, act) {
    this.#show(conversation, id, wish)
    try {
      this.#store.confirm(await this.#inTurn(id, () => this.#do(id, act)))
      this.#settle(conversation, id, wish, null)
      return true
    } catch (error) {
      const {code = "internal", current} = /** @type {{code?: string, current?: Message}} */ (error)
      if (current) this.#store.confirm(current)
      this.#settle(conversation, id, wish, {...wish, state: "failed", code})
      return false
    }
  }

  /**
   * What was asked for last also happens last.
   *
   * @param {string} id
   * @param {() => Promise<Message>} act
   * @returns {Promise<Message>}
   */
  #inTurn(id, act) {
    const done = (this.#turns.get(id) ?? Promise.resolve()).then(act)
    const over = done.then(() => {}, () => {})
    this.#turns.set(id, over)
    over.then(() => this.#turns.get(id) === over && this.#turns.delete(id))
    return done
  }

  /**
   * @param {string} id
   * @param {Act} act
   * @returns {Promise<Message>}
   */
  async #do(id, {command, data, method, path, body}) {
    if (this.#line.isOpen) return (await this.#line.request(command, {message: id, ...data})).message
    const {state, isPolling} = this.#line.status
    if (state !== "open" && !isPolling) throw new CommandError("disconnected", {temporary: true})
    return this.#api[method](`chat/messages/${id}/${path}`, body)
  }

  /**
   * Meanwhile I may have asked for something else.
   *
   * @param {string} conversation
   * @param {string} id
   * @param {Wish} wish
   * @param {Wish | null} outcome
   */
  #settle(conversation, id, wish, outcome) {
    if (this.#wishes.get(id) === wish) this.#show(conversation, id, outcome)
  }

  /**
   * @param {string} conversation
   * @param {string} id
   * @param {Wish | null} wish
   */
  #show(conversation, id, wish) {
    if (wish) this.#wishes.set(id, wish)
    else this.#wishes.delete(id)
    this.#store.wish(conversation, id, wish)
  }
}
