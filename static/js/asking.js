/** Says to the server what the tabs want: all of it after each welcome, and afterwards what is different. */

import {CommandError} from "./socket/commands.js"
import {isSame} from "./tabs/wishes.js"

/** @typedef {import("./line.js").Line} Line */
/** @typedef {import("./tabs/wishes.js").Wishes} Wishes */
/** @typedef {import("./wire.js").Frame} Frame */
/** `isInDoubt`: refused for now, or not answered. @typedef {{type: string, data: Record<string, any>, isInDoubt?: boolean}} Command */

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
    const unwanted = [...this.#told].filter(([topic]) => !wanted.has(topic))
    // What is over makes room for what begins.
    for (const [topic, command] of unwanted) this.#give(topic, ended(command))
    for (const [topic, command] of wanted) this.#give(topic, command)
  }

  /**
   * @param {string} topic
   * @param {Command} command
   */
  async #give(topic, command) {
    if (isSame(command, this.#told.get(topic))) return
    const told = this.#told.set(topic, command)
    try {
      this.#answered(command, await this.#line.request(command.type, command.data))
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      // What is refused for good would be refused again.
      if (!error.temporary || told.get(topic) !== command) return
      told.set(topic, {...command, isInDoubt: true})
      this.#again(error.retryAfter ?? AGAIN_MS)
    }
  }

  /** @param {number} ms */
  #again(ms) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#tell(), ms)
  }
}

/**
 * @param {import("./tabs/wishes.js").Wanted} wanted
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

/**
 * @param {Command} command
 * @returns {Command}
 */
function ended({type, data}) {
  return {type, data: {...data, on: false}}
}

/** @param {Command[]} commands */
function byTopic(commands) {
  return new Map(commands.map(command => [`${command.type} ${command.data.conversation ?? ""}`, command]))
}
