import assert from "node:assert/strict"
import {beforeEach, describe, mock, test} from "node:test"
import {Conversations} from "../../static/js/store/conversations.js"
import {ANA, at, BEN, CLEO, created, heard, info, message, participant, seeded, syncAnswer, welcome} from "./fakes.js"

let store
let behind

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({apis: ["setTimeout"]})
  store = new Conversations(ANA)
  behind = heard(store, "behind")
})

const bodies = () => store.get("c1").timeline.items().map(item => item.body)
const know = (change = {}, messages = []) => store.apply(syncAnswer(info(change), messages))

describe("the rule", () => {
  beforeEach(() => know())

  const table = [
    ["in order", [2, 3, 4], ["text 1", "text 2", "text 3"], 4],
    ["twice", [2, 2, 3, 3, 2], ["text 1", "text 2"], 3],
    ["ahead, then what was missing", [4, 3, 2], ["text 1", "text 2", "text 3"], 4],
    ["ahead, and nothing follows", [2, 4], ["text 1"], 2],
    ["old news", [2, 1], ["text 1"], 2],
  ]
  for (const [name, versions, expected, version] of table) {
    test(name, () => {
      for (const one of versions) store.apply(created(one, one - 1))
      assert.deepEqual(bodies(), expected)
      assert.equal(store.get("c1").version, version)
    })
  }

  test("what is ahead waits 250 ms before a sync is asked for", () => {
    store.apply(created(3, 2))
    mock.timers.tick(249)
    assert.equal(behind.length, 0)
    mock.timers.tick(1)
    assert.equal(behind.length, 1)
  })

  test("a sync drops what it overtook and lets the rest follow", () => {
    store.apply(created(3, 2))
    store.apply(created(5, 4))
    know({version: 4, seq: 3}, [message(1), message(2), message(3)])
    assert.deepEqual(bodies(), ["text 1", "text 2", "text 3", "text 4"])
    assert.equal(store.get("c1").isHolding, false)
  })

  test("a sync that is older than what frames brought changes nothing", () => {
    const old = syncAnswer(info({version: 2, seq: 1}), [message(1, {version: 2})])
    store.apply(created(2, 1))
    store.apply(created(3, 1, {body: "edited"}))
    store.apply(old)
    assert.deepEqual(bodies(), ["edited"])
    assert.equal(store.get("c1").version, 3)
  })

  test("a limited answer takes the place of what was known", () => {
    store.apply(created(2, 1))
    store.apply(syncAnswer(info({version: 90, seq: 80}), [message(79), message(80)], {limited: true}))
    assert.deepEqual(bodies(), ["text 79", "text 80"])
    assert.equal(store.get("c1").timeline.hasOlder, true)
  })
})

describe("events", () => {
  beforeEach(() => know())
  const says = (version, event, data) => store.apply({type: "conversation", conversation: "c1", version, event, data})

  test("renamed, joined, advanced", () => {
    says(2, "renamed", {title: "Towels"})
    says(3, "joined", {participant: participant(CLEO)})
    says(4, "advanced", {})
    const {info: {title}, participants, version} = store.get("c1")
    assert.deepEqual([title, participants.length, version], ["Towels", 3, 4])
  })

  for (const event of ["transmogrified", "constructor"]) test(`"${event}" is not understood, so a sync fetches it`, () => {
    says(2, event, {})
    assert.equal(store.get("c1").version, 1)
    mock.timers.tick(250)
    assert.equal(behind.length, 1)
    know({version: 2})
    assert.equal(store.get("c1").isHolding, false)
  })

  test("a conversation that is not known is fetched by a sync", () => {
    store.apply({type: "conversation", conversation: "c2", version: 1, event: "started", data: {conversation: info({id: "c2"})}})
    store.apply(created(1, 1, {conversation: "c3"}))
    assert.equal(behind.length, 1)
    assert.equal(store.get("c2"), null)
  })

  test("frames about other things are left alone", () => {
    for (const type of ["typing", "presence", "notification", "constructor", "toString"]) store.apply({type})
    assert.equal(store.list().length, 1)
  })

  test("news of others is announced, history and my own are not", () => {
    const arrived = heard(store, "arrived")
    know({version: 3, seq: 2}, [message(1), message(2)])
    store.apply(created(4, 3, {sender: ANA}))
    store.apply(created(5, 4))
    assert.deepEqual(arrived.map(({seq}) => seq), [4])
  })

  test("what is gone is gone", () => {
    const gone = heard(store, "gone")
    store.apply({type: "sync", conversations: [], gone: ["c1", "never"], more: false})
    assert.deepEqual(gone, [{id: "c1", assignee: null}])
    assert.equal(store.get("c1"), null)
  })
})

