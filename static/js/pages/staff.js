/** The staff page: elements announce, the client knows, this wires them. */

import {Api} from "../api.js"
import {Client} from "../client.js"
import {decorate} from "../elements/decorate.js"
import {defineElements} from "../elements/define.js"
import {AttentionObserver, IdleObserver, LeavingObserver} from "../elements/observers.js"
import {wantedWith} from "../store/starting.js"
import {openStorage} from "../store/storage.js"
import {browserTabs} from "../tabs/tabs.js"
import {wordsFor} from "../words.js"
import {part, readBoot, socketUrlOf} from "./boot.js"
import {StaffView} from "./staff-view.js"

const boot = readBoot()
const words = await wordsFor([boot.organisation.locale, navigator.language])
const api = new Api({base: boot.api, organisation: boot.organisation.slug, cookies: () => document.cookie})
const client = new Client({
  api,
  me: boot.member,
  socketUrl: socketUrlOf(boot.socket),
  openSocket: (url, protocols) => new WebSocket(url, protocols),
  storage: openStorage(() => localStorage),
  outboxPrefix: `parley:${boot.member.id}:outbox:`,
  tabs: browserTabs(),
})

document.documentElement.lang = words.language
defineElements(words)
decorate(document, words)
part("new").hidden = !boot.permissions.includes("start_direct")
part("composer").hidden = !boot.permissions.includes("send")
part("read-only").hidden = boot.permissions.includes("send")

const view = new StaffView(client, words, boot.organisation)
const wide = matchMedia("(min-width: 1180px)")
const opened = () => view.select(location.hash.slice(1) || null)
const go = (/** @type {string} */ id) => location.hash = id

/** @param {Promise<void>} saving */
const save = saving => saving.catch(() => view.settings.fail())

/**
 * @param {EventTarget} target
 * @param {string} name
 * @param {(detail: any, event: any) => void} act
 */
const on = (target, name, act) => target.addEventListener(name, event => act(/** @type {CustomEvent} */ (event).detail, /** @type {any} */ (event)))

on(client, "change", () => view.changed())
on(client, "connection", status => {
  view.connection.status = status
  if (status.state === "open" || status.isPolling) view.known()
})
on(view.list, "list:open", ({id}) => go(id))
on(view.timeline, "timeline:older", () => view.selected && client.paging.older(view.selected).catch(() => {}))
on(view.timeline, "timeline:retry", ({clientId}) => client.resend(clientId))
on(view.timeline, "timeline:discard", ({clientId}) => client.discard(clientId))
on(view.composer, "composer:write", ({draft}) => client.others.write(draft))
on(view.composer, "composer:rest", () => client.others.rest())
on(view.composer, "composer:send", ({body}) => view.selected && client.send(view.selected, body))
on(view.settings, "settings:availability", ({availability}) => save(client.myself.setAvailability(availability)))
on(view.settings, "settings:private", ({isPrivate}) => save(client.myself.setReadPrivate(isPrivate)))
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
on(part("new"), "click", () => view.dialog.open())
on(part("details-toggle"), "click", () => view.toggleDetails())
on(part("search"), "input", (_, {target}) => view.search(target.value))
on(part("back"), "click", () => go(""))
on(window, "hashchange", opened)
on(wide, "change", () => view.toggleDetails(wide.matches))
if (part("organisation")) on(part("organisation"), "change", (_, {target}) => location.search = `?organisation=${target.value}`)

view.toggleDetails(wide.matches)
new AttentionObserver(client).start()
new IdleObserver(away => client.others.turn(away)).start()
new LeavingObserver(client.others).start()
// "Last seen 5 min ago" is soon not true any more.
setInterval(() => view.changed(), 60_000)
client.start()
client.myself.load().catch(() => {})
opened()
