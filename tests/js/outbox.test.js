import assert from "node:assert/strict"
import {beforeEach, describe, mock, test} from "node:test"
import {Outbox} from "../../static/js/store/outbox.js"
import {MemoryStorage, openStorage} from "../../static/js/store/storage.js"
import {heard, settled} from "./fakes.js"

let storage
let calls
let answers

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({apis: ["setTimeout"]})
  storage = new MemoryStorage()
  calls = []
  answers = []
})

/** Each send waits for the test to answer it. */
function send(sending) {
  calls.push(`${sending.conversation}:${sending.client_id}`)
  return new Promise((resolve, reject) => answers.push({
    ok: () => resolve({id: sending.client_id}),
    fail: error => reject(error),
  }))
}

const open = (prefix = "p:") => new Outbox({storage, prefix, send, random: () => 1})
const written = (client_id, conversation = "c1", minute = Number(client_id.slice(1))) =>
  ({client_id, conversation, body: client_id, created_at: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()})
const temporary = (retryAfter = null) => ({temporary: true, retryAfter})

async function answer(kind, error) {
  answers.shift()[kind](error)
  await settled()
}

describe("order", () => {
  test("one at a time within a conversation, oldest first", async () => {
    const outbox = open()
    for (const id of ["k1", "k2", "k3"]) outbox.add(written(id))
    assert.deepEqual(calls, ["c1:k1"])
    await answer("ok")
    await answer("ok")
    await answer("ok")
    assert.deepEqual(calls, ["c1:k1", "c1:k2", "c1:k3"])
    assert.deepEqual(outbox.of("c1"), [])
  })

  test("one conversation does not wait for another", () => {
    const outbox = open()
    outbox.add(written("k1", "c1"))
    outbox.add(written("k2", "c2"))
    assert.deepEqual(calls, ["c1:k1", "c2:k2"])
  })

  test("what cannot be sent yet holds back what comes after it", async () => {
    const outbox = open()
    outbox.add(written("k1"))
    outbox.add(written("k2"))
    await answer("fail", temporary())
    assert.deepEqual(calls, ["c1:k1"])
    outbox.flush()
    await answer("ok")
    assert.deepEqual(calls, ["c1:k1", "c1:k1", "c1:k2"])
  })

  test("what can never be sent does not", async () => {
    const outbox = open()
    outbox.add(written("k1"))
    outbox.add(written("k2"))
    await answer("fail", {temporary: false, code: "forbidden"})
    assert.deepEqual(calls, ["c1:k1", "c1:k2"])
    assert.deepEqual(outbox.of("c1").map(({state, error}) => [state, error]), [["failed", "forbidden"], ["pending", undefined]])
  })
})

describe("trying again", () => {
  test("of somebody who is not signed in any more, all waits until they are again", async () => {
    const outbox = open()
    outbox.add(written("k1"))
    outbox.add(written("k2"))
    await answer("fail", {temporary: false, code: "not_authenticated"})
    mock.timers.tick(60_000)
    assert.deepEqual(outbox.of("c1").map(({state}) => state), ["pending", "pending"])
    assert.deepEqual(calls, ["c1:k1"])
    outbox.flush()
    await answer("ok")
    assert.deepEqual(calls, ["c1:k1", "c1:k1", "c1:k2"])
  })

  test("waits longer each time: 1 s, 2 s, 4 s", async () => {
    const outbox = open()
    outbox.add(written("k1"))
    for (const wait of [1_000, 2_000, 4_000]) {
      await answer("fail", temporary())
      const before = calls.length
      mock.timers.tick(wait - 1)
      assert.equal(calls.length, before)
      mock.timers.tick(1)
      assert.equal(calls.length, before + 1)
    }
  })

  test("the server's time wins", async () => {
    const outbox = open()
    outbox.add(written("k1"))
    await answer("fail", temporary(1_200))
    mock.timers.tick(1_199)
    assert.equal(calls.length, 1)
    mock.timers.tick(1)
    assert.equal(calls.length, 2)
  })

  test("a flush while something is on its way sends nothing twice", async () => {
    const outbox = open()
    outbox.add(written("k1"))
    outbox.flush()
    outbox.flush()
    assert.equal(calls.length, 1)
  })

  test("by hand goes out under the same client_id", async () => {
    const outbox = open()
    outbox.add(written("k1"))
    await answer("fail", {temporary: false, code: "invalid"})
    outbox.flush()
    assert.equal(calls.length, 1)
    outbox.retry("k1")
    assert.deepEqual(calls, ["c1:k1", "c1:k1"])
    assert.equal(outbox.of("c1")[0].state, "pending")
  })

  test("an unknown error is permanent, and something that was discarded stays so", async () => {
    const outbox = open()
    outbox.add(written("k1"))
    outbox.discard("k1")
    await answer("fail", new TypeError("bug"))
    assert.deepEqual(outbox.of("c1"), [])
  })
})

