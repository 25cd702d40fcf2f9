/** How far a message got, and who has read it. */

import assert from "node:assert/strict"
import {beforeEach, describe, test} from "node:test"
import {Conversations} from "../../static/js/store/conversations.js"
import {readersOf, tickOf} from "../../static/js/store/ticks.js"
import {ANA, at, BEN, CLEO, info, message, participant, syncAnswer} from "./fakes.js"

const ZOE = {id: "zoe", name: "Zoe", role: "client"}
const SAID = {seq: 5, created_at: at(5)}

/** [delivered, read], and when they joined */
const other = (member, [delivered_seq, read_seq], minute = 0) => participant(member, {delivered_seq, read_seq, joined_at: at(minute)})

describe("a tick", () => {
  const table = [
    ["nobody has it", [[4, 4], [0, 0]], "sent", 0],
    ["one of two has it", [[5, 0], [4, 4]], "sent", 0],
    ["both have it", [[5, 0], [6, 4]], "delivered", 0],
    ["one has read it", [[5, 5], [5, 4]], "delivered", 1],
    ["read says delivered", [[0, 5], [5, 0]], "delivered", 1],
    ["both have read it", [[5, 5], [7, 7]], "read", 2],
  ]
  for (const [name, [ben, cleo], tick, count] of table) {
    test(`${name}: ${tick}, read by ${count} of 2`, () => {
      const others = [other(BEN, ben), other(CLEO, cleo)]
      const {readers, of} = readersOf(SAID, others)
      assert.deepEqual([tickOf(SAID, others), readers.length, of], [tick, count, 2])
    })
  }

  test("who joined later is not counted", () => {
    assert.deepEqual(readersOf(SAID, [other(BEN, [5, 5]), other(CLEO, [9, 9], 6)]), {readers: [BEN], of: 1})
  })

  test("when nobody else was there yet, the first who came is", () => {
    assert.deepEqual(readersOf(SAID, [other(BEN, [5, 5], 8), other(CLEO, [5, 5], 7)]), {readers: [CLEO], of: 1})
    assert.deepEqual(readersOf(SAID, []), {readers: [], of: 0})
  })
})

describe("read by", () => {
  let store

  beforeEach(() => store = new Conversations(ANA))

  const know = (kind, messages) => store.apply(syncAnswer(info({
    kind, seq: 3, version: 4, participants: [participant(ANA), other(BEN, [3, 3]), other(CLEO, [3, 1]), other(ZOE, [0, 0])],
  }), messages))
  const reach = () => store.get("c1").reach

  test("is about my newest message, in a group", () => {
    know("group", [message(1, {sender: ANA}), message(2, {sender: ANA}), message(3)])
    assert.deepEqual(reach(), {key: "ana:k2", readers: [BEN], of: 3})
    store.apply({type: "receipt", conversation: "c1", receipt_version: 1, watermarks: [["cleo", 3, 3]]})
    assert.deepEqual(reach(), {key: "ana:k2", readers: [BEN, CLEO], of: 3})
  })

  test("a message that was deleted or that nobody wrote is not my newest", () => {
    know("channel", [message(1, {sender: ANA}), message(2, {sender: ANA, deleted_at: at(3)}), message(3, {sender: ANA, kind: "system"})])
    assert.equal(reach().key, "ana:k1")
  })

  for (const [name, kind, expected] of [
    ["between two", "direct", {key: "ana:k1", readers: [], of: 3}],
    ["in support", "support", {key: "ana:k1", readers: [], of: 3}],
  ]) {
    test(`names nobody ${name}: a word is enough`, () => {
      know(kind, [message(1, {sender: ANA})])
      assert.deepEqual(reach(), expected)
    })
  }

  test("says nothing where I have said nothing", () => {
    know("group", [message(1)])
    assert.equal(reach(), null)
  })
})
