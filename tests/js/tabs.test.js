/** Several tabs of one person: one socket, and every tab knows the same. */

import assert from "node:assert/strict"
import {beforeEach, describe, mock, test} from "node:test"
import {Client} from "../../static/js/client.js"
import {MemoryStorage} from "../../static/js/store/storage.js"
import {Election} from "../../static/js/tabs/election.js"
import {FakeBrowser} from "./fake-browser.js"
import {ANA, at, created, FakeSocket, heard, info, message, settled, syncAnswer, welcome} from "./fakes.js"

const NOTHING = {type: "sync", conversations: [], gone: [], more: false}

let browser
let storage
let posts
let routes
let answer

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({apis: ["setTimeout", "setInterval", "Date"], now: Date.parse(at(30))})
  FakeSocket.all = []
  browser = new FakeBrowser()
  storage = new MemoryStorage()
  posts = []
  answer = syncAnswer(info())
  routes = {"socket-ticket/": () => ({ticket: "t"}), "chat/sync/": () => structuredClone(answer)}
})

async function quiet() {
  for (let turn = 0; turn < 10; turn++) await settled()
}

/** In steps, so that tabs can answer each other in between. */
async function pass(ms) {
  for (let left = ms; left > 0; left -= 500) {
    mock.timers.tick(Math.min(left, 500))
    await quiet()
  }
}

/** A tab of Ana's, in the browser or in one of its own. */
async function open({means = browser.tab(), keep = storage, attention = "hidden"} = {}) {
  const api = {
    post: async (path, body) => {
      posts.push(path)
      return routes[path](body)
    },
    get: async () => ({members: {}}),
  }
  const client = new Client({
    api, me: ANA, socketUrl: "ws://x/ws/chat/", openSocket: (url, protocols) => new FakeSocket(url, protocols),
    storage: keep, outboxPrefix: "o:", tabs: means,
  })
  client.attend(attention)
  client.start()
  await quiet()
  return {client, tab: means, bodies: () => client.store.get("c1")?.timeline.items().map(({body, tick}) => `${body} ${tick ?? ""}`.trim())}
}

async function openThree(options) {
  const tabs = [await open(options)]
  await connected()
  tabs.push(await open(options), await open(options))
  return tabs
}

const socket = () => FakeSocket.all.at(-1)
const sockets = () => FakeSocket.all.filter(one => !one.isClosed)

async function anotherSocket() {
  const before = FakeSocket.all.length
  while (FakeSocket.all.length === before) await pass(500)
}

async function connected(sync = syncAnswer(info()), change = {}) {
  socket().opens()
  socket().says(welcome({sync, ...change}))
  await quiet()
}

async function says(frame) {
  socket().says(frame)
  await quiet()
}

const states = tabs => tabs.map(({client}) => client.status.state)
const mine = (change = {}) => message(1, {version: 2, sender: ANA, client_id: "k1", body: "hi", ...change})

describe("one socket", () => {
  test("the first tab opens it, the others take their first state by a sync of their own", async () => {
    const tabs = await openThree()
    assert.equal(FakeSocket.all.length, 1)
    assert.deepEqual(posts, ["socket-ticket/", "chat/sync/", "chat/sync/"])
    assert.deepEqual(states(tabs), ["open", "open", "open"])
    for (const {client} of tabs) assert.deepEqual(client.store.cursors(), {c1: [1, 0]})
  })

  test("a tab is not connected before it knows what there is", async () => {
    await open()
    await connected()
    let release
    routes["chat/sync/"] = () => new Promise(resolve => release = () => resolve(answer))
    const second = await open()
    assert.equal(second.client.status.state, "connecting")
    release()
    await quiet()
    assert.equal(second.client.status.state, "open")
  })

  test("a first sync that fails is tried again when the leader speaks", async () => {
    await open()
    await connected()
    routes["chat/sync/"] = () => { throw new Error("down") }
    const second = await open({attention: "visible"})
    assert.equal(second.client.status.state, "connecting")
    routes["chat/sync/"] = () => structuredClone(answer)
    await pass(5_000)
    assert.equal(second.client.status.state, "open")
  })

  test("before the start nothing is asked of the browser", async () => {
    const means = {get locks() { throw new Error("locks") }, openChannel() { throw new Error("channel") }}
    new Client({api: {}, me: ANA, socketUrl: "", openSocket() {}, storage, outboxPrefix: "o:", tabs: means})
  })

  test("another person's tabs have another", async () => {
    await open()
    await connected()
    const client = new Client({
      api: {post: async path => routes[path]()}, me: {...ANA, id: "zoe"}, socketUrl: "ws://x/", storage, outboxPrefix: "z:",
      openSocket: (url, protocols) => new FakeSocket(url, protocols), tabs: browser.tab(),
    })
    client.start()
    await quiet()
    assert.equal(FakeSocket.all.length, 2)
  })
})

