/** The life of a message, and of a conversation, as its frames tell it. */

import assert from "node:assert/strict"
import {beforeEach, describe, mock, test} from "node:test"
import {Conversations} from "../../static/js/store/conversations.js"
import {ANA, at, BEN, changed, CLEO, created, heard, info, message, participant, syncAnswer, told} from "./fakes.js"

let store
let behind

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({apis: ["setTimeout", "Date"], now: Date.parse(at(30))})
  store = new Conversations(ANA)
  behind = heard(store, "behind")
})

const know = (change = {}, messages = []) => store.apply(syncAnswer(info(change), messages))
const conversation = () => store.get("c1")
const item = seq => conversation().timeline.items().find(one => one.seq === seq)
const hear = (...frames) => frames.forEach(frame => store.apply(frame))
const quote = (id, excerpt) => ({reply_to: {id, sender: BEN, excerpt}})

describe("a message", () => {
  beforeEach(() => know({version: 2, seq: 2, kind: "group", participants: [participant(ANA), participant(BEN), participant(CLEO)]},
    [message(1), message(2, {sender: ANA})]))

  test("is edited: its text, and that it was", () => {
    hear(changed("edited", 3, 1, {body: "better", edited_at: at(9)}))
    assert.deepEqual([item(1).body, item(1).edited, item(1).version], ["better", true, 3])
  })

  test("is deleted: nothing of it is left", () => {
    hear(changed("deleted", 3, 1, {body: "", deleted_at: at(9)}))
    assert.deepEqual([item(1).body, item(1).deleted, conversation().unread], ["", true, 0])
  })

  test("is reacted to: how many, who, and whether I did", () => {
    hear(changed("reacted", 3, 1, {reactions: [{emoji: "👍", members: ["ana", "ben", "gone"]}, {emoji: "🎉", members: ["cleo"]}]}))
    assert.deepEqual(item(1).reactions, [
      {emoji: "👍", count: 3, names: ["Ben"], mine: true}, {emoji: "🎉", count: 1, names: ["Cleo"], mine: false},
    ])
  })

  test("is pinned, and unpinned; the one that was pinned last comes first", () => {
    const pinned = () => conversation().timeline.pinned.map(({seq}) => seq)
    store.setPins("c1", [])
    hear(changed("pinned", 3, 1, {pinned: true}), changed("pinned", 4, 2, {pinned: true}))
    assert.deepEqual(pinned(), [2, 1])
    hear(changed("pinned", 5, 2, {pinned: false}), changed("edited", 6, 1, {pinned: true, body: "new"}))
    assert.deepEqual([pinned(), conversation().timeline.pinned[0].body], [[1], "new"])
    hear(changed("deleted", 7, 1, {deleted_at: at(9)}))
    assert.deepEqual(pinned(), [])
  })

  test("what is pinned further up than is loaded", () => {
    store.setPins("c1", [message(7, {pinned: true, version: 1}), message(1, {pinned: false, version: 1})])
    assert.deepEqual(conversation().timeline.pinned.map(({seq}) => seq), [7])
  })

  test("says who and what it mentions", () => {
    const mentions = [{type: "user", text: "@Ana", member: "ana", name: "Ana"}]
    hear(created(3, 3, {mentions}))
    assert.deepEqual(item(3).mentions, mentions)
  })
})