describe("keeping", () => {
  test("a reload sends what was left, oldest first", async () => {
    const before = open()
    before.add(written("k2", "c1", 2))
    before.add(written("k9", "c1", 1))
    before.stop()
    calls.length = answers.length = 0
    const after = open()
    after.flush()
    assert.deepEqual(calls, ["c1:k9"])
    await answer("ok")
    await answer("ok")
    assert.deepEqual(calls, ["c1:k9", "c1:k2"])
    assert.equal(storage.length, 0)
  })

  test("a failed one is still failed after a reload, and waits for a person", async () => {
    const before = open()
    before.add(written("k1"))
    await answer("fail", {temporary: false, code: "invalid"})
    const after = open()
    after.flush()
    assert.equal(calls.length, 1)
    assert.equal(after.of("c1")[0].state, "failed")
  })

  test("another person's are not touched", () => {
    open("ana:").add(written("k1"))
    assert.deepEqual(open("ben:").of("c1"), [])
  })

  test("rubbish in storage is ignored", () => {
    for (const [name, value] of [["p:1", "{"], ["p:2", "null"], ["p:3", "{\"client_id\": 7}"], ["other", "x"]]) storage.setItem(name, value)
    assert.deepEqual(open().conversations, [])
  })

  test("after stop nothing goes out", async () => {
    const outbox = open()
    outbox.add(written("k1"))
    outbox.add(written("k2"))
    outbox.stop()
    await answer("fail", temporary())
    mock.timers.tick(60_000)
    outbox.flush()
    assert.equal(calls.length, 1)
    assert.equal(outbox.of("c1").length, 2)
  })

  test("tells what was sent, and every change", async () => {
    const outbox = open()
    const sent = heard(outbox, "sent")
    const changes = heard(outbox, "change")
    outbox.add(written("k1"))
    await answer("ok")
    assert.deepEqual(sent, [{id: "k1"}])
    assert.deepEqual(changes, [{conversation: "c1"}, {conversation: "c1"}])
  })
})

describe("one of several tabs", () => {
  test("that may not send keeps and shows; once it may, it sends what all of them left", () => {
    const quiet = open()
    quiet.allow(false)
    quiet.add(written("k2"))
    const other = open()
    other.allow(false)
    other.add(written("k1"))
    assert.deepEqual(calls, [])
    quiet.allow(true)
    quiet.flush()
    assert.deepEqual(quiet.of("c1").map(({client_id}) => client_id), ["k1", "k2"])
    assert.deepEqual(calls, ["c1:k1"])
  })

  test("says what it keeps and drops; what another says it takes without saying it again", async () => {
    const outbox = open()
    const kept = heard(outbox, "kept")
    const dropped = heard(outbox, "dropped")
    outbox.take({...written("k1"), state: "pending"})
    outbox.take({...written("k1"), state: "pending"})
    assert.deepEqual([calls, kept, storage.length], [["c1:k1"], [], 0])
    outbox.add(written("k2"))
    assert.equal(outbox.drop("k9"), false)
    assert.equal(outbox.drop("k2"), true)
    assert.deepEqual([kept.map(({client_id}) => client_id), dropped], [["k2"], []])
    await answer("ok")
    assert.deepEqual([dropped, outbox.all], [["k1"], []])
  })
})

describe("storage", () => {
  test("that is blocked becomes memory", () => {
    const kept = openStorage(() => { throw new DOMException("blocked", "SecurityError") })
    kept.setItem("a", "1")
    assert.equal(kept.getItem("a"), "1")
  })

  test("that refuses to write is remembered beside", () => {
    const full = new MemoryStorage()
    full.setItem("old", "0")
    const setItem = full.setItem
    full.setItem = () => { throw new DOMException("full", "QuotaExceededError") }
    const kept = openStorage(() => full)
    kept.setItem("a", "1")
    assert.deepEqual([kept.getItem("a"), kept.getItem("old"), kept.length, kept.key(1)], ["1", "0", 2, "a"])
    full.setItem = setItem
    kept.setItem("a", "2")
    assert.deepEqual([kept.getItem("a"), kept.length], ["2", 2])
    kept.removeItem("a")
    assert.equal(kept.getItem("a"), null)
  })
})