describe("equal tabs", () => {
  test("news reach all of them", async () => {
    const tabs = await openThree()
    const arrived = tabs.map(({client}) => heard(client, "arrived"))
    await says(created(2, 1))
    for (const {bodies} of tabs) assert.deepEqual(bodies(), ["text 1"])
    assert.deepEqual(arrived.map(({length}) => length), [1, 1, 1])
  })

  test("what a tab missed it asks for when the leader says how far it is", async () => {
    const [, second] = await openThree()
    second.tab.isDeaf = true
    await says(created(2, 1))
    second.tab.isDeaf = false
    answer = syncAnswer(info({version: 2, seq: 1}), [message(1, {version: 2})])
    second.client.attend("visible")
    await pass(1_000)
    assert.deepEqual(second.bodies(), ["text 1"])
  })

  test("a welcome's sync is not passed on: its changes are since the leader's cursors, not theirs", async () => {
    const [, second] = await openThree()
    second.tab.isDeaf = true
    await says(created(2, 1))
    second.tab.isDeaf = false
    socket().closes(1006)
    await anotherSocket()
    answer = syncAnswer(info({version: 3, seq: 2}), [message(1, {version: 2}), message(2, {version: 3})])
    await connected(syncAnswer(info({version: 3, seq: 2}), [message(2, {version: 3})]))
    await pass(1_000)
    assert.deepEqual(second.bodies(), ["text 1", "text 2"])
  })

  test("a conversation that only the leader knows is asked for by name, once", async () => {
    const [first, second] = await openThree()
    first.client.store.apply(syncAnswer(info({id: "old"})))
    let asked = 0
    routes["chat/sync/"] = ({cursors}) => {
      asked++
      assert.deepEqual(cursors.old, [0, 0])
      return syncAnswer(info({id: "old"}))
    }
    second.client.attend("visible")
    await pass(1_000)
    await pass(20_000)
    assert.ok(second.client.store.get("old"))
    assert.equal(asked, 2, "once in each of the two followers")
  })

  test("what is gone is gone everywhere, and so is another database", async () => {
    const tabs = await openThree()
    socket().closes(1006)
    await anotherSocket()
    await connected({...NOTHING, gone: ["c1"]})
    for (const {client} of tabs) assert.equal(client.store.get("c1"), null)

    answer = {...syncAnswer(info({version: 7})), epoch: "e2"}
    socket().closes(1006)
    await anotherSocket()
    await connected(NOTHING, {epoch: "e2"})
    await pass(2_000)
    for (const {client} of tabs.slice(1)) assert.deepEqual(client.store.cursors(), {c1: [7, 0]})
  })
})

