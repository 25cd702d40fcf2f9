/** Files that are chosen for a message: a few are on their way at once, each can be called back, and each conversation has its own. */

import assert from "node:assert/strict"
import {beforeEach, describe, test} from "node:test"
import {MOST, Uploads} from "../../static/js/store/uploads.js"
import {outcomeOf} from "../../static/js/uploading.js"
import {attachment, settled} from "./fakes.js"

let sent
let takenBack
let uploads
let asked

beforeEach(() => {
  sent = []
  takenBack = []
  asked = async () => 3
  uploads = new Uploads({
    send: ({file, conversation}, course) => new Promise((resolve, reject) => sent.push({name: file.name, conversation, ...course, resolve, reject})),
    takeBack: id => takenBack.push(id),
    atOnce: conversation => asked(conversation),
  })
})

const files = (...names) => names.map(name => ({name, size: 1}))
const states = (conversation = "c1") => uploads.of(conversation).map(({file, state}) => `${file.name} ${state}`)
const names = () => sent.map(({name}) => name)

async function answer(place, change) {
  sent[place].resolve(attachment(change))
  await settled()
}

async function refuse(place, error) {
  sent[place].reject(error)
  await settled()
}

describe("on their way", () => {
  test("are as many at once as the server says, in the order in which they were chosen", async () => {
    uploads.add("c1", files("a", "b", "c", "d", "e"))
    assert.deepEqual(names(), ["a"], "one goes before that is known")
    await settled()
    assert.deepEqual(names(), ["a", "b", "c"])
    assert.deepEqual(states(), ["a going", "b going", "c going", "d waiting", "e waiting"])
    await answer(1, {id: "f1"})
    assert.deepEqual(names(), ["a", "b", "c", "d"])
    await refuse(0, {code: "empty", message: "This file is empty.", temporary: false})
    assert.deepEqual(names(), ["a", "b", "c", "d", "e"])
    assert.deepEqual(states(), ["a refused", "b done", "c going", "d going", "e going"])
  })

  test("is one at once where that is the policy, or nobody knows", async () => {
    asked = async () => 1
    uploads.add("c1", files("a", "b"))
    asked = async () => Promise.reject(new Error("away"))
    uploads.add("c2", files("c"))
    await settled()
    assert.deepEqual(names(), ["a"])
    await answer(0)
    assert.deepEqual(names(), ["a", "b"])
    await answer(1)
    assert.deepEqual(names(), ["a", "b", "c"])
  })

  test("wait where the server has enough, and go on by themselves", async context => {
    context.mock.timers.enable({apis: ["setTimeout"]})
    uploads.add("c1", files("a", "b"))
    await settled()
    await refuse(1, {code: "rate_limited", message: "Too much", temporary: true, retryAfter: 2_000})
    await answer(0)
    uploads.add("c1", files("c"))
    await settled()
    assert.deepEqual(states(), ["a done", "b waiting", "c waiting"])
    context.mock.timers.tick(2_000)
    assert.deepEqual(states(), ["a done", "b going", "c going"])
  })

  test("they tell how far they are", () => {
    let changes = 0
    uploads.add("c1", files("a"))
    uploads.addEventListener("change", () => changes++)
    sent[0].progressed(0.5)
    assert.deepEqual([uploads.of("c1")[0].progress, changes], [0.5, 1])
  })

  test("each conversation has its own, and keeps them while another is looked at", async () => {
    uploads.add("c1", files("a"))
    uploads.add("c2", files("b"))
    await answer(0, {id: "f1"})
    assert.deepEqual([states("c1"), states("c2")], [["a done"], ["b going"]])
    uploads.said("c1")
    assert.deepEqual([states("c1"), states("c2")], [[], ["b going"]])
  })

  for (const place of ["", "new"]) {
    test(`chosen before there is a conversation (“${place}”), they belong to the one that begins`, async () => {
      const told = []
      asked = async conversation => told.push(conversation) && 3
      uploads.add("c2", files("b"))
      uploads.add(place, files("a"))
      uploads.settle(place, "c1")
      await answer(0)
      await answer(1)
      assert.deepEqual([states(place), states("c1"), states("c2")], [[], ["a done"], ["b done"]])
      assert.deepEqual(told, ["c2", "c1"])
    })
  }
})

