/** The staff page: elements announce, the client knows, this wires them. */

import {Api} from "../api.js"
import {cannedOf} from "../canned.js"
import {Client} from "../client.js"
import {decorate} from "../elements/decorate.js"
import {ConversationListElement} from "../elements/conversation-list.js"
import {ConversationSettingsElement} from "../elements/conversation-settings.js"
import {defineElements} from "../elements/define.js"
import {FiltersElement} from "../elements/filters.js"
import {NewConversationElement} from "../elements/new-conversation.js"
import {AttentionObserver, IdleObserver, LeavingObserver} from "../elements/observers.js"
import {Noting} from "../elements/noting.js"
import {PeopleElement} from "../elements/people.js"
import {SettingsElement} from "../elements/settings.js"
import {install} from "../installing.js"
import {Managing} from "../managing.js"
import {wantedWith} from "../store/starting.js"
import {browserNotices, Notices} from "../notices.js"
import {staffDrafts} from "../store/drafts.js"
import {openStorage} from "../store/storage.js"
import {browserTabs} from "../tabs/tabs.js"
import {wordsFor} from "../words.js"
import dictionaries from "../words/staff.js"
import {part, readBoot, socketUrlOf} from "./boot.js"
import {alertStaff} from "./staff-alerts.js"
import {StaffKeys} from "./staff-keys.js"
import {StaffView} from "./staff-view.js"

const REQUEST = "#request="
const boot = readBoot()
const storage = openStorage(() => localStorage)
const words = await wordsFor([boot.locale, boot.organisation.locale, navigator.language])
const api = new Api({base: boot.api, organisation: boot.organisation.slug, cookies: () => document.cookie})
const client = new Client({
  api,
  me: boot.member,
  socketUrl: socketUrlOf(boot.socket),
  openSocket: (url, protocols) => new WebSocket(url, protocols),
  storage,
  outboxPrefix: `parley:${boot.member.id}:outbox:`,
  tabs: browserTabs(),
})

words.learn(dictionaries)
document.documentElement.lang = words.language
defineElements(words, {
  "parley-conversation-list": ConversationListElement, "parley-conversation-settings": ConversationSettingsElement, "parley-filters": FiltersElement,
  "parley-new-conversation": NewConversationElement, "parley-people": PeopleElement, "parley-settings": SettingsElement,
})
decorate(document, words)
part("new").hidden = !boot.permissions.includes("start_direct")

const view = new StaffView(client, words, boot, storage)
const drafts = view.composer.drafts = staffDrafts(storage, boot.user)
view.noting = new Noting(view.composer, view.timeline, words, part("said"))
if (boot.permissions.includes("use_canned_replies")) view.composer.source.canned = cannedOf(api, () => view.selected)
const managing = new Managing(api)
const notices = new Notices({api, tabs: client, means: browserNotices(), say: words.say.bind(words)})
const wide = matchMedia("(min-width: 1180px)")
const opened = () => location.hash.startsWith(REQUEST) ? showRequest() : view.select(location.hash.slice(1) || null)
const go = (/** @type {string} */ id) => location.hash = id

/** A notice leads to one, beside the conversation that is open. */
async function showRequest() {
  const id = location.hash.slice(REQUEST.length)
  history.replaceState(null, "", view.selected ? `#${view.selected}` : location.pathname + location.search)
  await import("./staff-requests.js").then(({openRequests}) => openRequests(client, words, boot, id)).catch(() => complain("palette_failed"))
}

/** @type {Promise<import("./desk.js").Desk> | null} */
let loading = null
const desk = () => loading ??= import("./desk.js").then(({Desk}) => new Desk({view, client, words, boot})).catch(error => {
  loading = null
  throw error
})
/** @type {Promise<import("../elements/toast.js").Toast> | null} */
let toasts = null
/** Of what went wrong where nothing shows it. @param {string} word */
const complain = word => (toasts ??= import("../elements/toast.js").then(({toastsIn}) => toastsIn(document.body, words)))
  .then(toast => toast.fail(words.say(word)), () => void (toasts = null))
const keys = new StaffKeys({view, client, managing, words, boot, storage, go, desk, complain})

/** @param {Promise<void>} saving */
const save = saving => saving.catch(() => view.settings.fail())

/** @param {(id: string) => Promise<unknown>} act  to the conversation on the screen */
const manage = act => view.selected && act(view.selected).catch(() => view.about.fail())

/**
 * @param {EventTarget} target
 * @param {string} name
 * @param {(detail: any, event: any) => void} act
 */
const on = (target, name, act) => target.addEventListener(name, event => act(/** @type {CustomEvent} */ (event).detail, /** @type {any} */ (event)))

