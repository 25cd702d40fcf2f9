/** The client as a whole: a fake socket and a fake REST, everything else real. */

import assert from "node:assert/strict"
import {beforeEach, describe, mock, test} from "node:test"
import {Client} from "../../static/js/client.js"
import {MemoryStorage} from "../../static/js/store/storage.js"
import {ANA, at, attachment, BEN, created, FakeSocket, heard, info, message, settled, syncAnswer, welcome} from "./fakes.js"

let posts
let routes
let client

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({apis: ["setTimeout", "setInterval", "Date"], now: Date.parse(at(30))})
  FakeSocket.all = []
  posts = []
  routes = {"socket-ticket/": () => ({ticket: "t"})}
  client = clientWith(new MemoryStorage())
})

function clientWith(storage) {
  const api = {
    post: async (path, body) => {
      posts.push([path, body])
      return routes[path](body)
    },
    get: async (path, query) => routes[path](query),
  }
  return new Client({
    api, me: ANA, socketUrl: "ws://x/ws/chat/", openSocket: (url, protocols) => new FakeSocket(url, protocols),
    storage, outboxPrefix: "o:",
  })
}

const socket = () => FakeSocket.all.at(-1)
const items = () => client.store.get("c1").timeline.items()

async function connected(sync = syncAnswer(info())) {
  client.start()
  await settled()
  socket().opens()
  socket().says(welcome({sync}))
  await settled()
}

async function reconnected(sync) {
  mock.timers.tick(30_000)
  await settled()
  socket().opens()
  socket().says(welcome({sync}))
  await settled()
}

describe("sending", () => {
  test("with files: they show at once, go out by name, and outlive a refusal", async () => {
    await connected()
    client.send("c1", "", {clientId: "k1", attachments: [attachment()]})
    assert.deepEqual(items().map(({body, attachments, tick}) => [body, attachments, tick]), [["", [attachment()], "pending"]])
    const [frame] = socket().sentOf("message.send")
    assert.deepEqual([frame.body, frame.attachments], ["", ["f1"]])
    socket().says({type: "error", re: frame.id, code: "forbidden"})
    await settled()
    assert.deepEqual(items().map(({attachments, tick}) => [attachments.length, tick]), [[1, "failed"]])
    client.resend("k1")
    assert.deepEqual(socket().sentOf("message.send")[1].attachments, ["f1"])
  })

  test("shows at once, goes out, and becomes the message", async () => {
    await connected()
    client.send("c1", "hi", {clientId: "k1"})
    assert.deepEqual(items().map(({body, tick}) => [body, tick]), [["hi", "pending"]])
    const [frame] = socket().sentOf("message.send")
    assert.deepEqual([frame.conversation, frame.client_id, frame.body], ["c1", "k1", "hi"])
    socket().says({type: "ok", re: frame.id, message: message(1, {version: 2, sender: ANA, client_id: "k1", body: "hi"}), duplicate: false})
    await settled()
    assert.deepEqual(items().map(({body, tick}) => [body, tick]), [["hi", "sent"]])
    assert.deepEqual(client.store.cursors(), {c1: [2, 0]})
  })

  test("the frame may come before the answer", async () => {
    await connected()
    client.send("c1", "hi", {clientId: "k1"})
    const [{id}] = socket().sentOf("message.send")
    const sent = message(1, {version: 2, sender: ANA, client_id: "k1"})
    socket().says(created(2, 1, {sender: ANA, client_id: "k1"}))
    assert.equal(items().length, 1)
    socket().says({type: "ok", re: id, message: sent, duplicate: false})
    await settled()
    assert.equal(items().length, 1)
  })

  test("what was under way when the socket died goes out again, once it is back, and never twice", async () => {
    await connected()
    client.send("c1", "hi", {clientId: "k1"})
    socket().closes(1006)
    await settled()
    assert.deepEqual(items().map(({tick}) => tick), ["pending"])
    await reconnected(syncAnswer(info({version: 2, seq: 1}), [message(1, {version: 2, sender: ANA, client_id: "k1"})]))
    assert.deepEqual(items().map(({tick}) => tick), ["sent"], "the sync already brought it")
    const [{id}] = socket().sentOf("message.send")
    socket().says({type: "ok", re: id, message: message(1, {version: 2, sender: ANA, client_id: "k1"}), duplicate: true})
    await settled()
    assert.equal(items().length, 1)
  })

  test("refused for good, it says so in place; by hand it tries again", async () => {
    await connected()
    client.send("c1", "hi", {clientId: "k1"})
    const [{id}] = socket().sentOf("message.send")
    socket().says({type: "error", re: id, code: "forbidden", message: "No.", temporary: false})
    await settled()
    assert.deepEqual(items().map(({tick, error}) => [tick, error]), [["failed", "forbidden"]])
    client.resend("k1")
    assert.equal(socket().sentOf("message.send").length, 2)
    client.discard("k1")
    assert.equal(items().length, 0)
  })

  test("a reload keeps what was written", async () => {
    const storage = new MemoryStorage()
    client = clientWith(storage)
    await connected()
    client.send("c1", "hi", {clientId: "k1"})
    client.stop()
    client = clientWith(storage)
    await connected()
    assert.deepEqual(items().map(({body, tick}) => [body, tick]), [["hi", "pending"]])
    assert.equal(socket().sentOf("message.send")[0].client_id, "k1")
  })
})