describe("receipts", () => {
  beforeEach(() => know({seq: 3, version: 4, receipt_version: 5}, [message(3, {sender: ANA})]))
  const says = (receipt_version, ...watermarks) => store.apply({type: "receipt", conversation: "c1", receipt_version, watermarks})
  const tick = () => store.get("c1").timeline.items()[0].tick

  test("the next one applies", () => {
    says(6, ["ben", 3, 0])
    assert.equal(tick(), "delivered")
    says(7, ["ben", 3, 3])
    assert.equal(tick(), "read")
    assert.equal(store.get("c1").receiptVersion, 7)
  })

  test("an old one may still tell more: my own devices hear of what I read in private", () => {
    says(5, ["ben", 3, 3])
    assert.equal(tick(), "read")
    assert.equal(store.get("c1").receiptVersion, 5)
    assert.deepEqual(behind, [])
  })

  test("watermarks never go back", () => {
    says(6, ["ben", 3, 3])
    says(7, ["ben", 3, 0])
    assert.equal(tick(), "read")
  })

  test("one that is ahead shows at once, and a sync brings what is missing", () => {
    says(8, ["ben", 3, 3])
    assert.equal(tick(), "read")
    assert.equal(store.get("c1").receiptVersion, 5)
    mock.timers.tick(250)
    assert.equal(behind.length, 1)
  })
})

describe("heads", () => {
  beforeEach(() => know({version: 4, receipt_version: 2}))
  const table = [
    ["the same", {c1: [4, 2]}, 0],
    ["mine is newer", {c1: [3, 1]}, 0],
    ["a newer version", {c1: [5, 2]}, 1],
    ["newer receipts", {c1: [4, 3]}, 1],
    ["another conversation", {c2: [1, 0]}, 1],
    ["nothing", {}, 0],
  ]
  for (const [name, cursors, asked] of table) {
    test(name, () => {
      store.apply({type: "heads", cursors})
      assert.equal(behind.length, asked)
    })
  }
})

test("a conversation that only heads know of is asked for by name, until it comes or is said to be gone", () => {
  know()
  store.apply({type: "heads", cursors: {c2: [5, 0], c3: [5, 0]}})
  assert.deepEqual(store.cursors(), {c1: [1, 0], c2: [0, 0], c3: [0, 0]})
  store.apply({...syncAnswer(info({id: "c2", version: 5})), gone: ["c3"]})
  assert.deepEqual(store.cursors(), {c1: [1, 0], c2: [5, 0]})
})

describe("welcome", () => {
  test("brings what was missed", () => {
    store.apply(welcome({sync: syncAnswer(info())}))
    assert.deepEqual(store.cursors(), {c1: [1, 0]})
  })

  test("another database is noticed by any answer, also without a socket", () => {
    store.apply({...syncAnswer(info({version: 40})), epoch: "e1"})
    store.apply({...syncAnswer(info({version: 41})), epoch: "e2"})
    assert.deepEqual([store.cursors(), behind.length], [{}, 1])
    store.apply({...syncAnswer(info({version: 2})), epoch: "e2"})
    assert.deepEqual(store.cursors(), {c1: [2, 0]})
  })

  test("of another database: cursors are forgotten, and all is asked for anew", () => {
    store.apply(welcome({sync: syncAnswer(info({version: 40, seq: 30}), [message(30)])}))
    store.apply(welcome({epoch: "e2"}))
    assert.deepEqual(store.cursors(), {})
    assert.equal(behind.length, 1)
    know({version: 2, seq: 1}, [message(1, {version: 2, body: "restored"})])
    assert.deepEqual(store.cursors(), {c1: [2, 0]})
  })
})

describe("my own", () => {
  beforeEach(() => know({version: 1}))

  test("message counts when its answer comes before its frame", () => {
    store.confirm(message(1, {version: 2, sender: ANA}))
    assert.equal(store.get("c1").version, 2)
    store.apply(created(2, 1, {sender: ANA}))
    assert.equal(bodies().length, 1)
  })

  test("message shows at once while others are missing, and the cursor waits for them", () => {
    store.confirm(message(2, {version: 3, sender: ANA}))
    assert.deepEqual(bodies(), ["text 2"])
    assert.equal(store.get("c1").version, 1)
    store.apply(created(3, 2, {sender: ANA}))
    store.apply(created(2, 1))
    assert.deepEqual(bodies(), ["text 1", "text 2"])
    assert.equal(store.get("c1").version, 3)
  })

  test("reading shows at once and is told at the next greeting", () => {
    store.apply(created(2, 1))
    assert.equal(store.unread, 1)
    store.mark("c1", {delivered: 1, read: 1})
    assert.equal(store.unread, 0)
    assert.deepEqual(store.watermarks(), {c1: [1, 1]})
  })

  test("an unread count that cannot be counted here is the server's, and grows with the news", () => {
    know({version: 100, seq: 99, unread_count: 70}, [message(98), message(99)])
    assert.equal(store.unread, 2, "the page that is known is newer than the first one, so it joins on")
    store.apply(syncAnswer(info({version: 101, seq: 99, unread_count: 70}), [message(98), message(99)], {limited: true}))
    assert.equal(store.unread, 70)
    store.apply(created(102, 100))
    assert.equal(store.unread, 71)
    store.apply(created(103, 101, {sender: ANA}))
    assert.equal(store.unread, 71)
  })
})

