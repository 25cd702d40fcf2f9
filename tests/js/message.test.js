/** One message on the screen: what has not changed is the same node, so what somebody opened there stays open. */

import assert from "node:assert/strict"
import {after, before, beforeEach, test} from "node:test"
import {messageNode, updateMessage} from "../../static/js/elements/message.js"
import {wordsFor} from "../../static/js/words.js"
import {fakeDocument} from "./fake-dom.js"
import {ANA, at, BEN, CLEO} from "./fakes.js"

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
  assert.deepEqual([node.className, one("message-name").textContent, one("bubble").textContent], ["message mine first last arriving", "You", "hi"])
  assert.deepEqual(meta(), [words.time(at(0)), ""])
  assert.equal(one("tick").className, "tick sent")
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