describe("sending", () => {
  test("from any tab goes out once, by the one socket, and shows in all", async () => {
    const tabs = await openThree()
    tabs[1].client.send("c1", "hi", {clientId: "k1"})
    await quiet()
    const [{id, ...sent}, ...others] = socket().sentOf("message.send")
    assert.deepEqual([sent.client_id, others], ["k1", []])
    for (const {bodies} of tabs) assert.deepEqual(bodies(), ["hi pending"])
    await says({type: "ok", re: id, message: mine(), duplicate: false})
    for (const {bodies} of tabs) assert.deepEqual(bodies(), ["hi sent"], "even where its frame never comes")
    assert.equal(storage.length, 0)
  })

  test("refused for good says so in all tabs; any of them may try again or give it up", async () => {
    const tabs = await openThree()
    tabs[1].client.send("c1", "hi", {clientId: "k1"})
    await quiet()
    const refuse = () => says({type: "error", re: socket().sentOf("message.send").at(-1).id, code: "forbidden", temporary: false})
    await refuse()
    for (const {bodies} of tabs) assert.deepEqual(bodies(), ["hi failed"])
    tabs[2].client.resend("k1")
    await quiet()
    assert.equal(socket().sentOf("message.send").length, 2)
    await refuse()
    tabs[1].client.discard("k1")
    await quiet()
    for (const {bodies} of tabs) assert.deepEqual(bodies(), [])
  })

  for (const [name, leave] of [["closes", ({client}) => client.stop()], ["crashes", ({tab}) => tab.crash()]]) {
    test(`what a leader had not finished when it ${name}, the next one sends under the same client_id`, async () => {
      const [first, second, third] = await openThree()
      second.client.send("c1", "hi", {clientId: "k1"})
      await quiet()
      leave(first)
      await quiet()
      assert.equal(FakeSocket.all.length, 2, "at once, without any timer")
      await connected(NOTHING)
      assert.deepEqual(socket().sentOf("message.send").map(({client_id}) => client_id), ["k1"])
      await says({type: "ok", re: socket().sentOf("message.send")[0].id, message: mine(), duplicate: true})
      for (const {bodies} of [second, third]) assert.deepEqual(bodies(), ["hi sent"])
      assert.equal(storage.length, 0)
    })
  }

  test("words of a tab that is gone are sent by the leader", async () => {
    const [, second] = await openThree()
    second.client.send("c1", "hi", {clientId: "k1"})
    second.tab.crash()
    await quiet()
    assert.equal(socket().sentOf("message.send").length, 1)
  })

  test("where nothing can be stored, the tab that wrote tells the next leader", async () => {
    const first = await open({keep: new MemoryStorage()})
    await connected()
    const second = await open({keep: new MemoryStorage()})
    const third = await open({keep: new MemoryStorage()})
    first.tab.isFrozen = second.tab.isFrozen = true
    third.client.send("c1", "hi", {clientId: "k1"})
    await quiet()
    second.tab.isFrozen = false
    first.tab.crash()
    await quiet()
    await connected(NOTHING)
    assert.deepEqual(socket().sentOf("message.send").map(({client_id}) => client_id), ["k1"])
    assert.deepEqual(second.bodies(), third.bodies())
  })
})

describe("receipts", () => {
  const marks = () => socket().sentOf("receipt.move").map(({delivered, read}) => [delivered, read])

  test("delivered is told once for all tabs, read by the tab that is looked at, whoever leads", async () => {
    const tabs = await openThree()
    for (const {client} of tabs) client.open("c1")
    await says(created(2, 1))
    await pass(2_000)
    assert.deepEqual(marks(), [[1, 0]])
    tabs[2].client.attend("focused")
    await pass(500)
    await pass(300)
    assert.deepEqual(marks(), [[1, 0], [1, 1]])
    for (const {client} of tabs) assert.equal(client.store.unread, 0)
  })

  test("what nobody could tell is in the next leader's greeting", async () => {
    const [first, second, third] = await openThree()
    await says(created(2, 1))
    await pass(1_000)
    first.tab.isFrozen = true
    third.client.open("c1")
    third.client.attend("focused")
    await pass(500)
    first.tab.crash()
    await quiet()
    await connected(NOTHING)
    assert.deepEqual(socket().sent[0].read, {c1: [1, 1]})
    assert.equal(second.client.store.unread, 0)
  })
})

