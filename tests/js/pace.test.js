/** Receipts, reading, syncing and polling: small machines about when. */

import assert from "node:assert/strict"
import {beforeEach, describe, mock, test} from "node:test"
import {Polling} from "../../static/js/socket/polling.js"
import {Reading} from "../../static/js/store/reading.js"
import {Receipts} from "../../static/js/store/receipts.js"
import {Syncing} from "../../static/js/store/syncing.js"
import {settled} from "./fakes.js"

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({apis: ["setTimeout", "Date"], now: 1_000_000})
})

test("receipts are told once in 300 ms, in a group once a second, the furthest of each conversation", () => {
  const moved = []
  const receipts = new Receipts((conversation, {delivered, read}) => moved.push([conversation, delivered, read]))
  receipts.note("a", {delivered: 3, read: 1})
  receipts.note("a", {delivered: 5, read: 0})
  receipts.note("b", {delivered: 2, read: 2})
  mock.timers.tick(299)
  assert.deepEqual(moved, [])
  mock.timers.tick(1)
  assert.deepEqual(moved, [["a", 5, 1], ["b", 2, 2]])
  receipts.note("group", {delivered: 7, read: 0}, true)
  mock.timers.tick(999)
  assert.equal(moved.length, 2)
  mock.timers.tick(1)
  assert.deepEqual(moved.pop(), ["group", 7, 0])
  receipts.note("a", {delivered: 6, read: 6})
  receipts.stop()
  mock.timers.tick(300)
  assert.equal(moved.length, 2)
})

describe("reading", () => {
  const steps = {
    open: (reading, id) => reading.open(id),
    look: (reading, is) => reading.look(is),
    wait: (_, ms) => mock.timers.tick(ms),
    news: (reading, id) => reading.changed(id),
  }
  const table = [
    ["open and looked at for half a second", [["open", "a"], ["look", true], ["wait", 500]], ["a"]],
    ["a glance is not enough", [["open", "a"], ["look", true], ["wait", 499], ["look", false], ["wait", 500]], []],
    ["open but not looked at", [["open", "a"], ["wait", 5_000]], []],
    ["looking at none", [["look", true], ["wait", 5_000]], []],
    ["what comes while reading is read", [["open", "a"], ["look", true], ["wait", 500], ["news", "a"]], ["a", "a"]],
    ["what comes elsewhere is not", [["open", "a"], ["look", true], ["wait", 500], ["news", "b"]], ["a"]],
    ["turning to another", [["open", "a"], ["look", true], ["wait", 300], ["open", "b"], ["wait", 500]], ["b"]],
    ["saying the same again starts nothing anew", [["open", "a"], ["look", true], ["wait", 300], ["open", "a"], ["look", true], ["wait", 200]], ["a"]],
    ["closing", [["open", "a"], ["look", true], ["wait", 500], ["open", null], ["news", "a"], ["wait", 500]], ["a"]],
  ]
  for (const [name, script, expected] of table) {
    test(name, () => {
      const read = []
      const reading = new Reading(id => read.push(id))
      for (const [step, argument] of script) steps[step](reading, argument)
      assert.deepEqual(read, expected)
    })
  }
})

describe("syncing", () => {
  function machine(answers) {
    const log = []
    const ask = async () => {
      log.push("ask")
      const answer = answers.shift() ?? {more: false}
      if (answer instanceof Error) throw answer
      return answer
    }
    return {log, syncing: new Syncing(ask, () => log.push("apply"))}
  }

  test("asks until there is no more", async () => {
    const {log, syncing} = machine([{more: true}, {more: true}, {more: false}])
    await syncing.now()
    assert.deepEqual(log, ["ask", "apply", "ask", "apply", "ask", "apply"])
  })

  test("asked meanwhile, it asks once more: the running answer may be older than the wish", async () => {
    const {log, syncing} = machine([])
    const first = syncing.now()
    const second = syncing.now()
    await Promise.all([first, second])
    assert.equal(log.filter(one => one === "ask").length, 2)
  })

  test("soon is at once the first time, then not within a second", async () => {
    const {log, syncing} = machine([])
    syncing.soon()
    syncing.soon()
    mock.timers.tick(0)
    await settled()
    assert.equal(log.length, 2)
    syncing.soon()
    mock.timers.tick(999)
    await settled()
    assert.equal(log.length, 2)
    mock.timers.tick(1)
    await settled()
    assert.equal(log.length, 4)
  })

  test("news that come while it asks are asked for afterwards, within a second: the answer may be older", async () => {
    const {log, syncing} = machine([])
    const running = syncing.now()
    syncing.soon()
    syncing.soon()
    await running
    mock.timers.tick(1_000)
    await settled()
    assert.deepEqual(log, ["ask", "apply", "ask", "apply"])
  })

  test("a failure is told to who waits, and the next wish starts anew", async () => {
    const {syncing} = machine([new Error("down")])
    await assert.rejects(syncing.now(), /down/)
    await syncing.now()
  })
})

test("polling asks at once, then as often as anybody looks, and survives failures", async () => {
  let attention = "focused"
  let polls = 0
  const polling = new Polling(async () => {
    polls++
    throw new Error("down")
  }, () => attention)
  polling.start()
  polling.start()
  await settled()
  assert.equal(polls, 1)
  mock.timers.tick(5_000)
  await settled()
  assert.equal(polls, 2)
  attention = "hidden"
  mock.timers.tick(5_000)
  await settled()
  mock.timers.tick(59_999)
  await settled()
  assert.equal(polls, 3)
  polling.stop()
  mock.timers.tick(600_000)
  await settled()
  assert.equal(polls, 3)
})

test("when somebody looks again, polling does not sit out the wait of a hidden page", async () => {
  let attention = "hidden"
  let polls = 0
  const polling = new Polling(async () => polls++, () => attention)
  polling.hurry()
  polling.start()
  await settled()
  mock.timers.tick(1_000)
  attention = "focused"
  polling.hurry()
  mock.timers.tick(4_000)
  attention = "visible"
  polling.hurry()
  assert.equal(polls, 1, "a weaker one changes nothing")
  mock.timers.tick(1_000)
  assert.equal(polls, 2)
  polling.stop()
})