describe("a quote follows its original", () => {
  test("when that is edited, and when it is deleted", () => {
    know({version: 1, seq: 1}, [message(1)])
    hear(created(2, 2, quote("m1", "text 1")))
    assert.deepEqual(item(2).replyTo, {id: "m1", name: "Ben", excerpt: "text 1", files: [], mine: false})
    hear(changed("edited", 3, 1, {body: "😀".repeat(200)}))
    assert.equal(item(2).replyTo.excerpt, "😀".repeat(140))
    hear(changed("deleted", 4, 1, {body: "", deleted_at: at(9)}))
    assert.equal(item(2).replyTo.excerpt, "")
  })

  test("also of an original that is further up than is loaded", () => {
    know({version: 9, seq: 9}, [message(8, quote("m3", "text 3")), message(9)])
    assert.equal(item(8).replyTo.excerpt, "text 3")
    hear(changed("edited", 10, 3, {body: "better"}))
    assert.deepEqual([item(8).replyTo.excerpt, item(3)], ["better", undefined])
  })

  test("a page that was read before the news came does not undo it", () => {
    know({version: 9, seq: 9}, [message(8, quote("m3", "text 3"))])
    hear(changed("edited", 10, 3, {body: "better"}))
    store.prepend("c1", [message(3, {version: 3}), message(4), message(5), message(6), message(7)])
    assert.deepEqual([item(3).body, item(8).replyTo.excerpt], ["better", "better"])
  })

  test("on its way, a reply shows what it answers", () => {
    know({version: 1, seq: 1}, [message(1)])
    store.setPending("c1", [{client_id: "k", conversation: "c1", body: "yes", created_at: at(2), reply_to: "m1", state: "pending"}])
    assert.equal(conversation().timeline.items()[1].replyTo.excerpt, "text 1")
  })
})

describe("what I ask for shows at once", () => {
  beforeEach(() => know({version: 2, seq: 2}, [message(1, {reactions: [{emoji: "👍", members: ["ben"]}, {emoji: "👎", members: ["ana"]}]}), message(2, {sender: ANA})]))

  const table = [
    ["an edit", {what: "edit", body: "better"}, 2, one => [one.body, one.edited], ["better", true]],
    ["a deletion", {what: "delete", deleted: true}, 2, one => [one.body, one.deleted], ["", true]],
    ["a pin", {what: "pin", pinned: true}, 1, one => one.pinned, true],
    ["a reaction like another's", {what: "react", reaction: {emoji: "👍", on: true}}, 1, one => one.reactions, [{emoji: "👍", count: 2, names: ["Ben"], mine: true}, {emoji: "👎", count: 1, names: [], mine: true}]],
    ["a reaction of its own", {what: "react", reaction: {emoji: "🎉", on: true}}, 2, one => one.reactions, [{emoji: "🎉", count: 1, names: [], mine: true}]],
    ["a reaction taken back", {what: "react", reaction: {emoji: "👎", on: false}}, 1, one => one.reactions.map(({emoji}) => emoji), ["👍"]],
  ]
  for (const [name, wish, seq, see, expected] of table) {
    test(name, () => {
      const before = see(item(seq))
      store.wish("c1", `m${seq}`, {...wish, state: "pending"})
      assert.deepEqual(see(item(seq)), expected)
      store.wish("c1", `m${seq}`, {...wish, state: "failed", code: "forbidden"})
      assert.deepEqual([see(item(seq)), item(seq).wish.code], [before, "forbidden"], "refused, it is as it was")
      store.wish("c1", `m${seq}`, null)
      assert.equal(item(seq).wish, null)
    })
  }
})

describe("what seemed refused and happened all the same is no news", () => {
  beforeEach(() => know({version: 1, seq: 1}, [message(1)]))
  const table = [
    ["the edit", {what: "edit", body: "better"}, {body: "better"}],
    ["the pin", {what: "pin", pinned: true}, {pinned: true}],
    ["the reaction", {what: "react", reaction: {emoji: "👍", on: true}}, {reactions: [{emoji: "👍", members: ["ana"]}]}],
    ["the deletion", {what: "delete", deleted: true}, {deleted_at: at(9)}],
    ["whatever it was, if it is deleted", {what: "pin", pinned: true}, {deleted_at: at(9)}],
  ]
  for (const [name, wish, change] of table) {
    test(name, () => {
      store.wish("c1", "m1", {...wish, state: "failed", code: "timeout"})
      assert.equal(item(1).wish.code, "timeout")
      hear(changed("changed", 2, 1, change))
      assert.equal(item(1).wish, null)
    })
  }

  test("taking back a reaction", () => {
    hear(changed("reacted", 2, 1, {reactions: [{emoji: "👍", members: ["ana"]}]}))
    store.wish("c1", "m1", {what: "react", reaction: {emoji: "👍", on: false}, state: "failed", code: "timeout"})
    assert.equal(item(1).wish.code, "timeout")
    hear(changed("reacted", 3, 1))
    assert.equal(item(1).wish, null)
  })
})

