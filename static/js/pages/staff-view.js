/** Shows what the client knows on the staff page. It asks the client nothing but to be shown. */

import {avatar, conversationAvatar} from "../elements/avatar.js"
import {emptyState} from "../elements/empty.js"
import {presenceWords, withPresence} from "../elements/presence.js"
import {filterOf, offered} from "../store/filters.js"
import {faceOf, nameOf} from "../store/naming.js"
import {presenceOfMine} from "../store/presence.js"
import {maySpeak, rightsIn} from "../store/rights.js"
import {wantedWith} from "../store/starting.js"
import {part, permissionsIn, voiceIn} from "./boot.js"
import {Talk} from "./talk.js"

/** @typedef {import("../client.js").Client} Client */
/** @typedef {import("../store/conversation.js").Conversation} Conversation */
/** @typedef {import("../wire.js").PresenceOf} PresenceOf */
/** @typedef {import("../words.js").Words} Words */

export class StaffView {
  #client
  #words
  #boot
  #talk
  #storage
  #filter
  /** It was in the list when it was opened, and stays there as long as it is. @type {string | null} */
  #stays = null
  /** @type {string | null} */
  #selected = null
  /** @type {number | null} */
  #unreadAfter = null
  /** The conversation that was open, and who has it now. @type {{id: string, name: string} | null} */
  #taken = null
  #search = ""
  #isKnown = false
  #isDue = false
  /** @type {import("../elements/noting.js").Noting | null} */
  noting = null
  /** What is opened next is only looked at: the focus stays where it is. */
  isRead = false

