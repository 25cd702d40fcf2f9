/** Being told on this device while nobody looks: signs the browser up for pushes, and shows what comes to an open page. */

import {registerWorker} from "./installing.js"
import {briefOf} from "./store/items.js"

/** @typedef {import("./wire.js").Frame} Frame */
/** @typedef {import("./wire.js").Message} Message */
/** @typedef {"unsupported" | "denied" | "off" | "on"} State */
/**
 * What a browser gives for it.
 *
 * @typedef {object} Means
 * @property {() => string} permission
 * @property {() => Promise<string>} ask
 * @property {() => Promise<ServiceWorkerRegistration>} register
 */
/** @typedef {{kind: string, title: string, notify?: string, muted_until?: string | null}} Place */
/** @typedef {Record<string, Record<string, boolean>>} Kinds */

/** @returns {Means | null} */
export function browserNotices() {
  const {serviceWorker} = navigator
  if (!serviceWorker || !globalThis.Notification || !globalThis.PushManager) return null
  return {
    permission: () => Notification.permission,
    ask: () => Notification.requestPermission(),
    register: registerWorker,
  }
}

/**
 * Whether something new in a conversation is to be shown: the server's rule, for what it does not tell of one by one.
 *
 * @param {Kinds} kinds  what one wants to be told
 * @param {Place} place
 * @param {number} now
 */
export function isWanted(kinds, {kind, notify, muted_until: mutedUntil}, now) {
  if (mutedUntil && Date.parse(mutedUntil) > now) return false
  return (notify || (kind === "channel" ? "mentions" : "all")) === "all" && Boolean(kinds.new_message?.push)
}

/** Announces `change`. */
export class Notices extends EventTarget {
  #api
  #tabs
  #means
  #words
  /** @type {string | null} */
  #subscription = null
  /** @type {Kinds} */
  #kinds = {}

  /**
   * @param {object} options
   * @param {import("./api.js").Api} options.api
   * @param {{isLeader: boolean}} options.tabs
   * @param {Means | null} options.means
   * @param {(word: string, values?: Record<string, any>) => string} options.say
   */
  constructor({api, tabs, means, say}) {
    super()
    this.#api = api
    this.#tabs = tabs
    this.#means = means
    this.#words = say
  }

  /** @returns {State} */
  get state() {
    if (!this.#means) return "unsupported"
    if (this.#means.permission() === "denied") return "denied"
    return this.#subscription ? "on" : "off"
  }

  /** Asks nobody for anything: whoever allowed it before is signed up again, by what they came in with now. */
  async start() {
    if (this.#means?.permission() !== "granted") return
    const registration = await this.#means.register()
    if (await registration.pushManager.getSubscription()) await this.#subscribe(registration)
  }

  /** By a click only: a browser asks nobody who did not. */
  async turnOn() {
    if (!this.#means || await this.#means.ask() !== "granted") return this.#changed()
    await this.#subscribe(await this.#means.register())
  }

  async turnOff() {
    const registration = await this.#means?.register()
    await (await registration?.pushManager.getSubscription())?.unsubscribe()
    if (this.#subscription) await this.#api.delete(`push-subscriptions/${this.#subscription}/`)
    this.#subscription = null
    this.#changed()
  }

  /** @param {Frame} frame */
  hear({type, notification, alert}) {
    if (type !== "notification" || !alert) return
    const {kind, conversation, actor, excerpt, data} = notification
    const word = kind === "request_status" && data.status ? `request_${data.status}` : kind
    this.#show({
      kind, conversation, title: this.#words(`notice_${word}`, {actor: actor?.name ?? ""}), body: excerpt || data.title || "",
      tag: tagOf(conversation ?? notification.id), ...data.request && {url: `/chat/#request=${data.request}`},
    })
  }

  /**
   * @param {Message} message
   * @param {Place} place
   */
  arrived(message, place) {
    const {conversation, sender, kind} = message
    if (kind !== "text" || !isWanted(this.#kinds, place, Date.now())) return
    this.#show({kind: "new_message", conversation, title: place.title || sender.name, body: `${sender.name}: ${briefOf(message).slice(0, 140)}`, tag: tagOf(conversation)})
  }

  /** @param {ServiceWorkerRegistration} registration */
  async #subscribe({pushManager}) {
    const {key} = await this.#api.get("push-subscriptions/")
    const wanted = {userVisibleOnly: true, applicationServerKey: key}
    const subscription = await pushManager.subscribe(wanted).catch(async () => {
      // Signed up by a key that this server no longer has.
      await (await pushManager.getSubscription())?.unsubscribe()
      return pushManager.subscribe(wanted)
    })
    const {endpoint, keys} = subscription.toJSON()
    this.#subscription = (await this.#api.post("push-subscriptions/", {endpoint, keys})).id
    this.#kinds = (await this.#api.get("preferences/")).kinds
    this.#changed()
  }

  /**
   * By the worker, which knows whether another page is looked at; by one tab only.
   *
   * @param {object} notice
   */
  async #show(notice) {
    if (this.state !== "on" || !this.#tabs.isLeader) return
    const registration = await this.#means?.register()
    registration?.active?.postMessage({type: "show", notice})
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"))
  }
}

/** As the server has it, so that a push and a page show one notice. @param {string} id */
function tagOf(id) {
  return id.replaceAll("-", "")
}
