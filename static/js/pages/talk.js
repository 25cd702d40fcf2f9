/** What people do in a conversation: the elements announce it, the client does it. The staff page and the widget share it. */

import {actionsOn, mayPin, maySpeak, mayWriteTo, STAFF} from "../store/rights.js"
import {isThere} from "../store/starting.js"

/** @typedef {import("../client.js").Client} Client */
/** @typedef {import("../store/conversation.js").Conversation} Conversation */
/** @typedef {import("../store/items.js").Item} Item */
/**
 * @typedef {object} Options
 * @property {import("../elements/timeline.js").TimelineElement} timeline
 * @property {import("../elements/composer.js").ComposerElement} composer
 * @property {import("../elements/pins.js").PinsElement} pins
 * @property {() => Client | null} client
 * @property {() => Conversation | null} conversation  the one on the screen
 * @property {() => import("../store/rights.js").Person} person
 * @property {(body: string, options: {replyTo: string | null, mentions: string[], attachments: import("../wire.js").Attachment[], kind?: string}) => void} say
 * @property {(member: import("../wire.js").Member) => Promise<unknown>} write  goes to the conversation with somebody
 * @property {() => Promise<string>} [begin]  a conversation, where there is none yet to upload to
 */

export class Talk {
  #options

  /** @param {Options} options */
  constructor(options) {
    this.#options = options
    const {composer, timeline} = options
    timeline.source = options
    composer.source = {people: () => this.#people, entities: async (type, query) => await options.client()?.entities(type, query) ?? []}
    composer.files = {
      target: async conversation => {
        const place = isThere(conversation) ? conversation : await options.begin?.()
        return /** @type {Client} */ (options.client()).api.uploadTo(`chat/upload/${place}/`)
      },
      atOnce: async conversation => (await /** @type {Client} */ (options.client()).api.get(`chat/upload/${conversation}/`)).uploads_at_once,
      takeBack: file => options.client()?.api.delete(`chat/attachments/${file}/`).catch(() => {}),
    }
    this.#listen()
  }

  /**
   * What a timeline is to show beside what was said.
   *
   * @param {Conversation | null} conversation
   */
  view(conversation) {
    const person = this.#options.person()
    const knows = (/** @type {string} */ id) => Boolean(this.#options.client()?.store.member(id))
    return {me: person.me.id, knows, actionsOn: (/** @type {Item} */ item) => conversation ? actionsOn(item, conversation, person) : []}
  }

  /** @param {Conversation | null} conversation */
  showPins(conversation) {
    const person = this.#options.person()
    const mayUnpin = conversation !== null && maySpeak(conversation, person) && mayPin(conversation, person)
    this.#options.pins.show(conversation?.id ?? "", conversation?.timeline.pinned ?? [], mayUnpin)
  }

  #listen() {
    const {timeline, composer, pins} = this.#options
    /** @type {(target: EventTarget, acts: Record<string, (detail: any, event: Event) => void>) => void} */
    const on = (target, acts) => Object.entries(acts).forEach(([name, act]) =>
      target.addEventListener(name, event => act(/** @type {CustomEvent} */ (event).detail, event)))
    on(timeline, {
      "timeline:reply": ({item}) => composer.reply(item),
      "timeline:edit": ({item}) => composer.edit(item),
      "timeline:again": ({item}) => this.#editAgain(item),
      "timeline:react": ({item, emoji}) => this.#react(item, emoji),
      "timeline:delete": ({item}) => this.#change((changing, id) => changing.delete(id, item.id)),
      "timeline:pin": ({item}) => this.#change((changing, id) => changing.pin(id, item.id, true)),
      "timeline:unpin": ({item}) => this.#change((changing, id) => changing.pin(id, item.id, false)),
      "timeline:dismiss": ({item}) => this.#change((changing, id) => changing.dismiss(id, item.id)),
      "timeline:copy": ({item}) => navigator.clipboard?.writeText(item.body).catch(() => {}),
      "timeline:jump": ({to}) => this.#jump(to),
      "timeline:person": ({member, at}) => this.#introduce(member, at).catch(() => {}),
    })
    on(pins, {
      "pins:jump": ({id}) => this.#jump(id),
      "pins:unpin": ({id}) => this.#change((changing, conversation) => changing.pin(conversation, id, false)),
    })
    on(composer, {
      "composer:send": ({body, ...options}) => this.#options.say(body, options),
      "composer:edit": ({body, mentions, ...message}) => this.#change((changing, id) => changing.edit(id, message, body, mentions)),
      "composer:last": (_, event) => this.#editLast(event),
      // Who notes something writes nothing that others wait for.
      "composer:write": ({draft}) => composer.kind || this.#options.client()?.others.write(draft),
      "composer:rest": () => this.#options.client()?.others.rest(),
    })
  }

  get #people() {
    const {me} = this.#options.person()
    const isNote = this.#options.composer.kind
    const people = this.#options.conversation()?.participants.map(({member}) => member) ?? []
    return people.filter(({id, role}) => id !== me.id && (!isNote || STAFF.includes(role)))
  }

  /** @param {(changing: Client["changing"], conversation: string) => unknown} act */
  #change(act) {
    const [client, conversation] = [this.#options.client(), this.#options.conversation()]
    if (client && conversation) act(client.changing, conversation.id)
  }

  /**
   * @param {Item} item
   * @param {string} emoji
   */
  #react({id, reactions}, emoji) {
    const isOn = reactions.some(one => one.emoji === emoji && one.mine)
    this.#change((changing, conversation) => id && changing.react(conversation, id, emoji, !isOn))
  }

  /** @param {any} item  whose edit was refused */
  #editAgain(item) {
    this.#change((changing, id) => changing.dismiss(id, item.id))
    this.#options.composer.edit(item, item.wish.body)
  }

  /** @param {Event} event */
  #editLast(event) {
    const conversation = this.#options.conversation()
    const person = this.#options.person()
    const item = conversation?.timeline.items().findLast(one => actionsOn(one, conversation, person).includes("edit"))
    if (!item) return
    event.preventDefault()
    this.#options.composer.edit(/** @type {any} */ (item))
  }

  /**
   * @param {string} id
   * @param {HTMLElement} at
   */
  async #introduce(id, at) {
    const {timeline, client, write} = this.#options
    const member = client()?.store.member(id)
    if (!member) return
    const {openPersonCard} = await import("../elements/person-card.js")
    await openPersonCard({
      at, within: timeline, member, presence: client()?.others.presenceOf(id) ?? null, words: /** @type {any} */ (timeline).words,
      mayWrite: this.#mayWriteTo(member), write: () => write(member),
    })
  }

  /**
   * Who is of neither side's staff may be known from a group, and yet not be within reach.
   *
   * @param {import("../wire.js").Member} member
   */
  async #mayWriteTo(member) {
    const person = this.#options.person()
    const isHere = this.#options.conversation()?.info.kind === "direct"
    if (isHere || !mayWriteTo(member, person)) return false
    if ([member, person.me].some(({role}) => STAFF.includes(role))) return true
    const people = await this.#options.client()?.people(member.name) ?? []
    return people.some(({id}) => id === member.id)
  }

  /** @param {string} message */
  async #jump(message) {
    const [client, conversation] = [this.#options.client(), this.#options.conversation()]
    if (!client || !conversation) return
    await client.paging.reach(conversation.id, message).catch(() => {})
    // What was loaded is on the screen by then.
    requestAnimationFrame(() => this.#options.timeline.jump(message))
  }
}
