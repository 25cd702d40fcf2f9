/** Shows a visit in the widget's nodes. */

import {avatar, conversationAvatar} from "../js/elements/avatar.js"
import {announce} from "../js/elements/build.js"
import {emptyState} from "../js/elements/empty.js"
import {lazily} from "../js/lazily.js"
import {presenceWords, withPresence} from "../js/elements/presence.js"
import {Talk} from "../js/pages/talk.js"
import {faceOf, nameOf} from "../js/store/naming.js"
import {maySpeak, STAFF, usualPermissions} from "../js/store/rights.js"
import {BEGINNING, isThere} from "../js/store/starting.js"
import {awayWords} from "./hours.js"
import {widgetNodes} from "./nodes.js"
import {viewOf, viewsFor} from "./views.js"

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
  #loadForm = lazily(async () => (await import("./prechat.js")).formBefore(
    this.nodes.composer, this.#words, () => this.#visit.answers, answers => this.#visit.introduce(answers),
  ), form => {
    this.#form = form
    this.render()
    if (this.#isOpen) this.#focus()
  })
  /** @type {import("./views.js").View} */
  #wanted = "conversation"
  /** @type {import("../js/elements/tabs.js").TabRow | null} */
  #tabs = null
  #loadTabs = lazily(async () => (await import("../js/elements/tabs.js")).tabsIn(this.nodes.root, this.#words), tabs => {
    this.#tabs = tabs
    this.nodes.head.after(tabs.node)
    this.render()
  })
  /** Loaded when they are looked at. @type {Awaited<ReturnType<typeof import("./people.js").peopleIn>> | null} */
  #people = null
  /** Loaded with the first that is to be told of. @type {import("./alerts.js").Alerts | null} */
  #alerts = null
  #loadAlerts = lazily(async () => (await import("./alerts.js")).alertsIn(this.nodes.root, this.#alertOptions), alerts => {
    this.#alerts = alerts
    this.nodes.panel.append(alerts.node)
  })
  /** Loaded when they are looked at. @type {Awaited<ReturnType<typeof import("./chats.js").chatsIn>> | null} */
  #chats = null
  #loadChats = lazily(async () => (await import("./chats.js")).chatsIn(this.nodes.root, this.#words), chats => this.#offer("chats", this.#chats = chats))
  /** Loaded when they are looked at. @type {ReturnType<typeof import("./requests.js").requestsIn> | null} */
  #requests = null
  #loadRequests = lazily(async () => (await import("./requests.js")).requestsIn(this.nodes.root, this.#visit, this.#words, () => this.#person, this.#lastRequests),
    requests => this.#offer("requests", this.#requests = requests))
  /** In another language. @type {ReturnType<typeof import("./requests.js").requestsIn> | null} */
  #lastRequests = null
  /** Loaded when it is asked for. @type {import("./more.js").More | null} */
  #more = null
  #loadMore = lazily(async () => (await import("./more.js")).moreIn(this.nodes, this.#visit, this.#words), more => this.#more = more)
  #loadPeople = lazily(async () => (await import("./people.js")).peopleIn(this.nodes.root, this.#visit, this.#words, () => this.#person, id => this.#went(id)),
    people => this.#offer("people", this.#people = people))
  /** Loaded for whoever waits in the queue, or was served. @type {import("./serving.js").Serving | null} */
  #serving = null
  #loadServing = lazily(async () => (await import("./serving.js")).servingIn(this.nodes, this.#visit, this.#words), serving => {
    this.#serving = serving
    this.render()
  })
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
    this.nodes.composer.drafts = visit.drafts
    this.nodes.composer.voice = config.voice
    this.#talk = new Talk({
      ...this.nodes, client: () => visit.client, conversation: () => visit.conversation, person: () => this.#person,
      say: (body, options) => visit.say(body, options), begin: () => visit.begin(),
      write: async member => this.#went(await visit.write(member)),
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
    if (isOpen) this.#visit.meet({again: true})
    else this.#visit.client?.others.list([])
    this.render()
    if (isOpen) this.#focus()
  }

  /** The conversation that is read now. */
  get shown() {
    return this.#isOpen && this.#view === "conversation" ? this.#visit.conversation : null
  }

  /**
   * @param {import("../js/wire.js").Message} message  of another person
   * @param {boolean} isSeen
   */
  async arrived(message, isSeen) {
    const {client, me} = this.#visit
    await this.#loadAlerts()
    if (client) await this.#alerts?.arrived(message, client.placeOf(message.conversation), me.id, isSeen)
  }

  /** Somebody has just done something here. */
  async acted() {
    if (!this.#visit.isKnown) return
    await this.#loadAlerts()
    this.#alerts?.allow()
  }

  /** @param {boolean} isOpen  the choice of how to be told */
  async showAlerts(isOpen) {
    if (isOpen) await this.#loadAlerts()
    const node = this.#alerts?.node
    if (!node || node.hidden !== isOpen) return
    const hadFocus = node.contains(/** @type {ShadowRoot} */ (node.getRootNode()).activeElement)
    node.hidden = !isOpen
    this.nodes.bell.setAttribute("aria-expanded", String(isOpen))
    if (isOpen) node.querySelector("input")?.focus()
    else if (hadFocus) this.nodes.bell.focus()
  }

  /** @param {import("./views.js").View} view */
  turn(view) {
    this.#wanted = view
    if (view === "conversation" && !this.#isChosen) this.#visit.choose(this.#nearest)
    if (view !== "people") this.#visit.client?.others.list([])
    const {activeElement} = /** @type {ShadowRoot} */ (this.nodes.root.getRootNode())
    this.render()
    // What was pressed may be hidden now, as "Back" is.
    if (activeElement?.getClientRects().length === 0) this.#tabs?.focus()
  }

  /**
   * The same in another language: what was written is not lost.
   *
   * @param {Panel} last
   */
  follow(last) {
    this.nodes.composer.takeOver(last.nodes.composer)
    if (this.#visit.client) this.nodes.connection.status = this.#visit.client.status
    this.#wanted = last.#wanted
    this.#lastRequests = last.#requests ?? last.#lastRequests
    last.#requests?.end()
    if (last.isOpen) this.isOpen = true
  }

  /** What else can be done with the conversation on the screen. */
  async showMore() {
    await this.#loadMore()
    this.#more?.toggle()
  }

  /** @param {string} conversation  that the first words made */
  began(conversation) {
    const {composer} = this.nodes
    if (!isThere(composer.context)) composer.become(conversation)
  }

  /** @param {string} text */
  begin(text) {
    const {composer} = this.nodes
    if (text && !composer.value) composer.value = text
    composer.focus()
  }

  render() {
    this.#renderLauncher()
    const {conversation} = this.#visit
    const view = this.#view
    if (conversation?.isWaiting || conversation?.isResolved) this.#loadServing()
    this.#serving?.show(view === "conversation" ? conversation : null)
    if (!this.#isOpen) return
    this.#visit.meet()
    this.nodes.more.hidden = view !== "conversation" || !conversation?.timeline.head
    this.nodes.bell.hidden = !this.#visit.isKnown
    this.#renderViews(view)
    this.#renderHead(view === "conversation" ? conversation : null)
    if (view === "chats") this.#renderChats()
    else if (view === "people") this.#people ? this.#people.show() : this.#loadPeople()
    else if (view === "requests") this.#requests ? this.#requests.show() : this.#loadRequests()
    else this.#renderTimeline(conversation)
  }

  /** @returns {import("./views.js").View} */
  get #view() {
    return viewOf(this.#wanted, this.#views, this.#isChosen)
  }

  get #views() {
    return viewsFor(this.#visit.conversations, this.#visit.people, this.#visit.hasSpaces)
  }

  /** The newest that was not put away, or else the newest. */
  get #nearest() {
    const {conversations} = this.#visit
    return (conversations.find(({info}) => !info.archived) ?? conversations[0]).id
  }

  get #isChosen() {
    const {conversation, conversations, isBeginning} = this.#visit
    return conversation !== null || isBeginning || conversations.length === 0
  }

  /** @param {import("./views.js").View} shown */
  #renderViews(shown) {
    const {panel, views, back} = this.nodes
    const offered = this.#views
    const elsewhere = this.#visit.client?.store.unreadBut(this.shown?.id) ?? 0
    panel.dataset.view = shown
    back.hidden = shown !== "conversation" || this.#visit.conversations.length < 2
    if (offered.length > 1) this.#loadTabs()
    this.#tabs?.show(offered.map(name => ({name, text: this.#words.say(`tab_${name}`), unread: name === "chats" ? elsewhere : 0})), shown)
    for (const [name, view] of Object.entries(views)) {
      view.hidden = name !== shown
      if (this.#tabs && offered.length > 1) view.setAttribute("role", "tabpanel")
      else view.removeAttribute("role")
    }
  }

  #renderChats() {
    if (!this.#chats) return this.#loadChats()
    const {me, conversations, hasSupport} = this.#visit
    this.#chats.show({me, conversations, selected: null, empty: null, nameless: this.#ours, presenceOf: this.#presenceOf}, hasSupport)
  }

  /**
   * @param {import("./views.js").View} view
   * @param {{nodes: Node[]}} made  for it
   */
  #offer(view, {nodes}) {
    this.nodes.views[view].replaceChildren(...nodes)
    this.render()
  }

  /** @param {string} id */
  #went(id) {
    if (!id) return
    this.#visit.choose(id)
    this.turn("conversation")
    this.#focus()
  }

  #renderLauncher() {
    const count = this.#isOpen ? 0 : this.#visit.client?.store.unread ?? 0
    this.nodes.badge.hidden = count === 0
    this.nodes.badge.textContent = String(Math.min(count, 99))
    const closed = count ? this.#words.say("open_chat_unread", {count}) : this.#words.say("open_chat")
    const {online} = this.#visit
    this.nodes.online.hidden = this.#isOpen || !online
    this.nodes.online.textContent = String(online)
    const said = online ? `${closed}, ${this.#words.say("online_count", {count: online})}` : closed
    this.nodes.launcher.setAttribute("aria-label", this.#isOpen ? this.#words.say("close_chat") : said)
    this.nodes.launcher.hidden = this.#config.identity_required && !this.#visit.isKnown
  }

  get #alertOptions() {
    return {
      words: this.#words, settings: this.#visit.settings, mayNotify: window === parent, nameless: () => this.#ours,
      go: (/** @type {string} */ id) => announce(this.nodes.root, "panel:go", {id}),
    }
  }

  /** What the visitor calls the other side. */
  get #ours() {
    return this.#config.appearance.title || this.#config.organisation.name
  }

  /** @param {Conversation | null} conversation */
  #renderHead(conversation) {
    const {organisation} = this.#config
    if (conversation && conversation.info.kind !== "support") return this.#renderOthers(conversation)
    const served = conversation?.info.assignee
    const staff = served ? [served] : conversation?.participants.map(({member}) => member).filter(({role}) => STAFF.includes(role)) ?? []
    const who = staff.map(member => member.name).join(", ") || organisation.name
    const present = this.#mostPresent(staff)
    const presence = this.#presenceOf(present?.id ?? "")
    const face = present ?? {id: organisation.slug, name: organisation.name}
    this.#entitle(this.#ours, [who === this.#ours ? "" : who, presenceWords(presence, this.#words)])
    this.#face(`${face.id} ${presence?.state}`, () => withPresence(avatar(face), presence))
  }

  /**
   * Not with those who answer for the site, but with one person, or several.
   *
   * @param {Conversation} conversation
   */
  #renderOthers(conversation) {
    const {me} = this.#visit
    const {id, info, participants} = conversation
    const name = nameOf(conversation, me) || this.#words.say("nameless")
    const other = faceOf(conversation, me)
    const presence = this.#presenceOf(other?.id ?? "")
    this.#entitle(name, other
      ? [this.#words.say(`role_${other.role}`), presenceWords(presence, this.#words)]
      : [this.#words.say(`kind_${info.kind}`), this.#words.say("people_count", {count: participants.length})])
    this.#face(`${id} ${name} ${presence?.state}`, () => withPresence(conversationAvatar(conversation, me, name), presence))
  }

  /**
   * @param {string} name
   * @param {string[]} about
   */
  #entitle(name, about) {
    this.#say(this.nodes.title, name)
    this.#say(this.nodes.about, about.filter(Boolean).join(" · "))
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
   * @param {string} of
   * @param {() => Node} make
   */
  #face(of, make) {
    const {face} = this.nodes
    if (face.dataset.of !== of) face.replaceChildren(make())
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
    // It is there before whoever began it hears of it.
    if (conversation && this.#visit.isBeginning) this.began(conversation.id)
    this.nodes.composer.context = conversation?.id ?? (this.#visit.isBeginning ? BEGINNING : "")
    this.nodes.timeline.show({
      conversation: conversation?.id ?? "",
      items,
      hasOlder: timeline?.hasOlder ?? false,
      unreadAfter: conversation && this.#unreadAfter(conversation),
      empty: conversation && conversation.info.kind !== "support" ? this.#nothingSaid() : this.#greeting(away),
      reach: conversation?.reach,
      ...this.#talk.view(conversation),
    })
    this.#talk.showPins(conversation)
    this.#say(this.nodes.away, away ? [...items.length ? [away.message] : [], away.note].join(" ") : "")
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

  #nothingSaid() {
    return emptyState({title: this.#words.say("no_messages_title"), text: this.#words.say("no_messages")})
  }

  /** A phone would raise its keyboard over what the person wants to read. */
  #focus() {
    const isList = this.nodes.panel.dataset.view !== "conversation"
    if (isList || !matchMedia("(hover: hover)").matches) this.nodes.panel.focus()
    else if (this.nodes.composer.hidden) this.#form?.focus()
    else this.nodes.composer.focus()
  }
}