on(client, "change", () => view.changed())
on(client, "frame", frame => notices.hear(frame))
on(client, "arrived", message => notices.arrived(message, client.placeOf(message.conversation)))
on(notices, "change", () => view.settings.showNotices(notices.state))
on(navigator.serviceWorker ?? new EventTarget(), "message", (_, {data}) => data?.type === "go" && go(data.conversation))
on(client, "gone", ({id, assignee}) => assignee && assignee.id !== client.me.id && view.taken(id, assignee))
on(client, "connection", status => {
  view.connection.status = status
  if (status.state === "open" || status.isPolling) view.known()
})
on(view.list, "list:open", ({id}) => go(id))
on(view.timeline, "timeline:older", () => view.selected && client.paging.older(view.selected).catch(() => {}))
on(view.timeline, "timeline:retry", ({clientId}) => client.resend(clientId))
on(view.timeline, "timeline:discard", ({clientId}) => client.discard(clientId))
on(view.settings, "settings:availability", ({availability}) => save(client.myself.setAvailability(availability)))
on(view.settings, "settings:private", ({isPrivate}) => save(client.myself.setReadPrivate(isPrivate)))
on(view.settings, "settings:notices", ({isOn}) => save(isOn ? notices.turnOn() : notices.turnOff()))
on(view.settings, "settings:language", ({locale}) => save(api.patch("me/", {locale}).then(() => location.reload())))
on(view.settings, "settings:keys", ({isOn}) => keys.turn(isOn))
on(view.settings, "settings:help", () => {
  view.settings.hidePopover()
  keys.showHelp()
})
on(view.settings, "beforetoggle", (_, {newState}) => newState === "open" && client.myself.load().catch(() => {}))
on(view.connection, "connection:retry", ({code}) => code === 4501 ? location.reload() : client.retryNow())
on(view.dialog, "new:find", async ({text}) => view.dialog.found = (await client.people(text)).filter(({id}) => id !== client.me.id))
on(view.dialog, "new:start", async ({members, title}) => {
  try {
    go(await client.begin(wantedWith(members, title)))
    view.dialog.close()
  } catch {
    view.dialog.fail()
  }
})
on(view.dialog, "new:add", async ({members}) => {
  try {
    await managing.add(view.selected ?? "", members.map((/** @type {{id: string}} */ {id}) => id))
    view.dialog.close()
  } catch {
    view.dialog.fail()
  }
})
on(view.people, "people:remove", ({member}) => manage(id => managing.remove(id, member)))
on(view.about, "conversation:rename", ({title}) => manage(id => managing.rename(id, title)))
on(view.about, "conversation:mute", wanted => manage(id => managing.mute(id, wanted)))
on(view.about, "conversation:notices", ({notify}) => manage(id => managing.notices(id, notify)))
on(view.about, "conversation:archive", ({archived}) => manage(id => managing.archive(id, archived)))
on(view.about, "conversation:close", ({closed}) => manage(id => managing.close(id, closed)))
on(view.about, "conversation:leave", () => manage(id => managing.leave(id)))
on(view.about, "conversation:delete", () => manage(id => managing.delete(id)))
on(part("add-people"), "click", () => view.dialog.open({isAdding: true}))
on(view.filters, "filters:choose", ({name}) => view.choose(name))
on(part("new"), "click", () => view.dialog.open())
on(part("palette"), "click", () => keys.openPalette())
on(part("find"), "click", () => keys.find())
on(part("details-toggle"), "click", () => view.toggleDetails())
on(part("search"), "input", (_, {target}) => view.search(target.value))
on(part("back"), "click", () => go(""))
on(part("sign-out"), "submit", () => drafts.clear())
on(window, "hashchange", opened)
on(wide, "change", () => view.toggleDetails(wide.matches))
if (part("organisation")) on(part("organisation"), "change", (_, {target}) => location.search = `?organisation=${target.value}`)

alertStaff(client, view, storage)
view.toggleDetails(wide.matches)
new AttentionObserver(client).start()
new IdleObserver(away => client.others.turn(away)).start()
new LeavingObserver(client.others).start()
// "Last seen 5 min ago" is soon not true any more.
setInterval(() => view.changed(), 60_000)
client.start()
client.myself.load().catch(() => {})
view.settings.showNotices(notices.state)
view.settings.showLanguage(boot.locale)
keys.start()
notices.start().catch(() => {})
opened()
import("./staff-contact.js").then(({showContacts}) => showContacts(view, client, words, go)).catch(() => {})
install(words.language).catch(() => {})
import("./staff-files.js").then(({furnish}) => furnish(view, client, words, boot)).catch(() => {})
if (boot.permissions.includes("serve")) desk().catch(() => {})
import("./staff-requests.js").then(({furnishRequests}) => furnishRequests(view, client, words, boot)).catch(() => {})
import("./details.js").then(({furnishDetails}) => furnishDetails(view, client, words, boot)).catch(() => {})