test("what is said where I take no part is not unread", () => {
  store.apply(syncAnswer(info({seq: 1, version: 2, unread_count: 1, participants: [participant(BEN)]}), [message(1)]))
  store.apply(created(3, 2))
  assert.equal(store.unread, 0)
})

test("conversations are listed by their last message", () => {
  store.apply(syncAnswer(info({id: "old", last_message: message(1, {created_at: at(1)})})))
  store.apply(syncAnswer(info({id: "new", last_message: message(1, {created_at: at(9)})})))
  store.apply(syncAnswer(info({id: "empty", created_at: at(5)})))
  assert.deepEqual(store.list().map(({id}) => id), ["new", "empty", "old"])
})

/** A server small enough to be right by looking at it: it keeps the truth and answers syncs from it. */
class Truth {
  info = info({participants: [participant(ANA), participant(BEN), participant(CLEO)]})
  messages = []

  change(random) {
    const {info: now} = this
    now.version++
    if (!this.messages.length || random() < 0.6) return this.say(random)
    const edited = this.messages[Math.floor(random() * this.messages.length)]
    return this.put({...edited, version: now.version, body: `${edited.body}+`}, "edited")
  }

  say(random) {
    const seq = ++this.info.seq
    const sender = random() < 0.3 ? ANA : BEN
    this.info.participants = this.info.participants.map(one => one.member === sender ? {...one, delivered_seq: seq} : one)
    return this.put(message(seq, {version: this.info.version, sender}), "created")
  }

  put(one, event) {
    this.messages[one.seq - 1] = one
    return {type: "message", conversation: "c1", version: one.version, event, message: one}
  }

  read(random) {
    this.info.receipt_version++
    const member = random() < 0.5 ? BEN.id : CLEO.id
    this.info.participants = this.info.participants.map(one => one.member.id === member ? {...one, delivered_seq: this.info.seq, read_seq: this.info.seq} : one)
    return {type: "receipt", conversation: "c1", receipt_version: this.info.receipt_version, watermarks: [[member, this.info.seq, this.info.seq]]}
  }

  answer([version, receipts] = [-1, -1], limit = 8) {
    if (version >= this.info.version && receipts >= this.info.receipt_version) return {type: "sync", conversations: [], gone: [], more: false}
    const limited = version < 0 || this.info.version - version > limit
    const messages = limited ? this.messages.slice(-limit) : this.messages.filter(one => one.version > version)
    return structuredClone(syncAnswer(this.info, messages, {limited: limited && version >= 0}))
  }
}

describe("any interleaving of order, duplicates, loss and syncs ends at the truth", () => {
  for (let seed = 1; seed <= 300; seed++) {
    test(`seed ${seed}`, () => {
      const random = seeded(seed)
      const truth = new Truth()
      const air = []
      const replies = []
      store.apply(truth.answer())
      for (let step = 0; step < 60; step++) {
        const frame = structuredClone(random() < 0.75 ? truth.change(random) : truth.read(random))
        if (random() > 0.15) air.push(frame)
        if (random() < 0.15) air.push(structuredClone(frame))
        while (air.length && random() < 0.6) store.apply(air.splice(Math.floor(random() * air.length), 1)[0])
        if (random() < 0.1) replies.push(truth.answer(store.cursors().c1))
        if (replies.length && random() < 0.3) store.apply(replies.shift())
        if (random() < 0.1 && truth.messages.length) store.confirm(structuredClone(truth.messages.at(-1)))
      }
      air.forEach(frame => store.apply(frame))
      replies.forEach(reply => store.apply(reply))
      store.apply(truth.answer(store.cursors().c1))
      compare(truth)
    })
  }

  function compare(truth) {
    const known = store.get("c1")
    const {floor} = known.timeline
    const expected = truth.messages.filter(one => one.seq >= floor).map(({seq, body}) => [seq, body])
    assert.deepEqual(known.timeline.items().map(({seq, body}) => [seq, body]), expected)
    assert.deepEqual(store.cursors().c1, [truth.info.version, truth.info.receipt_version])
    assert.equal(known.isHolding, false)
    for (const one of truth.info.participants.slice(1)) {
      assert.deepEqual(known.participants.find(({member}) => member.id === one.member.id), one)
    }
  }
})