describe("receipts", () => {
  const marks = () => socket().sentOf("receipt.move").map(({conversation, delivered, read}) => [conversation, delivered, read])

  test("delivered when it arrives, read when it is looked at for half a second", async () => {
    await connected()
    socket().says(created(2, 1))
    mock.timers.tick(300)
    assert.deepEqual(marks(), [["c1", 1, 0]])
    client.open("c1")
    client.attend("focused")
    mock.timers.tick(500)
    assert.equal(client.store.unread, 0)
    mock.timers.tick(300)
    assert.deepEqual(marks(), [["c1", 1, 0], ["c1", 1, 1]])
  })

  test("nothing is told about my own words", async () => {
    await connected()
    socket().says(created(2, 1, {sender: ANA}))
    mock.timers.tick(1_000)
    assert.deepEqual(marks(), [])
  })

  test("nothing is told about a conversation that I only look at", async () => {
    await connected(syncAnswer(info({participants: [{member: BEN, role: "member", joined_at: at(0), delivered_seq: 0, read_seq: 0}]})))
    socket().says(created(2, 1))
    client.open("c1")
    client.attend("focused")
    mock.timers.tick(2_000)
    assert.deepEqual(marks(), [])
  })

  test("what could not be told is in the next greeting", async () => {
    await connected()
    socket().says(created(2, 1))
    socket().closes(1006)
    await reconnected(syncAnswer(info({version: 2, seq: 1}), [message(1, {version: 2})]))
    assert.deepEqual(socket().sent[0].read, {c1: [1, 0]})
  })
})

describe("staying true", () => {
  test("asks for what heads say is missing", async () => {
    await connected()
    socket().says({type: "heads", cursors: {c1: [2, 0]}})
    mock.timers.tick(1_000)
    await settled()
    const [{id, cursors, read}] = socket().sentOf("sync")
    assert.deepEqual([cursors, read], [{c1: [1, 0]}, {c1: [0, 0]}])
    socket().says({...syncAnswer(info({version: 2, seq: 1}), [message(1, {version: 2})]), re: id})
    await settled()
    assert.equal(items().length, 1)
  })

  test("after a welcome that has more, asks on at once", async () => {
    await connected({...syncAnswer(info()), more: true})
    assert.equal(socket().sentOf("sync").length, 1)
  })

  test("beginning a conversation waits until it is known", async () => {
    await connected({conversations: [], gone: [], more: false})
    routes["chat/conversations/start/"] = () => ({id: "c1"})
    const begun = client.begin({kind: "direct", member: "ben"})
    await settled()
    const [{id}] = socket().sentOf("sync")
    socket().says({...syncAnswer(info()), re: id})
    assert.equal(await begun, "c1")
    assert.ok(client.store.get("c1"))
  })

  test("older messages come by REST, one page at a time", async () => {
    await connected(syncAnswer(info({version: 9, seq: 9}), [message(9)]))
    const asked = []
    routes["chat/conversations/c1/messages/"] = query => {
      asked.push(query)
      return {results: [message(7), message(8)]}
    }
    await Promise.all([client.paging.older("c1"), client.paging.older("c1")])
    assert.deepEqual(asked, [{before: 9, limit: 50}])
    assert.deepEqual(items().map(({seq}) => seq), [7, 8, 9])
  })
})

describe("without a socket", () => {
  test("after three failures it polls, sends by REST, and stops when the socket is back", async () => {
    routes["chat/sync/"] = () => syncAnswer(info())
    routes["chat/conversations/c1/messages/"] = ({client_id}) => message(1, {version: 2, sender: ANA, client_id})
    client.start()
    await settled()
    for (let attempt = 0; attempt < 3; attempt++) {
      socket().closes(1006)
      mock.timers.tick(30_000)
      await settled()
    }
    assert.equal(client.status.isPolling, true)
    client.send("c1", "hi", {clientId: "k1"})
    await settled()
    assert.deepEqual(items().map(({tick}) => tick), ["sent"])
    socket().opens()
    socket().says(welcome())
    await settled()
    assert.equal(client.status.isPolling, false)
    const count = posts.length
    mock.timers.tick(9_000)
    await settled()
    assert.equal(posts.length, count)
  })

  test("polling that fails too is no connection", async () => {
    routes["chat/sync/"] = () => { throw new Error("down") }
    client.start()
    await settled()
    for (let attempt = 0; attempt < 4; attempt++) {
      socket().closes(1006)
      mock.timers.tick(30_000)
      await settled()
    }
    assert.ok(posts.filter(([path]) => path === "chat/sync/").length > 0)
    assert.equal(client.status.isPolling, false)
  })

  test("signed out, it stops and says so", async () => {
    const signedOut = heard(client, "signed-out")
    await connected()
    socket().closes(4501)
    assert.equal(signedOut.length, 1)
    assert.equal(client.status.state, "stopped")
  })
})
