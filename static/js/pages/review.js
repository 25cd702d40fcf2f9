/** The page where files are looked at before everybody may read them. */

import {Api} from "../api.js"
import {Client} from "../client.js"
import {decorate} from "../elements/decorate.js"
import {defineElements} from "../elements/define.js"
import {AttentionObserver, IdleObserver, LeavingObserver} from "../elements/observers.js"
import {PlayerElement} from "../elements/player.js"
import {PreviewElement} from "../elements/preview.js"
import {ReviewElement} from "../elements/review.js"
import {ThumbElement} from "../elements/thumb.js"
import {mayReview} from "../files.js"
import {filingOf} from "../filing.js"
import {nameOf} from "../store/naming.js"
import {queueOf} from "../store/queue.js"
import {openStorage} from "../store/storage.js"
import {browserTabs} from "../tabs/tabs.js"
import fileWords from "../words/files.js"
import galleryWords from "../words/gallery.js"
import reviewWords from "../words/review.js"
import staffWords from "../words/staff-files.js"
import {wordsFor} from "../words.js"
import {part, permissionsIn, readBoot, socketUrlOf} from "./boot.js"
import {tabsOf} from "./file-tabs.js"

const boot = readBoot()
const words = await wordsFor([boot.locale, boot.organisation.locale, navigator.language])
for (const dictionaries of [fileWords, galleryWords, reviewWords, staffWords]) words.learn(dictionaries)
const client = new Client({
  api: new Api({base: boot.api, organisation: boot.organisation.slug, cookies: () => document.cookie}),
  me: boot.member,
  socketUrl: socketUrlOf(boot.socket),
  openSocket: (url, protocols) => new WebSocket(url, protocols),
  storage: openStorage(() => localStorage),
  outboxPrefix: `parley:${boot.member.id}:outbox:`,
  tabs: browserTabs(),
})
const chat = `/chat/?organisation=${encodeURIComponent(boot.organisation.slug)}`
part("tabs").append(...tabsOf(boot, words))
const filing = filingOf(client)
const queue = queueOf(filing)
const connection = /** @type {import("../elements/connection.js").ConnectionElement} */ (part("connection"))
const back = /** @type {HTMLAnchorElement} */ (part("back"))
/** Those that were looked for. @type {Set<string>} */
const sought = new Set()

document.documentElement.lang = words.language
back.href = chat
decorate(document, words)
defineElements(words, {"parley-player": PlayerElement, "parley-preview": PreviewElement, "parley-review": ReviewElement, "parley-thumb": ThumbElement})
const review = /** @type {ReviewElement} */ (document.createElement("parley-review"))

/** @param {import("../wire.js").FileInfo} file */
function placeOf({conversation: id, request}) {
  if (!id) return {name: words.say("review_request"), href: `${chat}#request=${request}`}
  const conversation = client.store.get(id)
  if (!conversation && !sought.has(id)) {
    sought.add(id)
    client.find(id).catch(() => {})
  }
  return {name: conversation ? nameOf(conversation, client.me) : "", href: `${chat}#${id}`}
}

/** @param {import("../wire.js").FileInfo} file */
function mayDecide(file) {
  return mayReview(file, {me: boot.member, permissions: permissionsIn(boot, client.store.get(file.conversation ?? "")?.info.space)})
}

function titled() {
  const count = queue.files.length
  const title = `${words.say("files_to_review")} · ${boot.organisation.name}`
  document.title = count ? `(${count}) ${title}` : title
}

queue.addEventListener("change", titled)
client.addEventListener("change", () => review.refresh())
client.addEventListener("connection", event => connection.status = /** @type {CustomEvent} */ (event).detail)
connection.addEventListener("connection:retry", event => /** @type {CustomEvent} */ (event).detail.code === 4501 ? location.reload() : client.retryNow())
new AttentionObserver(client).start()
new IdleObserver(away => client.others.turn(away)).start()
new LeavingObserver(client.others).start()
client.start()
titled()
part("review").append(Object.assign(review, {filing, queue, placeOf, mayDecide}))