  /**
   * @param {Client} client
   * @param {Words} words
   * @param {import("./boot.js").Boot} boot
   * @param {import("../store/storage.js").Keep} storage
   */
  constructor(client, words, boot, storage) {
    this.#client = client
    this.#words = words
    this.#boot = boot
    this.#storage = storage
    this.#filter = filterOf(storage.getItem(this.#filterName))
    this.filters = /** @type {import("../elements/filters.js").FiltersElement} */ (part("filters"))
    this.layout = part("layout")
    this.list = /** @type {import("../elements/conversation-list.js").ConversationListElement} */ (part("list"))
    this.typing = /** @type {import("../elements/typing.js").TypingElement} */ (part("typing"))
    this.settings = /** @type {import("../elements/settings.js").SettingsElement} */ (part("settings"))
    this.timeline = /** @type {import("../elements/timeline.js").TimelineElement} */ (part("timeline"))
    this.composer = /** @type {import("../elements/composer.js").ComposerElement} */ (part("composer"))
    this.connection = /** @type {import("../elements/connection.js").ConnectionElement} */ (part("connection"))
    this.people = /** @type {import("../elements/people.js").PeopleElement} */ (part("people"))
    this.dialog = /** @type {import("../elements/new-conversation.js").NewConversationElement} */ (part("new-dialog"))
    this.pins = /** @type {import("../elements/pins.js").PinsElement} */ (part("pins"))
    this.about = /** @type {import("../elements/conversation-settings.js").ConversationSettingsElement} */ (part("conversation-settings"))
    this.#talk = new Talk({
      timeline: this.timeline, composer: this.composer, pins: this.pins, client: () => client, conversation: () => this.#conversation,
      person: () => this.#person, say: (body, options) => this.#selected && client.send(this.#selected, body, options),
      write: async member => location.hash = await client.begin(wantedWith([member], "")),
    })
  }

  get #person() {
    return {me: this.#client.me, permissions: permissionsIn(this.#boot, this.#conversation?.info.space)}
  }

  /** @returns {string | null} */
  get selected() {
    return this.#selected
  }

  get #conversation() {
    return this.#selected ? this.#client.store.get(this.#selected) : null
  }

  get #filterName() {
    return `parley:${this.#client.me.id}:filter`
  }

  /** @param {string} name */
  choose(name) {
    this.#filter = filterOf(name)
    this.#stays = null
    this.#storage.setItem(this.#filterName, this.#filter.name)
    this.list.scrollTop = 0
    this.render()
  }

  /** @param {string | null} id */
  select(id) {
    this.#selected = id
    this.#unreadAfter = null
    const conversation = this.#conversation
    this.#stays = conversation && this.#filter.has(conversation) ? id : null
    this.#client.open(id)
    this.#find()
    this.render()
    if (id && !this.isRead && matchMedia("(hover: hover)").matches) this.composer.focus()
    this.isRead = false
  }

  /** @param {string} text */
  search(text) {
    this.#search = text.trim().toLocaleLowerCase()
    this.render()
  }

  /** The first sync has come: an empty list means that there is nothing. */
  known() {
    this.#isKnown = true
    this.#find()
    this.changed()
  }

  /** A link may lead to a conversation that is too old to have come with the first sync. */
  #find() {
    if (this.#selected && this.#isKnown) this.#client.find(this.#selected).catch(() => {})
  }

  /** Many changes, one rendering. */
  changed() {
    if (this.#isDue) return
    this.#isDue = true
    queueMicrotask(() => {
      this.#isDue = false
      this.render()
    })
  }

  /** @param {boolean} [isOpen] */
  toggleDetails(isOpen) {
    const isNowOpen = this.layout.classList.toggle("with-details", isOpen)
    part("details-toggle").setAttribute("aria-expanded", String(isNowOpen))
  }

  /** Whether details lie over the conversation. */
  get isCovered() {
    return this.layout.classList.contains("with-details") && !matchMedia("(min-width: 1180px)").matches
  }

  render() {
    const conversation = this.#conversation
    this.layout.dataset.view = conversation ? "conversation" : "list"
    this.layout.classList.toggle("chosen", Boolean(conversation))
    this.#renderList()
    this.#renderTitle()
    this.#renderMe()
    if (conversation) this.#renderConversation(conversation)
    else if (this.#taken?.id === this.#selected) this.timeline.show({conversation: "", items: [], hasOlder: false, unreadAfter: null, empty: this.#lost()})
    else this.timeline.show({conversation: "", items: [], hasOlder: false, unreadAfter: null, empty: this.#choose()})
  }

  #renderList() {
    const {me, store} = this.#client
    const conversations = this.#isKnown ? store.list().filter(one => this.#matches(one)) : null
    this.filters.show(offered(store.list(), this.#filter.name, this.#boot.permissions), this.#filter.name)
    this.list.setAttribute("aria-labelledby", `filter-${this.#filter.name}`)
    const {say} = this.#speaker
    this.list.show({me, conversations, selected: this.#selected, empty: this.#nothing(), nameless: say("nameless"), presenceOf: this.#presenceOf})
  }

  /** What stands where the list has nothing. */
  #nothing() {
    const {say} = this.#speaker
    const {name, symbol} = this.#filter
    if (this.#search) return emptyState({tag: "li", symbol: "search", title: say("no_matches", {text: this.#search}), text: ""})
    if (name === "all") return emptyState({tag: "li", title: say("no_conversations_title"), text: say("no_conversations")})
    return emptyState({tag: "li", symbol: symbol ?? "check", title: say(`filter_${name}_none`), text: say(`filter_${name}_none_text`)})
  }

  /** What I have put away is found when it is looked for. @param {Conversation} conversation */
  #matches(conversation) {
    const isHere = this.#search !== "" || conversation.id === this.#stays && !conversation.info.archived || this.#filter.has(conversation)
    return isHere && nameOf(conversation, this.#client.me).toLocaleLowerCase().includes(this.#search)
  }

  #renderTitle() {
    const {unread} = this.#client.store
    const title = `${this.#words.say("conversations")} · ${this.#boot.organisation.name}`
    document.title = unread ? `(${unread}) ${title}` : title
  }

  #renderMe() {
    const {me, myself, others, status} = this.#client
    const {say} = this.#speaker
    const chosen = status.state === "open" ? myself.chosen?.availability : null
    const presence = chosen ? presenceOfMine(chosen, others.amAway) : null
    const said = chosen === "invisible" ? say("presence_invisible") : presenceWords(presence, this.#words)
    part("me-face").replaceChildren(withPresence(avatar(me), presence))
    part("me-role").textContent = [say(`role_${me.role}`), said].filter(Boolean).join(" · ")
    this.settings.show(myself.chosen)
  }

  /** @param {Conversation} conversation */
  #renderConversation(conversation) {
    const {timeline} = conversation
    const {say} = this.#speaker
    if (this.#unreadAfter === null) this.#unreadAfter = conversation.unread ? timeline.mine?.read_seq ?? Infinity : Infinity
    this.#renderHead(conversation)
    this.composer.context = conversation.id
    this.composer.voice = voiceIn(this.#boot, conversation.info.space)
    const speaks = maySpeak(conversation, this.#person)
    this.composer.hidden = !speaks
    this.noting?.show(conversation, speaks && this.#person.permissions.includes("see_notes"))
    part("read-only").hidden = speaks
    part("read-only").textContent = say(conversation.isClosed ? "closed_channel" : "read_only")
    this.timeline.show({
      ...this.#talk.view(conversation), conversation: conversation.id, items: timeline.items(), hasOlder: timeline.hasOlder, unreadAfter: this.#unreadAfter,
      empty: emptyState({title: say("no_messages_title"), text: say("no_messages")}), reach: conversation.reach,
    })
    this.typing.show(conversation.id, this.#client.others.typistsIn(conversation))
    const rights = rightsIn(conversation, this.#person)
    this.people.show(conversation, this.#client.me, this.#presenceOf, rights.remove)
    part("add-people").hidden = !rights.add
    this.about.show(conversation, rights)
    this.#talk.showPins(conversation)
  }

  /** @param {Conversation} conversation */
  #renderHead(conversation) {
    const {info} = conversation
    const {me} = this.#client
    const {say} = this.#speaker
    const name = nameOf(conversation, me) || say("nameless")
    const presence = this.#presenceOf(faceOf(conversation, me)?.id ?? "")
    part("conversation-name").textContent = name
    part("conversation-about").textContent = this.#aboutOf(conversation, presence)
    part("conversation-avatar").replaceChildren(withPresence(conversationAvatar(conversation, me, name), presence))
    part("started").textContent = say("started_on", {date: this.#words.date(info.created_at)})
  }

  /**
   * @param {Conversation} conversation
   * @param {PresenceOf | null} presence  of the one whose face it has
   */
  #aboutOf(conversation, presence) {
    const {info, participants} = conversation
    const {say} = this.#speaker
    if (info.kind === "support") return [say("kind_support"), this.#standing(conversation), presence && presenceWords(presence, this.#words)].filter(Boolean).join(" · ")
    const online = participants.filter(({member}) => this.#presenceOf(member.id)?.state === "online").length
    const people = info.kind === "direct" && presence ? "" : say("people_count", {count: participants.length})
    const here = presence ? presenceWords(presence, this.#words) : online && say("online_count", {count: online})
    return [say(`kind_${info.kind}`), people, here].filter(Boolean).join(" · ")
  }

  /** @param {Conversation} conversation  of support */
  #standing({info: {assignee}, isResolved, isMine, isWaiting}) {
    const {say} = this.#speaker
    if (isResolved) return say("resolved")
    if (isWaiting) return say("waiting")
    return isMine ? say("served_by_me") : assignee ? say("served_by", {name: assignee.name}) : ""
  }

  #presenceOf = (/** @type {string} */ member) => this.#client.others.presenceOf(member)

  /**
   * Somebody else was faster. Managers see it all the same.
   *
   * @param {string} id
   * @param {import("../wire.js").Member} by
   */
  taken(id, {name}) {
    this.#taken = {id, name}
    if (id !== this.#selected) return
    this.#find()
    part("said").textContent = this.#words.say("taken_title", {name})
    this.changed()
  }

  #lost() {
    const {say} = this.#speaker
    return emptyState({symbol: "check", title: say("taken_title", {name: this.#taken?.name}), text: say("taken_text")})
  }

  /** Where there is nothing to choose, the list already says so. */
  #choose() {
    const {say} = this.#speaker
    if (!this.#client.store.list().length) return null
    return emptyState({title: say("choose_title"), text: say("choose")})
  }

  get #speaker() {
    return {say: (/** @type {string} */ key, values = {}) => this.#words.say(key, values)}
  }
}
