/** This tab among the others of the same person in this browser: one leads, the others follow what it tells. */

import {Election} from "./election.js"
import {Relay} from "./relay.js"
import {Vigil} from "./vigil.js"

/** @typedef {import("../socket/polling.js").Attention} Attention */
/** @typedef {{locks: import("./election.js").Locks, openChannel: (name: string) => import("./relay.js").Channel}} Means */

/**
 * What the browser gives for it, or null: then each tab leads itself.
 *
 * @returns {Means | null}
 */
export function browserTabs() {
  const {locks} = navigator
  if (!locks || !globalThis.BroadcastChannel) return null
  return {locks, openChannel: name => new BroadcastChannel(name)}
}

/** Announces `role` when this tab begins to lead or to follow. Asks the browser for nothing before `start`. */
export class Tabs extends EventTarget {
  #name
  #means
  #relay = new Relay()
  #vigil
  /** @type {Election | null} */
  #election = null
  /** @type {"leader" | "follower" | null} */
  #role = null
  /** @type {Attention} */
  #attention = "hidden"

  /**
   * @param {string} name  one for each person
   * @param {Means | null} [means]
   */
  constructor(name, means = null) {
    super()
    this.#name = name
    this.#means = means
    this.#vigil = new Vigil({ask: () => this.#ask(), claim: () => this.#election?.claim()})
  }

  get isLeader() {
    return this.#role === "leader"
  }

  get isFollower() {
    return this.#role === "follower"
  }

  start() {
    if (this.#role) return
    const means = this.#join()
    if (!means) return this.#become("leader")
    this.#become("follower")
    this.#ask()
    this.#election = new Election({
      locks: means.locks, name: this.#name, changed: isLeader => this.#become(isLeader ? "leader" : "follower"),
    })
    this.#election.start()
  }

  stop() {
    this.#role = null
    this.#vigil.stop()
    this.#election?.stop()
    this.#relay.close()
  }

  /** @param {Attention} attention */
  attend(attention) {
    if (attention === this.#attention) return
    this.#attention = attention
    this.#vigil.stop()
    this.#watch()
  }

  /** @param {import("./vigil.js").Said} said  what the leader told about itself */
  leaderSaid(said) {
    this.#vigil.heard(said)
  }

  /**
   * @param {string} type
   * @param {unknown} [detail]
   */
  post(type, detail) {
    this.#relay.post(type, detail)
  }

  /**
   * @param {string} type
   * @param {(detail: any) => void} act
   */
  hear(type, act) {
    this.#relay.hear(type, act)
  }

  /** @returns {Means | null} what there is, once this tab hears the others */
  #join() {
    try {
      if (this.#means) this.#relay.open(this.#means.openChannel(this.#name))
      return this.#means
    } catch {
      return null
    }
  }

  /** @param {"leader" | "follower"} role */
  #become(role) {
    this.#role = role
    this.#watch()
    this.dispatchEvent(new CustomEvent("role"))
    if (role === "leader") this.post("lead")
  }

  #watch() {
    if (this.isFollower && this.#attention !== "hidden") this.#vigil.start()
    else this.#vigil.stop()
  }

  #ask() {
    this.post("ask", this.#attention)
  }
}
