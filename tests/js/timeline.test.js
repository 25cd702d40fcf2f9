import assert from "node:assert/strict"
import {describe, test} from "node:test"
import {rowsOf} from "../../static/js/store/grouping.js"
import {tickOf} from "../../static/js/store/ticks.js"
import {Timeline} from "../../static/js/store/timeline.js"
import {ANA, at, BEN, CLEO, message, participant} from "./fakes.js"

const there = (delivered, read, joined = 0, member = BEN) =>
  participant(member, {delivered_seq: delivered, read_seq: read, joined_at: at(joined)})

describe("ticks", () => {
  const said = message(5, {sender: ANA})
  const table = [
    ["nobody else", [], "sent"],
    ["it has not arrived", [there(4, 4)], "sent"],
    ["it has arrived", [there(5, 4)], "delivered"],
    ["it has been read", [there(5, 5)], "read"],
    ["read further, delivered not told", [there(0, 9)], "read"],
    ["one of two has it", [there(5, 5), there(4, 4, 0, CLEO)], "sent"],
    ["both have it, one read it", [there(5, 5), there(5, 4, 0, CLEO)], "delivered"],
    ["both read it", [there(5, 5), there(6, 6, 0, CLEO)], "read"],
    ["who came later does not unread it", [there(5, 5), there(0, 0, 7, CLEO)], "read"],
    ["nobody was there: the first who came counts", [there(5, 5, 6), there(0, 0, 7, CLEO)], "read"],
    ["nobody was there, and the first has not read", [there(5, 0, 6), there(9, 9, 7, CLEO)], "delivered"],
  ]
  for (const [name, others, tick] of table) test(name, () => assert.equal(tickOf(said, others), tick))
})

function timelineOf(seqs, {read = 0, seq = Math.max(0, ...seqs)} = {}) {
  const timeline = new Timeline(ANA)
  timeline.setParticipants([participant(ANA, {read_seq: read}), participant(BEN)])
  timeline.replace(seqs.map(one => message(one)), seq)
  return timeline
}

const seqsOf = timeline => timeline.items().map(item => item.seq)

describe("messages", () => {
  test("are in the order of seq, whatever order they came in", () => {
    const timeline = timelineOf([1, 2])
    for (const seq of [5, 3, 4]) timeline.put(message(seq))
    assert.deepEqual(seqsOf(timeline), [1, 2, 3, 4, 5])
  })

  test("the newest state of one wins, whatever order it came in", () => {
    const timeline = timelineOf([1, 2])
    timeline.put(message(2, {version: 9, body: "newest"}))
    timeline.put(message(2, {version: 7, body: "older"}))
    assert.equal(timeline.items()[1].body, "newest")
  })

  test("an edit of a message that is not loaded leaves no hole", () => {
    const timeline = timelineOf([7, 8])
    timeline.put(message(3, {version: 9}))
    assert.deepEqual(seqsOf(timeline), [7, 8])
    assert.equal(timeline.hasOlder, true)
  })

  test("older pages join on, down to the beginning", () => {
    const timeline = timelineOf([7, 8])
    timeline.prepend([message(5), message(6)])
    assert.deepEqual(seqsOf(timeline), [5, 6, 7, 8])
    assert.equal(timeline.floor, 5)
    timeline.prepend([])
    assert.equal(timeline.hasOlder, false)
  })

  test("a new page replaces what was known, but not what is newer than it", () => {
    const timeline = timelineOf([1, 2])
    timeline.put(message(9, {sender: ANA}))
    timeline.replace([message(7), message(8)], 8)
    assert.deepEqual(seqsOf(timeline), [7, 8, 9])
  })

  test("an empty conversation has its beginning", () => {
    assert.equal(timelineOf([], {seq: 0}).hasOlder, false)
    assert.equal(timelineOf([], {seq: 40}).hasOlder, true)
  })
})

describe("pending", () => {
  const sending = {client_id: "k9", conversation: "c1", body: "hi", created_at: at(9), state: "pending"}

  test("stands at the end, and becomes the message without changing its key", () => {
    const timeline = timelineOf([1])
    timeline.setPending([sending])
    const [, before] = timeline.items()
    assert.deepEqual([before.tick, before.seq, before.mine], ["pending", null, true])
    timeline.put(message(2, {sender: ANA, client_id: "k9"}))
    const items = timeline.items()
    assert.equal(items.length, 2)
    assert.deepEqual([items[1].key, items[1].tick], [before.key, "sent"])
  })

  test("a copy that already arrived is not shown again", () => {
    const timeline = timelineOf([1])
    timeline.put(message(2, {sender: ANA, client_id: "k9"}))
    timeline.setPending([sending])
    assert.equal(timeline.items().length, 2)
  })

  test("somebody else's client_id is somebody else's", () => {
    const timeline = timelineOf([1])
    timeline.setPending([sending])
    timeline.put(message(2, {sender: BEN, client_id: "k9"}))
    assert.equal(timeline.items().length, 3)
  })
})