describe("what is unread", () => {
  test("what the system says, and what was taken back, count for nothing", () => {
    know()
    hear(created(2, 1), created(3, 2, {kind: "system", body: "", system: {event: "joined", member: BEN}}), created(4, 3))
    assert.equal(store.unread, 2)
    hear(changed("deleted", 5, 1, {body: "", deleted_at: at(9)}))
    assert.equal(store.unread, 1)
  })

  test("nor where not all of it is loaded", () => {
    know({version: 90, seq: 90, unread_count: 40}, [message(90)])
    hear(changed("deleted", 91, 60, {body: "", deleted_at: at(9)}), changed("deleted", 92, 61, {sender: ANA, body: "", deleted_at: at(9)}))
    assert.equal(store.unread, 39)
  })

  test("no bell rings for what the system says, nor where I want none", () => {
    const arrived = heard(store, "arrived")
    know()
    hear(created(2, 1, {kind: "system", body: "", system: {event: "joined", member: BEN}}))
    hear(told("own", 3, {archived: false, muted_until: at(31), notify: ""}), created(4, 2))
    assert.deepEqual([arrived.length, store.unread], [0, 1])
    mock.timers.tick(60_000)
    hear(created(5, 3))
    assert.equal(arrived.length, 1)
  })
})

describe("a conversation", () => {
  beforeEach(() => know({kind: "channel", participants: [participant(ANA, {role: "owner"}), participant(BEN), participant(CLEO)]}))
  const people = () => conversation().participants.map(({member, role}) => `${member.name} ${role}`)

  test("is renamed, closed, opened again", () => {
    hear(told("renamed", 2, {title: "Roof"}), told("closed", 3, {status: "closed"}))
    assert.deepEqual([conversation().info.title, conversation().isClosed], ["Roof", true])
    hear(told("reopened", 4, {status: "open"}))
    assert.equal(conversation().isClosed, false)
  })

  test("somebody goes, and it is somebody else's", () => {
    hear(told("left", 2, {member: "ben", owner: "cleo"}))
    assert.deepEqual(people(), ["Ana owner", "Cleo owner"])
    hear(told("joined", 3, {participant: participant(BEN)}))
    assert.deepEqual(people(), ["Ana owner", "Cleo owner", "Ben member"])
  })

  test("is mine to put away and to mute; what others are told of it leaves that alone", () => {
    hear(told("own", 2, {archived: true, muted_until: at(99), notify: "none"}))
    hear(told("started", 3, {conversation: info({version: 3})}))
    const {archived, muted_until, notify} = conversation().info
    assert.deepEqual([archived, muted_until, notify], [true, at(99), "none"])
    hear(told("advanced", 4))
    assert.equal(conversation().version, 4)
  })

  for (const [name, own, said, archived] of [
    ["comes back with the next message", {}, {}, false],
    ["not with what the staff notes", {}, {kind: "note"}, true],
    ["nor if it is muted for good", {muted_until: "9999-01-01T00:00:00.000Z"}, {}, true],
    ["for a while only, it does", {muted_until: at(99)}, {}, false],
  ]) {
    test(`what I put away: ${name}`, () => {
      hear(told("own", 2, {archived: true, muted_until: null, notify: "", ...own}))
      assert.equal(conversation().info.archived, true)
      hear(created(3, 1, said))
      assert.deepEqual([conversation().info.archived, store.unread], [archived, archived ? 0 : 1])
    })
  }

  for (const [name, frame] of [["I leave it", told("left", 2, {member: "ana", owner: null})], ["it is deleted", told("deleted", 2)]]) {
    test(`is gone when ${name}, and nothing is asked about it`, () => {
      const gone = heard(store, "gone")
      const line = created(3, 1, {kind: "system", body: "", system: {event: "left", member: ANA}})
      hear(line, frame, line, frame)
      assert.deepEqual([store.list(), gone, behind, store.cursors()], [[], [{id: "c1", assignee: null}], [], {}])
    })
  }

  test("comes back when somebody brings me in again", () => {
    hear(told("left", 2, {member: "ana", owner: null}))
    hear(told("joined", 4, {participant: participant(ANA)}))
    assert.equal(behind.length, 1)
    know({version: 5})
    hear(created(6, 1))
    assert.equal(conversation().version, 6)
  })
})
