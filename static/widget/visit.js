/** One visit to a site: nobody yet, a visitor, or somebody the host has signed in. No DOM. */

import {Api} from "../js/api.js"
import {Contact} from "./contact.js"
import {Client} from "../js/client.js"
import {Drafts} from "../js/store/drafts.js"
import {Outbox} from "../js/store/outbox.js"
import {BEGINNING, wantedWith} from "../js/store/starting.js"
import {wipe} from "../js/store/storage.js"
import {Timeline} from "../js/store/timeline.js"
import {Hours} from "./hours.js"

/** @typedef {import("../js/wire.js").Member} Member */
/** @typedef {{token: string, expires_at: string | null, member: Member, isIdentified: boolean, known?: string[]}} Session */
/**
 * @typedef {{
 *   key: string, kind: "name" | "email" | "text" | "choice", required: boolean, label: Record<string, string>,
 *   choices: {key: string, label: Record<string, string>}[],
 * }} Question
 */
/**
 * @typedef {{
 *   site: {key: string, name: string}, organisation: {name: string, slug: string, locale: string},
 *   identity_required: boolean, appearance: {title: string, greeting: string, accent: string, position: string},
 *   hours?: import("./hours.js").Told, prechat?: Question[], voice: Record<string, string>, online?: number, email?: boolean,
 * }} Config
 */
/**
 * @typedef {object} Options
 * @property {string} base  the origin of the chat server
 * @property {string} site  the public key
 * @property {import("../js/store/storage.js").Keep} storage
 * @property {(url: string, protocols: string[]) => WebSocket} openSocket
 * @property {import("../js/tabs/tabs.js").Means | null} [tabs]
 * @property {() => import("./contact.js").Told} [here]  where the person is now
 */

/** Where messages wait that were written before there was a conversation. */
const FIRST = "first"
const NOBODY = {id: "", name: "", role: "guest"}

/**
 * Announces `change`, `arrived` and `sent` (Message), `began` (a conversation's id), `frame`, `connection`,
 * `identity-expired` and `reset` (another person, or nobody).
 *
 * Nothing is written on the server before the visitor submits something or the host says who it is, and nothing here before
 * the visitor writes.
 */
export class Visit extends EventTarget {
  #options
  #name
  /** @type {Session | null} */
  #session = null
  /** @type {Api | null} */
  #api = null
  /** @type {Client | null} */
  #client = null
  /** @type {string | null} */
  #chosen = null
  /** The token that the client knocked with. */
  #shown = ""
  #first
  /** @type {Question[]} */
  #prechat = []
  /** Whether all conversations of the one who is here are known. */
  #isClear = false
  /** What was written into the form before the first message. @type {Record<string, string>} */
  answers = {}
  /** Another one begins when everything is forgotten: answers to an earlier life belong to nobody. */
  #life = 0
  #asked = 0
  /** @type {Promise<string> | null} */
  #beginning = null
  /** @type {Member[] | null} */
  #people = null
  /** Of an older server it is not known. */
  #sendsEmail = true
  /** How many of those who answer were online when it was asked. */
  online = 0
  /** Whether one belongs to a space, as far as that is known. */
  hasSpaces = false
  #hasAsked = false