describe("unread", () => {
  const table = [
    ["nothing read", {read: 0}, [], 3],
    ["some read", {read: 2}, [], 1],
    ["all read", {read: 3}, [], 0],
    ["my own do not count", {read: 0}, [message(2, {sender: ANA, version: 9})], 2],
    ["deleted ones do not count", {read: 0}, [message(2, {deleted_at: at(5), version: 9})], 2],
    ["what the system says does not count", {read: 0}, [message(2, {kind: "system", version: 9})], 2],
  ]
  for (const [name, options, changes, count] of table) {
    test(name, () => {
      const timeline = timelineOf([1, 2, 3], options)
      changes.forEach(change => timeline.put(change))
      assert.equal(timeline.unread, count)
    })
  }

  test("of another leaves out what that one said", () => {
    const timeline = timelineOf([1, 2])
    timeline.put(message(3, {sender: ANA}))
    const [ana, ben] = timeline.participants
    assert.deepEqual([timeline.unreadBy(ana), timeline.unreadBy(ben)], [2, 1])
  })

  test("cannot be counted when not all of it is loaded", () => {
    assert.equal(timelineOf([7, 8], {read: 3}).unread, null)
    assert.equal(timelineOf([7, 8], {read: 6}).unread, 2)
  })

  test("cannot be counted by somebody who takes no part", () => {
    const timeline = timelineOf([1])
    timeline.setParticipants([participant(BEN)])
    assert.equal(timeline.unread, null)
  })
})

describe("watermarks", () => {
  test("only move forward", () => {
    const timeline = timelineOf([1, 2, 3])
    timeline.moveWatermarks([["ben", 3, 2]])
    timeline.moveWatermarks([["ben", 1, 1], ["stranger", 3, 3]])
    timeline.setParticipants([participant(ANA), participant(BEN, {delivered_seq: 2, read_seq: 1})])
    const [, {delivered_seq, read_seq}] = timeline.participants
    assert.deepEqual([delivered_seq, read_seq], [3, 2])
    assert.equal(timeline.participants.length, 2)
  })

  test("who says something has it: no receipt is sent about that", () => {
    const timeline = timelineOf([1])
    timeline.put(message(2))
    assert.deepEqual(timeline.participants.map(({delivered_seq}) => delivered_seq)[1], 2)
  })

  test("the newest of others is one that arrived in order", () => {
    const timeline = timelineOf([1, 2])
    timeline.put(message(4))
    timeline.put(message(3, {sender: ANA}))
    assert.equal(timeline.newestOfOthers, 2)
    timeline.advance(4)
    assert.equal(timeline.newestOfOthers, 4)
  })
})

describe("rows", () => {
  const item = (seq, change = {}) => ({
    key: `k${seq}`, seq, clientId: null, kind: "text", sender: BEN, body: "", createdAt: at(seq), edited: false, deleted: false,
    mine: false, tick: null, error: "", ...change,
  })
  const shape = rows => rows.map(row => row.type === "message" ? `${row.isFirst ? "[" : ""}${row.item.seq}${row.isLast ? "]" : ""}` : row.type)

  const table = [
    ["one", [item(1)], {}, ["day", "[1]"]],
    ["a run within three minutes", [item(1), item(2), item(3)], {}, ["day", "[1", "2", "3]"]],
    ["a pause of three minutes", [item(1), item(4)], {}, ["day", "[1]", "[4]"]],
    ["another sender", [item(1), item(2, {sender: CLEO})], {}, ["day", "[1]", "[2]"]],
    ["another kind", [item(1), item(2, {kind: "note"})], {}, ["day", "[1]", "[2]"]],
    ["another day", [item(1), item(2, {createdAt: new Date(2026, 11, 24, 12).toISOString()})], {}, ["day", "[1]", "day", "[2]"]],
    ["the line of what is new", [item(1), item(2), item(3)], {unreadAfter: 1}, ["day", "[1]", "unread", "[2", "3]"]],
    ["my own are not new", [item(1), item(2, {mine: true, sender: ANA}), item(3)], {unreadAfter: 1}, ["day", "[1]", "[2]", "unread", "[3]"]],
    ["nothing is new", [item(1)], {unreadAfter: 1}, ["day", "[1]"]],
    ["nothing at all", [], {}, []],
  ]
  for (const [name, items, options, expected] of table) test(name, () => assert.deepEqual(shape(rowsOf(items, options)), expected))
})
