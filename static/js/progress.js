/** How far I have got, in what was delivered and in what I have read. Every tab knows, the one that leads tells the server. */

import {Receipts} from "./store/receipts.js"

/** @typedef {import("./store/receipts.js").Marks} Marks */
/**
 * @typedef {object} Options
 * @property {import("./api.js").Api} api
 * @property {import("./line.js").Line} line
 * @property {import("./store/conversations.js").Conversations} store
 * @property {import("./tabs/tabs.js").Tabs} tabs
 */

export class Progress {
  #api
  #line
  #store
  #tabs
  #receipts = new Receipts((conversation, marks) => this.#tell(conversation, marks))

  /** @param {Options} options */
  constructor({api, line, store, tabs}) {
    this.#api = api
    this.#line = line
    this.#store = store
    this.#tabs = tabs
    tabs.hear("mark", ({conversation, marks}) => this.#mark(conversation, marks))
  }

  stop() {
    this.#receipts.stop()
  }

  /** @param {string} conversation  all that is known of it has been delivered */
  delivered(conversation) {
    const timeline = this.#store.get(conversation)?.timeline
    if (!this.#tabs.isLeader || !timeline?.mine || timeline.newestOfOthers <= timeline.mine.delivered_seq) return
    this.#note(conversation, {delivered: timeline.head, read: timeline.mine.read_seq})
  }

  /** @param {string} conversation  all of it has been looked at */
  read(conversation) {
    const timeline = this.#store.get(conversation)?.timeline
    if (!timeline?.mine || timeline.newestOfOthers <= timeline.mine.read_seq) return
    this.#note(conversation, {delivered: timeline.head, read: timeline.head})
  }

  /**
   * @param {string} conversation
   * @param {Marks} marks
   */
  #note(conversation, marks) {
    this.#tabs.post("mark", {conversation, marks})
    this.#mark(conversation, marks)
  }

  /**
   * @param {string} conversation
   * @param {Marks} marks
   */
  #mark(conversation, marks) {
    if (this.#tabs.isLeader) this.#receipts.note(conversation, marks, this.#store.get(conversation)?.isCrowd)
    this.#store.mark(conversation, marks)
  }

  /**
   * @param {string} conversation
   * @param {Marks} marks
   */
  #tell(conversation, {delivered, read}) {
    if (this.#line.isOpen) return this.#line.tell("receipt.move", {conversation, delivered, read})
    // While there is neither socket nor polling, the next hello carries the marks.
    if (!this.#line.isPolling) return
    const call = read ? "mark_read" : "mark_delivered"
    this.#api.post(`chat/conversations/${conversation}/${call}/`, {seq: read || delivered}).catch(() => {})
  }
}