describe("who leads", () => {
  test("a frozen leader is replaced by the tab that is looked at, within two seconds", async () => {
    const [first, second] = await openThree()
    first.tab.isFrozen = true
    await pass(20_000)
    assert.equal(FakeSocket.all.length, 1, "nobody looks")
    second.client.attend("visible")
    await pass(2_000)
    assert.equal(FakeSocket.all.length, 2)
    assert.deepEqual(sockets(), [socket()], "the one that lost the lead lets go of its socket")
    first.tab.isFrozen = false
    await connected(NOTHING)
    assert.deepEqual(states([first, second]), ["open", "open"])
    await pass(20_000)
    assert.equal(FakeSocket.all.length, 2, "and that is the end of it")
  })

  test("a leader whose timers sleep is replaced once it has missed its own time", async () => {
    const [first, second] = await openThree()
    second.client.attend("visible")
    await quiet()
    const asleep = {...first.client.status, state: "waiting", retryAt: Date.now() - 3_000}
    first.tab.openChannel("parley:ana").postMessage({type: "status", detail: asleep})
    await quiet()
    assert.equal(FakeSocket.all.length, 2)
  })

  test("waiting its time it is left alone: a deploy's stagger is not for us to jump", async () => {
    const tabs = await openThree({attention: "visible"})
    socket().says({type: "bye", code: 4012, retry_after_ms: 20_000})
    socket().closes(4012)
    await pass(19_500)
    assert.equal(FakeSocket.all.length, 1)
    assert.deepEqual(states(tabs), ["waiting", "waiting", "waiting"])
    await pass(6_000)
    assert.equal(FakeSocket.all.length, 2)
  })

  test("trying now, asked in any tab, is done by the leader", async () => {
    const [, second] = await openThree()
    socket().says({type: "bye", code: 4012, retry_after_ms: 20_000})
    socket().closes(4012)
    second.client.retryNow()
    await quiet()
    await pass(1)
    assert.equal(FakeSocket.all.length, 2)
  })

  test("refused, it says so for itself and lets the next one try, whose credential may be good", async () => {
    const tabs = await openThree()
    const signedOut = tabs.map(({client}) => heard(client, "signed-out"))
    socket().closes(4501)
    await quiet()
    await connected(NOTHING)
    assert.deepEqual(states(tabs), ["stopped", "open", "open"])
    assert.deepEqual(signedOut.map(({length}) => length), [1, 0, 0])
    tabs[0].client.start()
    await quiet()
    assert.deepEqual(states(tabs), ["open", "open", "open"])
    assert.equal(sockets().length, 1)
  })

  test("when all are refused, all have said so", async () => {
    const tabs = await openThree()
    for (let refused = 0; refused < 3; refused++) {
      socket().closes(4501)
      await quiet()
    }
    assert.deepEqual(states(tabs), ["stopped", "stopped", "stopped"])
    assert.equal(FakeSocket.all.length, 3)
  })
})

describe("without a socket", () => {
  async function polling() {
    for (let attempt = 0; attempt < 3; attempt++) {
      socket().closes(1006)
      await anotherSocket()
    }
  }

  test("the leader polls, and the others ask only when there is news", async () => {
    const tabs = await openThree()
    answer = NOTHING
    await polling()
    for (const {client} of tabs) assert.equal(client.status.isPolling, true)
    posts.length = 0
    await pass(60_000)
    assert.equal(posts.filter(path => path === "chat/sync/").length, 1)
    answer = syncAnswer(info({version: 2, seq: 1}), [message(1, {version: 2})])
    await pass(60_000)
    await pass(1_000)
    for (const {bodies} of tabs) assert.deepEqual(bodies(), ["text 1"])
  })

  test("a hidden leader polls as often as the tab that is looked at needs", async () => {
    const [, second] = await openThree()
    answer = NOTHING
    await polling()
    second.client.attend("focused")
    await quiet()
    posts.length = 0
    await pass(30_000)
    const count = posts.filter(path => path === "chat/sync/").length
    assert.ok(count >= 5, `${count} in half a minute`)
  })
})

describe("where tabs cannot speak", () => {
  for (const [name, means] of [
    ["there are neither locks nor channels", () => null],
    ["a channel is refused", () => ({...browser.tab(), openChannel() { throw new DOMException("no", "SecurityError") }})],
    ["locks are refused", () => ({openChannel: browser.tab().openChannel, locks: {request: async () => { throw new DOMException("no", "SecurityError") }}})],
  ]) {
    test(`${name}: each has a socket`, async () => {
      const tabs = []
      for (let count = 0; count < 2; count++) {
        tabs.push(await open({means: means()}))
        await connected()
      }
      assert.equal(sockets().length, 2)
      assert.deepEqual(states(tabs), ["open", "open"])
      tabs[1].client.send("c1", "hi", {clientId: "k1"})
      await quiet()
      assert.equal(socket().sentOf("message.send").length, 1)
    })
  }
})

test("an election has one winner, however many claim it at once, and each has its turn", async () => {
  const leading = new Set()
  const led = new Set()
  const elections = [0, 1, 2, 3].map(index => new Election({
    locks: browser.tab().locks, name: "x",
    changed: isLeader => isLeader ? leading.add(index) && led.add(index) : leading.delete(index),
  }))
  for (const election of elections) election.start()
  for (const election of elections) election.claim()
  await quiet()
  assert.equal(leading.size, 1)
  for (const election of elections) {
    await quiet()
    election.stop()
  }
  await quiet()
  assert.equal(led.size, 4)
})
