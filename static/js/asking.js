/** Says to the server what the tabs want: all of it after each welcome, and afterwards what is different. */

import {CommandError} from "./socket/commands.js"

/** @typedef {import("./line.js").Line} Line */
/** @typedef {import("./tabs/wishes.js").Wishes} Wishes */
/** @typedef {import("./wire.js").Frame} Frame */
/** @typedef {{type: string, data: Record<string, any>}} Command */

const AGAIN_MS = 5_000

/** What a socket takes for granted. */
const UNTOLD = [
  {type: "presence.watch", data: {members: []}},
  {type: "presence.set", data: {away: false}},
]

export class Asking {
  #line
  #wishes
  #answered
  /** What this socket was told last, by what it is about. @type {Map<string, Command>} */
  #told = new Map()
  /** @type {any} */
  #timer = null

  /**
   * @param {Line} line
   * @param {Wishes} wishes
   * @param {(command: Command, answer: Frame) => void} answered
   */
  constructor(line, wishes, answered) {
    this.#line = line
    this.#wishes = wishes
    this.#answered = answered
    line.addEventListener("welcome", () => this.#begin())
    wishes.addEventListener("change", () => this.#tell())
  }

  stop() {
    clearTimeout(this.#timer)
  }

  /** Another socket knows nothing of what the one before was told. */
  #begin() {
    this.#told = byTopic(UNTOLD)
    this.#tell()
  }

  #tell() {
    if (!this.#line.isOpen) return
    const wanted = byTopic(commandsFor(this.#wishes.all))
    for (const [topic, command] of this.#told) if (!wanted.has(topic)) this.#take(topic, command)
    for (const [topic, command] of wanted) if (!isSame(command, this.#told.get(topic))) this.#give(topic, command)
  }

  /**
   * @param {string} topic
   * @param {Command} command
   */
  async #give(topic, command) {
    const told = this.#told.set(topic, command)
    try {
      this.#answered(command, await this.#line.request(command.type, command.data))
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      // What is refused for good would be refused again.
      if (!error.temporary || told.get(topic) !== command) return
      told.delete(topic)
      this.#again(error.retryAfter ?? AGAIN_MS)
    }
  }

  /**
   * Nobody wants it any more. If this is not heard, it ends with the socket.
   *
   * @param {string} topic
   * @param {Command} command
   */
  #take(topic, {type, data}) {
    this.#told.delete(topic)
    this.#line.tell(type, {...data, on: false})
  }

  /** @param {number} ms */
  #again(ms) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#tell(), ms)
  }
}

/**
 * @param {import("./tabs/wishes.js").Wish} wish
 * @returns {Command[]}
 */
function commandsFor({members, conversations, away}) {
  return [
    // Another order is no news.
    {type: "presence.watch", data: {members: members.toSorted()}},
    {type: "presence.set", data: {away}},
    ...conversations.map(conversation => ({type: "conversation.watch", data: {conversation, on: true}})),
  ]
}

/** @param {Command[]} commands */
function byTopic(commands) {
  return new Map(commands.map(command => [`${command.type} ${command.data.conversation ?? ""}`, command]))
}

/**
 * @param {Command} one
 * @param {Command | undefined} other
 */
function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other)
}
