/** One message on the screen: what has not changed is the same node, so what somebody opened there stays open. */

import assert from "node:assert/strict"
import {after, before, beforeEach, test} from "node:test"
import {messageNode, updateMessage} from "../../static/js/elements/message.js"
import {wordsFor} from "../../static/js/words.js"
import {fakeDocument} from "./fake-dom.js"
import {ANA, at, attachment, BEN, CLEO} from "./fakes.js"

const words = await wordsFor(["en"])
let node

before(() => globalThis.document = fakeDocument)
after(() => delete globalThis.document)
beforeEach(() => node = messageNode(row(), {words}))

/** Ana's last words. */
function row(change = {}) {
  const item = {
    key: "k1", clientId: "k1", kind: "text", sender: ANA, mine: true, body: "hi", tick: "sent", createdAt: at(0), edited: false,
    deleted: false, ...change,
  }
  return {type: "message", key: "k1", item, isFirst: true, isLast: true}
}

const reach = (...readers) => ({key: "k1", readers, of: 3})
const one = name => node.all(name)[0]
const meta = () => one("message-meta").children.map(child => child.textContent)

test("shows who said what, when, and how far it got", () => {
  assert.deepEqual([node.className, one("message-name").textContent, one("bubble").textContent], ["message mine first last", "You", "hi"])
  assert.deepEqual(meta(), [words.time(at(0)), ""])
  assert.equal(one("tick").className, "tick sent")
})

test("news slides in, history is there; what slid in does so once", () => {
  const news = messageNode(row(), {words, isNews: true})
  assert.equal(news.className, "message mine first last arriving")
  updateMessage(news, row({tick: "read"}), {words, isNews: true})
  assert.equal(news.className, "message mine first last arriving")
  updateMessage(node, row({tick: "read"}), {words, isNews: true})
  assert.equal(node.className, "message mine first last")
})

test("of my newest message it says in words how far it got, and who has read it", () => {
  updateMessage(node, row({tick: "delivered"}), {words, reach: reach()})
  assert.deepEqual(meta(), [words.time(at(0)), "", "Delivered"])
  updateMessage(node, row({tick: "delivered"}), {words, reach: reach(BEN)})
  assert.deepEqual(meta(), [words.time(at(0)), "", "Read by 1 of 3Ben"])
})

test("whoever looks at the names sees another come, and loses nothing", () => {
  updateMessage(node, row(), {words, reach: reach(BEN)})
  const [line, readers] = [one("message-meta"), one("readers")]
  updateMessage(node, row({tick: "delivered"}), {words, reach: reach(BEN, CLEO)})
  assert.equal(one("message-meta"), line)
  assert.equal(one("readers"), readers)
  assert.equal(readers.textContent, "Read by 2 of 3Ben and Cleo")
  assert.equal(one("tick").className, "tick delivered")
})

test("with a newer one, only the newer one says it", () => {
  updateMessage(node, row(), {words, reach: reach(BEN)})
  updateMessage(node, row(), {words, reach: {...reach(BEN), key: "k2"}})
  assert.equal(one("readers"), undefined)
})

test("edited, it says so, until it is deleted", () => {
  updateMessage(node, row({body: "ho", edited: true}), {words})
  assert.deepEqual([one("bubble").textContent, meta()], ["ho", ["edited", words.time(at(0)), ""]])
  updateMessage(node, row({body: "", edited: true, deleted: true}), {words})
  assert.deepEqual([one("bubble").textContent, meta()], ["[Message deleted]", [words.time(at(0)), ""]])
})