describe("called back", () => {
  test("one that waits is never sent", async () => {
    uploads.add("c1", files("a", "b", "c", "d"))
    await settled()
    uploads.cancel(uploads.of("c1")[3].key)
    await answer(0)
    assert.deepEqual(names(), ["a", "b", "c"])
  })

  test("one on its way is stopped, and makes room", async () => {
    uploads.add("c1", files("a", "b", "c", "d"))
    await settled()
    uploads.cancel(uploads.of("c1")[0].key)
    assert.deepEqual([sent[0].signal.aborted, states()], [true, ["b going", "c going", "d waiting"]])
    await refuse(0, {code: "unreachable", temporary: true})
    assert.deepEqual([names(), states(), takenBack], [["a", "b", "c", "d"], ["b going", "c going", "d going"], []])
  })

  test("one that has arrived all the same is taken out again", async () => {
    uploads.add("c1", files("a", "b"))
    await settled()
    uploads.cancel(uploads.of("c1")[0].key)
    await answer(0, {id: "late"})
    await answer(1, {id: "f2"})
    uploads.cancel(uploads.of("c1")[0].key)
    assert.deepEqual([takenBack, states()], [["late", "f2"], []])
  })

  test("with the person all of them go", async () => {
    uploads.add("c1", files("a"))
    uploads.add("c2", files("b"))
    await settled()
    uploads.forget()
    assert.deepEqual([sent.map(({signal}) => signal.aborted), states("c1"), states("c2")], [[true, true], [], []])
  })
})

describe("refused", () => {
  test("says why, and is tried again", async () => {
    uploads.add("c1", files("a"))
    await refuse(0, {code: "unreachable", message: "no", temporary: true})
    const [upload] = uploads.of("c1")
    assert.deepEqual(upload.refusal, {code: "unreachable", message: "no", temporary: true})
    uploads.retry(upload.key)
    assert.deepEqual([states(), upload.refusal, sent.length], [["a going"], null, 2])
    await answer(1, {id: "f1"})
    assert.deepEqual([states(), upload.attachment.id], [["a done"], "f1"])
  })

  test("what nobody foresaw is refused too", async () => {
    uploads.add("c1", files("a"))
    await refuse(0, new TypeError("bug"))
    assert.deepEqual(uploads.of("c1")[0].refusal, {code: "internal", message: "bug", temporary: false})
  })

  test("stays when the others are said", async () => {
    uploads.add("c1", files("a", "b"))
    await refuse(0, {code: "empty"})
    await answer(1)
    uploads.said("c1")
    assert.deepEqual(states(), ["a refused"])
  })

  test("more than a message may have are not even tried", () => {
    uploads.add("c1", files(...Array.from({length: MOST + 1}, (_, place) => `f${place}`)))
    const {state, refusal} = uploads.of("c1").at(-1)
    assert.deepEqual([state, refusal.code], ["refused", "too_many"])
    assert.equal(uploads.of("c1").at(-2).state, "waiting")
  })
})

test("what the server says of an upload", () => {
  const said = (status, body) => {
    const {attachment: taken, refusal} = outcomeOf(status, typeof body === "string" ? body : JSON.stringify(body))
    return taken ? taken.id : [refusal.code, refusal.message, refusal.temporary]
  }
  const error = {code: "empty", message: "This file is empty."}
  assert.equal(said(201, {results: [attachment()]}), "f1")
  assert.deepEqual(said(415, {results: [{name: "a", error}]}), ["empty", "This file is empty.", false])
  assert.deepEqual(said(403, {error: {code: "forbidden", message: "No."}}), ["forbidden", "No.", false])
  assert.deepEqual(said(429, {error: {code: "rate_limited", message: "Slow."}}), ["rate_limited", "Slow.", true])
  assert.deepEqual(said(413, "<html>"), ["too_large", "too_large", false])
  assert.deepEqual(said(502, "<html>"), ["http_502", "http_502", true])
  assert.deepEqual(said(0, ""), ["unreachable", "unreachable", true])
})
