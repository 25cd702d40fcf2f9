/** What a page says of the conversation: of which one, when it is told, and what is forgotten. */

import assert from "node:assert/strict"
import {beforeEach, test} from "node:test"
import {describe} from "../../static/widget/describing.js"
import {settled} from "./fakes.js"

const KINDS = {c1: "support", c2: "support", pair: "direct"}

let told
let refuses
let visit

/** As much of a visit as is asked for. */
class Here extends EventTarget {
  conversation = null
  contact = {isSpeaking: false}
  client = {
    store: {get: id => KINDS[id] ? {id, info: {kind: KINDS[id]}} : null},
    api: {
      async put(path, body) {
        told.push([path, body.attributes])
        if (refuses) throw new Error("no")
      },
    },
  }

  hears(name, detail) {
    this.dispatchEvent(new CustomEvent(name, {detail}))
  }

  looksAt(id) {
    this.conversation = this.client.store.get(id)
  }
}

const where = id => `chat/conversations/${id}/attributes/`

beforeEach(() => {
  told = []
  refuses = false
  visit = new Here()
})

test("nothing is told before there is a conversation, then the last of it once", async () => {
  visit.client = null
  await describe(visit, {order: "A-17"})
  await describe(visit, {order: "A-18", urgent: true})
  visit.client = new Here().client
  assert.deepEqual(told, [])
  visit.hears("began", "c1")
  visit.hears("sent", {conversation: "c1"})
  await settled()
  assert.deepEqual(told, [[where("c1"), {order: "A-18", urgent: true}]])
})

test("of one that is there, once they write in it; then at once", async () => {
  visit.looksAt("c1")
  await describe(visit, {order: "A-17"})
  assert.deepEqual(told, [])
  visit.hears("sent", {conversation: "c1"})
  await settled()
  visit.contact.isSpeaking = true
  await describe(visit, {})
  assert.deepEqual(told, [[where("c1"), {order: "A-17"}], [where("c1"), {}]])
})

test("is of the one on the screen, and of none but those with people who answer", async () => {
  visit.contact.isSpeaking = true
  visit.looksAt("c1")
  await describe(visit, {order: "A-17"})
  visit.looksAt("c2")
  await describe(visit, {order: "B-2"})
  visit.hears("sent", {conversation: "c1"})
  visit.looksAt("pair")
  await describe(visit, {order: "C-3"})
  visit.hears("sent", {conversation: "pair"})
  await settled()
  assert.deepEqual(told, [[where("c1"), {order: "A-17"}], [where("c2"), {order: "B-2"}]])
  visit.hears("sent", {conversation: "c2"})
  await settled()
  assert.deepEqual(told.at(-1), [where("c2"), {order: "C-3"}])
})

test("what was not taken is told again; the host hears why, the person does not", async () => {
  visit.contact.isSpeaking = true
  visit.looksAt("c1")
  refuses = true
  await assert.rejects(describe(visit, {order: "A-17"}))
  visit.hears("sent", {conversation: "c1"})
  await settled()
  refuses = false
  visit.hears("sent", {conversation: "c1"})
  await settled()
  assert.equal(told.length, 3)
  visit.hears("sent", {conversation: "c1"})
  await settled()
  assert.equal(told.length, 3)
})

test("what was said of one person's is not told of the next one's", async () => {
  await describe(visit, {order: "A-17"})
  visit.hears("reset")
  visit.hears("began", "c1")
  await settled()
  assert.deepEqual(told, [])
})