test("quotes what it answers; of what was deleted it says so", () => {
  const replyTo = {id: "m1", name: "Ben", excerpt: "*is it* off?", files: [], mine: false}
  updateMessage(node, row({replyTo}), {words})
  assert.deepEqual(one("quote").children.map(child => child.textContent), ["Ben", "is it off?"])
  assert.deepEqual([one("quote").dataset.action, one("quote").dataset.to], ["jump", "m1"])
  updateMessage(node, row({replyTo: {...replyTo, excerpt: ""}}), {words})
  assert.equal(one("quote-text").textContent, "[Message deleted]")
  updateMessage(node, row({replyTo: {...replyTo, excerpt: "", files: ["image", "pdf", "image", null]}}), {words})
  assert.equal(one("quote-text").textContent, "📎 2 photos, 2 files")
  assert.equal(one("quote-text").className, "quote-text")
  updateMessage(node, row({replyTo: {...replyTo, excerpt: "", files: ["image"]}}), {words})
  assert.equal(one("quote-text").textContent, "📎 Photo")
})

test("a reaction is a button that says who, and stays the same one", () => {
  const react = (reactions, reacts = true) => updateMessage(node, row({reactions}), {words, reacts})
  react([{emoji: "👍", count: 1, names: ["Ben"], mine: false}])
  const [button] = node.all("reaction")
  assert.deepEqual([button.attributes["aria-pressed"], button.attributes["aria-label"]], ["false", "👍 1: Ben"])
  react([{emoji: "👍", count: 4, names: ["Ben"], mine: true}])
  assert.equal(node.all("reaction")[0], button)
  assert.deepEqual([button.attributes["aria-pressed"], button.attributes["aria-label"]], ["true", "👍 4: You, Ben and 2 more"])
  assert.equal(node.all("reaction").length, 2, "and one to add another")
  react([{emoji: "👍", count: 4, names: ["Ben"], mine: true}], false)
  assert.deepEqual([node.all("reaction").length, button.attributes["aria-disabled"]], [1, "true"])
})

test("what could not be done says why, and what to do", () => {
  const wish = {what: "edit", state: "failed", code: "conflict", body: "mine"}
  updateMessage(node, row({wish}), {words})
  assert.equal(one("message-failed").textContent, "Your change was not saved. Meanwhile it was changed: this is what it says now.Edit againDismiss")
  updateMessage(node, row({wish: {...wish, what: "pin", code: "strange"}}), {words})
  assert.equal(one("message-failed").textContent, "The pins were not changed.Dismiss")
  updateMessage(node, row({wish: null}), {words})
  assert.equal(one("message-failed"), undefined)
})

test("what somebody else has put on it stays", () => {
  const guest = fakeDocument.createElement("div")
  guest.setAttribute("data-guest", "")
  node.append(guest)
  updateMessage(node, row({body: "ho"}), {words})
  assert.equal(node.children.at(-1), guest)
})

test("files stand below what was said; alone, they need no bubble", () => {
  const attachments = [attachment()]
  const showFiles = files => Object.assign(fakeDocument.createElement("parley-files"), {className: "files", files})
  updateMessage(node, row({attachments}), {words, showFiles})
  assert.deepEqual([one("bubble").textContent, one("files").files], ["hi", attachments])
  const shown = one("files")
  updateMessage(node, row({attachments, body: "", tick: "read"}), {words, showFiles})
  assert.deepEqual([one("bubble"), one("files")], [undefined, shown])
  updateMessage(node, row({attachments: [], body: ""}), {words, showFiles})
  assert.deepEqual([one("bubble").textContent, one("files"), node.classList.contains("deleted")], ["[File removed]", undefined, true])
})

test("as long as what shows files is not here, they are named", () => {
  updateMessage(node, row({attachments: [attachment()], body: ""}), {words})
  assert.equal(one("bubble").textContent, "offer.pdf")
})

test("mentions, and markup that is none", () => {
  const mentions = [{type: "user", text: "@Ben", member: "ben", name: "Benjamin"}, {type: "task", text: "@task#4", ref: "4", label: "", url: ""}]
  updateMessage(node, row({body: "@Ben see @task#4 <b>", mentions}), {words, me: "ben"})
  assert.equal(one("bubble").textContent, "@Benjamin see @task#4 <b>")
  assert.deepEqual(node.all("mention").map(chip => chip.className), ["mention of-me"])
})
