/** Shows a visit in the widget's nodes. */

import {avatar} from "../js/elements/avatar.js"
import {emptyState} from "../js/elements/empty.js"
import {presenceWords, withPresence} from "../js/elements/presence.js"
import {lazily} from "../js/lazily.js"
import {Talk} from "../js/pages/talk.js"
import {nameOf} from "../js/store/naming.js"
import {maySpeak, STAFF, usualPermissions} from "../js/store/rights.js"
import {awayWords} from "./hours.js"
import {widgetNodes} from "./nodes.js"

/** @typedef {import("../js/store/conversation.js").Conversation} Conversation */
/** @typedef {import("../js/wire.js").Member} Member */
/** @typedef {import("../js/wire.js").PresenceOf} PresenceOf */
/** @typedef {import("./visit.js").Config} Config */
/** @typedef {import("./visit.js").Visit} Visit */
/** @typedef {import("../js/words.js").Words} Words */

export class Panel {
  #visit
  #words
  #config
  #talk
  #isOpen = false
  /** @type {import("./prechat.js").PrechatForm | null} */
  #form = null
  /** What was told of a conversation. */
  #notice = {conversation: "", text: ""}
  #loadForm = lazily(() => import("./prechat.js"), ({PrechatForm}) => this.#formLoaded(PrechatForm))
  /** @type {{conversation: string, after: number | null}} */
  #unread = {conversation: "", after: null}