  /** @param {Options} options */
  constructor(options) {
    super()
    this.#options = options
    this.hours = new Hours(async () => (await this.#askConfig()).hours)
    this.#name = `parley:${options.site}`
    this.#first = this.#newFirst()
    this.contact = new Contact(options.here ?? (() => ({})))
    this.drafts = new Drafts(options.storage, `${this.#name}:draft:`)
  }

  get client() {
    return this.#client
  }

  get me() {
    return this.#session?.member ?? NOBODY
  }

  get isKnown() {
    return this.#session !== null
  }

  /** @returns {import("../js/store/conversation.js").Conversation[]} */
  get conversations() {
    return this.#client?.store.list() ?? []
  }

  /** The conversation on the screen; the only one needs no choosing. */
  get conversation() {
    const {conversations} = this
    if (this.isBeginning) return this.#support
    const [newest = null] = conversations
    return conversations.length > 1 ? this.#client?.store.get(this.#chosen ?? "") ?? null : newest
  }

  /** Whether somebody who answers is written to, in a conversation that may not be there yet. */
  get isBeginning() {
    return this.#chosen === BEGINNING
  }

  /** Whether those who answer can be written to in a conversation that is there, and was not put away. */
  get hasSupport() {
    return this.#support !== null && !this.#support.info.archived
  }

  get #support() {
    return this.conversations.find(({info}) => info.kind === "support" && info.status === "open") ?? null
  }

  /** What the person has chosen in this browser. */
  get settings() {
    const {storage} = this.#options
    return {
      get: (/** @type {string} */ name) => storage.getItem(`${this.#name}:${name}`),
      set: (/** @type {string} */ name, /** @type {string} */ value) => storage.setItem(`${this.#name}:${name}`, value),
    }
  }

  /** Whom one can reach, as far as that is known. @returns {Member[]} */
  get people() {
    return this.#people ?? []
  }

  /** What is on its way while there is no conversation yet. */
  get firstItems() {
    const timeline = new Timeline(this.me)
    timeline.setPending(this.#first.of(FIRST))
    return timeline.items()
  }

  /** @returns {Promise<Config>} */
  async load() {
    const config = await this.#askConfig()
    this.hours.told = config.hours
    this.#prechat = config.prechat ?? []
    return config
  }

  /** Goes on where the last visit ended. */
  resume() {
    const kept = this.#kept()
    if (kept) this.#enter(kept)
    this.#first.flush()
  }

  /** Another tab may have become somebody: two tabs of one person are one visitor. */
  follow() {
    if (!this.isKnown && this.#kept()) this.resume()
  }

  /**
   * @param {string} jwt  signed by the host's server
   * @returns {Promise<Member>}
   */
  async setUser(jwt) {
    const asked = ++this.#asked
    const answer = await this.#nobodysApi().post("widget/session/", {site: this.#options.site, identity: jwt})
    if (asked !== this.#asked) return answer.member
    if (this.#session && this.#session.member.id !== answer.member.id) await this.shutdown()
    this.#enter({...pick(answer), isIdentified: true})
    this.#first.flush()
    return answer.member
  }

  /**
   * @param {string} body
   * @param {{replyTo?: string | null, mentions?: string[], attachments?: import("../js/wire.js").Attachment[]}} [options]
   */
  say(body, options = {}) {
    const {conversation} = this
    if (conversation) {
      this.#client?.send(conversation.id, body, options)
      this.contact.tell()
    } else this.#first.add({...options, client_id: crypto.randomUUID(), conversation: FIRST, body, created_at: new Date().toISOString()})
  }

  /**
   * A file cannot wait for the first words: it needs the conversation that they are going to be in.
   *
   * @returns {Promise<string>}
   */
  async begin() {
    return this.conversation?.id ?? await this.#start()
  }

  /** Whether there is an address of theirs. */
  get hasEmail() {
    return this.#sendsEmail && (this.#session?.known?.includes("email") ?? false)
  }

  /** What is still asked before a conversation can begin: of somebody known, once it is clear that there is none. */
  get questions() {
    if (this.#client && !this.#isClear || this.conversations.length) return []
    const known = this.#session?.known ?? []
    return this.#prechat.filter(({key}) => !known.includes(key))
  }

  /**
   * Begins it with the answers. Whatever was written before there were any is sent then.
   *
   * @param {Record<string, string>} answers
   */
  async introduce(answers) {
    // One that is under way has no answers.
    await this.#beginning?.catch(() => {})
    if (!await this.#start(answers)) return
    this.answers = {}
    this.#remember(["name", "email"].filter(key => answers[key]))
    for (const {client_id, state} of this.#first.all) if (state === "failed") this.#first.retry(client_id)
  }

  /** @param {string} clientId */
  resend(clientId) {
    this.#client?.resend(clientId)
    this.#first.retry(clientId)
  }

  /** @param {string} clientId */
  discard(clientId) {
    this.#client?.discard(clientId)
    this.#first.discard(clientId)
  }

  /** Where somebody is written to who answers: the newest such conversation, or one that is to begin. */
  chooseSupport() {
    this.choose(this.#support?.id ?? BEGINNING)
  }

  /** What was not taken, and nobody has sent again or thrown away. */
  get unsent() {
    return [...this.#client?.unsent ?? [], ...this.#first.all.filter(({state}) => state === "failed")]
  }

  /**
   * Who has an account may reach others.
   *
   * @param {{again?: boolean}} [options]  asked once, unless that went wrong and it is asked `again`
   */
  async meet({again = false} = {}) {
    const life = this.#life
    if (again && !this.#people) this.#hasAsked = false
    if (this.#hasAsked || !this.#client || this.me.role === "guest") return
    this.#hasAsked = true
    const [people, spaces] = await Promise.all([this.peopleNamed(""), this.#client.api.get("spaces/", {limit: 1})].map(asked => asked.catch(() => null)))
    if (life !== this.#life) return
    this.#people = people
    this.hasSpaces = spaces?.results.length > 0
    this.#announce("change")
  }

  /** @param {string} text */
  async peopleNamed(text) {
    const people = await this.#client?.people(text) ?? []
    return people.filter(({id}) => id !== this.me.id)
  }

  /**
   * @param {Member} member
   * @returns {Promise<string>} the conversation of the two
   */
  async write(member) {
    return await this.#client?.begin(wantedWith([member], "")) ?? ""
  }

  /**
   * @param {Member[]} members
   * @param {string} title
   * @returns {Promise<string>} their new group
   */
  async gather(members, title) {
    return await this.#client?.begin({kind: "group", members: members.map(({id}) => id), title}) ?? ""
  }

  /** @param {string} id  one that the person may see, else this throws */
  async find(id) {
    await this.#client?.find(id)
    if (!this.#client?.store.get(id)) throw Object.assign(new Error("There is no such conversation."), {code: "not_found"})
    this.choose(id)
  }

  /** @param {string | null} id */
  choose(id) {
    this.#chosen = id
    this.#announce("change")
  }

  /**
   * It is being looked at: another one that begins meanwhile must not take its place.
   *
   * @param {string} id
   */
  stayWith(id) {
    this.#chosen = id
  }

  /** The page has no place for it any more; the next visit goes on from here. */
  end() {
    this.#life++
    this.#asked++
    this.#client?.stop()
    this.#first.stop()
  }

  /** The person is gone: nothing of the visit may remain in this browser. */
  async shutdown() {
    const api = this.#api
    this.#asked++
    this.#forget()
    await api?.delete("widget/session/").catch(() => {})
  }

  /**
   * @param {Session} session
   * @param {{isNew?: boolean}} [options]  whoever is has no conversation yet
   */
  #enter(session, {isNew = false} = {}) {
    const isSame = this.#client && this.#session?.member.id === session.member.id
    this.#session = session
    this.#options.storage.setItem(this.#name, JSON.stringify(session))
    this.#api ??= this.#newApi(session.token)
    this.#api.renew(session.token)
    this.contact.meet(this.#api, session.member.id)
    if (!isSame) {
      this.#isClear = isNew
      this.#client = this.#newClient(this.#api, session.member)
    }
    this.#client?.start()
    this.#announce("change")
  }

  /** @param {string[]} known  what need not be asked of this person again */
  #remember(known) {
    if (!this.#session) return
    this.#session = {...this.#session, known: [...this.#session.known ?? [], ...known]}
    this.#options.storage.setItem(this.#name, JSON.stringify(this.#session))
  }

  #forget() {
    this.#life++
    this.#hasAsked = this.hasSpaces = false
    this.#client?.stop()
    this.#first.stop()
    this.#client = this.#api = this.#session = this.#chosen = this.#beginning = this.#people = null
    this.contact.forget()
    this.answers = {}
    this.#options.storage.removeItem(this.#name)
    wipe(this.#options.storage, `${this.#name}:`)
    this.#first = this.#newFirst()
    this.#announce("reset")
    this.#announce("change")
  }

  /**
   * @param {Api} api
   * @param {Member} me
   */
  #newClient(api, me) {
    const {base, storage, openSocket, tabs} = this.#options
    const socketUrl = `${base.replace(/^http/, "ws")}/ws/chat/`
    const client = new Client({api, me, socketUrl, openSocket, storage, outboxPrefix: `${this.#name}:outbox:`, tabs})
    client.addEventListener("change", () => this.#announce("change"))
    client.addEventListener("connection", () => this.#connectionChanged(client))
    for (const name of ["connection", "arrived", "sent", "frame"]) {
      client.addEventListener(name, event => this.#announce(name, /** @type {CustomEvent} */ (event).detail))
    }
    client.addEventListener("signed-out", () => this.#signedOut())
    return client
  }

  /** @param {Client} client */
  #connectionChanged({status}) {
    if (status.state === "connecting") this.#shown = this.#session?.token ?? ""
    if (this.#isClear || status.state !== "open" && !status.isPolling) return
    this.#isClear = true
    this.#announce("change")
  }

  /** A visitor's token cannot be had again; the host can sign its people in once more. */
  #signedOut() {
    // Refused is one of before: the host has signed its person in meanwhile.
    if (this.#session?.token !== this.#shown) this.#client?.start()
    else if (this.#session.isIdentified) this.#announce("identity-expired")
    else this.#forget()
  }

  #newFirst() {
    const {storage} = this.#options
    const outbox = new Outbox({storage, prefix: `${this.#name}:first:`, send: sending => this.#sendFirst(sending)})
    outbox.addEventListener("change", () => this.#announce("change"))
    return outbox
  }

  /**
   * From there the client's own outbox takes over.
   *
   * @param {import("../js/wire.js").Sending} sending
   * @returns {Promise<any>}
   */
  async #sendFirst({body, client_id, attachments}) {
    const id = await this.#start()
    // Taken from the page in the middle of it: the next visit says it, unless everything was forgotten.
    if (!id) throw Object.assign(new Error("The visit has ended."), {temporary: true})
    this.#client?.send(id, body, {clientId: client_id, attachments})
  }

  /**
   * The first submit makes the visitor, then the conversation: once, however many wait for it.
   *
   * @param {Record<string, string>} [prechat]
   * @returns {Promise<string>} "" when meanwhile everybody has gone
   */
  #start(prechat) {
    const life = this.#life
    return this.#beginning ??= this.#open(prechat).finally(() => {
      if (life === this.#life) this.#beginning = null
    })
  }

  /**
   * @param {Record<string, string>} [prechat]
   * @returns {Promise<string>}
   */
  async #open(prechat) {
    const life = this.#life
    if (!this.#client) await this.#becomeVisitor()
    const id = life === this.#life ? await this.#client?.begin({kind: "support", ...prechat && {prechat}}) : null
    if (!id || life !== this.#life) return ""
    this.#chosen = id
    this.contact.tell()
    this.#announce("began", id)
    this.#announce("change")
    return id
  }

  async #becomeVisitor() {
    const life = this.#life
    const kept = this.#kept()
    if (kept) return this.#enter(kept)
    const answer = await this.#nobodysApi().post("widget/session/", {site: this.#options.site})
    // Meanwhile the host may have said who it is, or that everybody has gone.
    if (life === this.#life && !this.#client) this.#enter({...pick(answer), isIdentified: false}, {isNew: true})
  }

  /** @returns {Session | null} */
  #kept() {
    try {
      const kept = JSON.parse(this.#options.storage.getItem(this.#name) ?? "null")
      const isOver = kept?.expires_at && Date.parse(kept.expires_at) <= Date.now()
      return kept?.token && kept.member?.id && !isOver ? kept : null
    } catch {
      return null
    }
  }

  /** @returns {Promise<Config>} */
  async #askConfig() {
    const config = await this.#nobodysApi().get("widget/config/", {site: this.#options.site})
    this.online = config.online ?? 0
    this.#sendsEmail = config.email ?? true
    return config
  }

  #nobodysApi() {
    return this.#newApi(null)
  }

  /** @param {string | null} token */
  #newApi(token) {
    return new Api({base: `${this.#options.base}/api/v1/`, token})
  }

  /**
   * @param {string} name
   * @param {unknown} [detail]
   */
  #announce(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, {detail}))
  }
}

/** @param {{token: string, expires_at: string | null, member: Member, known?: string[]}} answer */
function pick({token, expires_at, member, known}) {
  return {token, expires_at, member, known}
}