  /**
   * @param {Visit} visit
   * @param {Words} words
   * @param {Config} config
   */
  constructor(visit, words, config) {
    this.#visit = visit
    this.#words = words
    this.#config = config
    this.nodes = widgetNodes(words)
    this.#talk = new Talk({
      ...this.nodes, client: () => visit.client, conversation: () => visit.conversation, person: () => this.#person,
      say: (body, options) => visit.say(body, options), begin: () => visit.begin(),
    })
  }

  get isOpen() {
    return this.#isOpen
  }

  /** @param {boolean} isOpen */
  set isOpen(isOpen) {
    this.#isOpen = isOpen
    this.#unread = {conversation: "", after: null}
    this.nodes.panel.hidden = !isOpen
    this.nodes.root.classList.toggle("open", isOpen)
    this.nodes.launcher.setAttribute("aria-expanded", String(isOpen))
    this.render()
    if (isOpen) this.#focus()
  }

  /**
   * The same in another language: what was written is not lost.
   *
   * @param {Panel} last
   */
  follow(last) {
    this.nodes.composer.takeOver(last.nodes.composer)
    if (this.#visit.client) this.nodes.connection.status = this.#visit.client.status
    if (last.isOpen) this.isOpen = true
  }

  /** Sends the person what was said in the conversation on the screen. */
  async sendTranscript() {
    const {client, conversation} = this.#visit
    if (!client || !conversation) return
    const {askTranscript} = await import("../js/transcribing.js")
    this.#notice = {conversation: conversation.id, text: await askTranscript(client.api, conversation.id, this.#words)}
    this.render()
  }

  /** @param {string} text */
  begin(text) {
    const {composer} = this.nodes
    if (text && !composer.value) composer.value = text
    composer.focus()
  }

  render() {
    this.#renderLauncher()
    if (!this.#isOpen) return
    const {conversation, conversations} = this.#visit
    const isList = conversations.length > 1 && !conversation
    this.nodes.panel.dataset.view = isList ? "list" : "conversation"
    this.nodes.transcript.hidden = isList || !conversation?.timeline.head || !this.#visit.hasEmail
    this.nodes.back.hidden = isList || conversations.length < 2
    this.#renderHead(conversation)
    if (isList) this.#renderList(conversations)
    else this.#renderTimeline(conversation)
  }

  /** @param {Conversation[]} conversations */
  #renderList(conversations) {
    const {me} = this.#visit
    this.nodes.list.show({me, conversations, selected: null, empty: null, nameless: this.#ours, presenceOf: this.#presenceOf})
  }

  #renderLauncher() {
    const count = this.#isOpen ? 0 : this.#visit.client?.store.unread ?? 0
    this.nodes.badge.hidden = count === 0
    this.nodes.badge.textContent = String(Math.min(count, 99))
    const closed = count ? this.#words.say("open_chat_unread", {count}) : this.#words.say("open_chat")
    this.nodes.launcher.setAttribute("aria-label", this.#isOpen ? this.#words.say("close_chat") : closed)
    this.nodes.launcher.hidden = this.#config.identity_required && !this.#visit.isKnown
  }

  /** What the visitor calls the other side. */
  get #ours() {
    return this.#config.appearance.title || this.#config.organisation.name
  }

  /** @param {Conversation | null} conversation */
  #renderHead(conversation) {
    const {organisation} = this.#config
    const staff = conversation?.participants.map(({member}) => member).filter(({role}) => STAFF.includes(role)) ?? []
    const ours = this.#ours
    const isSupport = !conversation || conversation.info.kind === "support"
    const name = isSupport ? ours : nameOf(conversation, this.#visit.me) || ours
    const who = isSupport && staff.map(member => member.name).join(", ") || organisation.name
    const present = this.#mostPresent(staff)
    const presence = this.#presenceOf(present?.id ?? "")
    this.#say(this.nodes.title, name)
    this.#say(this.nodes.about, [who === name ? "" : who, presenceWords(presence, this.#words)].filter(Boolean).join(" · "))
    this.#face(present ?? {id: organisation.slug, name: organisation.name}, presence)
  }

  /**
   * Of those who answer, the one who may answer now.
   *
   * @param {Member[]} staff
   */
  #mostPresent(staff) {
    return staff.find(({id}) => this.#presenceOf(id)?.state === "online") ?? staff[0]
  }

  /**
   * @param {{id: string, name: string}} who
   * @param {PresenceOf | null} presence
   */
  #face(who, presence) {
    const {face} = this.nodes
    const of = `${who.id} ${presence?.state}`
    if (face.dataset.of !== of) face.replaceChildren(withPresence(avatar(who), presence))
    face.dataset.of = of
  }

  get #person() {
    const {me} = this.#visit
    return {me, permissions: usualPermissions(me)}
  }

  #presenceOf = (/** @type {string} */ member) => this.#visit.client?.others.presenceOf(member) ?? null

  /**
   * @param {HTMLElement} node
   * @param {string} text
   */
  #say(node, text) {
    if (node.textContent !== text) node.textContent = text
    node.hidden = text === ""
  }

  /** @param {Conversation | null} conversation */
  #renderTimeline(conversation) {
    const {timeline} = conversation ?? {}
    const items = timeline?.items() ?? this.#visit.firstItems
    const away = this.#away(conversation)
    this.nodes.composer.context = conversation?.id ?? ""
    this.nodes.timeline.show({
      conversation: conversation?.id ?? "",
      items,
      hasOlder: timeline?.hasOlder ?? false,
      unreadAfter: conversation && this.#unreadAfter(conversation),
      empty: this.#greeting(away),
      reach: conversation?.reach,
      ...this.#talk.view(conversation),
    })
    this.#talk.showPins(conversation)
    this.#say(this.nodes.away, away ? [...items.length ? [away.message] : [], away.note].join(" ") : "")
    this.#say(this.nodes.notice, this.#notice.conversation === conversation?.id ? this.#notice.text : "")
    const isAsked = this.#ask()
    this.nodes.composer.hidden = isAsked || conversation !== null && !maySpeak(conversation, this.#person)
    this.nodes.typing.show(conversation?.id ?? "", conversation && this.#visit.client?.others.typistsIn(conversation) || [])
  }

  /** @returns {boolean} whether something is asked before the first message */
  #ask() {
    const {questions} = this.#visit
    if (questions.length) this.#loadForm()
    const hadFocus = this.#form?.node.contains(/** @type {ShadowRoot} */ (this.nodes.root.getRootNode()).activeElement)
    this.#form?.show(questions)
    if (hadFocus && !questions.length) queueMicrotask(() => this.nodes.composer.focus())
    return questions.length > 0
  }

  /** @param {typeof import("./prechat.js").PrechatForm} PrechatForm */
  #formLoaded(PrechatForm) {
    this.#form = new PrechatForm(this.#words, () => this.#visit.answers, answers => this.#visit.introduce(answers))
    this.nodes.composer.before(this.#form.node)
    this.render()
    if (this.#isOpen) this.#focus()
  }

  /**
   * The line "new" stays where it was when the conversation was opened.
   *
   * @param {Conversation} conversation
   */
  #unreadAfter({id, unread, timeline}) {
    if (this.#unread.conversation !== id) {
      this.#unread = {conversation: id, after: unread ? timeline.mine?.read_seq ?? null : null}
    }
    return this.#unread.after
  }

  /**
   * What is said while nobody answers.
   *
   * @param {Conversation | null} conversation
   */
  #away(conversation) {
    const {hours} = this.#visit
    hours.refresh().then(isNew => isNew && this.render())
    const isForUs = !conversation || conversation.info.kind === "support"
    return isForUs ? awayWords(hours.now, this.#words) : null
  }

  /** @param {ReturnType<typeof awayWords>} away */
  #greeting(away) {
    return emptyState({
      title: this.#config.appearance.greeting || this.#words.say("greeting_title"),
      text: away?.message ?? this.#words.say("greeting"),
    })
  }

  /** A phone would raise its keyboard over what the person wants to read. */
  #focus() {
    const isList = this.nodes.panel.dataset.view === "list"
    if (isList || !matchMedia("(hover: hover)").matches) this.nodes.panel.focus()
    else if (this.nodes.composer.hidden) this.#form?.focus()
    else this.nodes.composer.focus()
  }
}
