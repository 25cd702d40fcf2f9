/** What I do to a message shows at once; refused, it is taken back and says why. */

import assert from "node:assert/strict"
import {beforeEach, describe, mock, test} from "node:test"
import {Client} from "../../static/js/client.js"
import {MemoryStorage} from "../../static/js/store/storage.js"
import {ANA, at, FakeSocket, info, message, settled, syncAnswer, welcome} from "./fakes.js"

let client
let asked
let answers

beforeEach(async () => {
  mock.timers.reset()
  mock.timers.enable({apis: ["setTimeout", "setInterval", "Date"], now: Date.parse(at(30))})
  FakeSocket.all = []
  asked = []
  answers = {"socket-ticket/": () => ({ticket: "t"}), "chat/sync/": () => syncAnswer(info({version: 1, seq: 1}), [message(1)])}
  const call = method => async (path, body) => {
    if (path.startsWith("chat/messages")) asked.push([method, path, body])
    return answers[path](body)
  }
  const api = {get: call("get"), post: call("post"), patch: call("patch"), delete: call("delete")}
  client = new Client({
    api, me: ANA, socketUrl: "ws://x/", openSocket: (url, protocols) => new FakeSocket(url, protocols), storage: new MemoryStorage(), outboxPrefix: "o:",
  })
  client.start()
  await settled()
})

const socket = () => FakeSocket.all.at(-1)
const item = () => client.store.get("c1").timeline.items()[0]
const seen = () => [item().body, item().wish?.state ?? null, item().wish?.code ?? null]

async function connected() {
  socket().opens()
  socket().says(welcome({sync: syncAnswer(info({version: 1, seq: 1}), [message(1, {sender: ANA})])}))
  await settled()
}

async function answered(type, frame) {
  const {id} = socket().sentOf(type).at(-1)
  socket().says({type: "ok", re: id, ...frame})
  await settled()
}

describe("by socket", () => {
  beforeEach(connected)

  test("an edit says which text it is based on", async () => {
    const done = client.changing.edit("c1", {id: "m1", version: 1}, "better", ["ben"])
    assert.deepEqual(seen(), ["better", "pending", null])
    await settled()
    const [{message: id, body, base_version, mentions}] = socket().sentOf("message.edit")
    assert.deepEqual([id, body, base_version, mentions], ["m1", "better", 1, ["ben"]])
    await answered("message.edit", {message: message(1, {sender: ANA, version: 2, body: "better", edited_at: at(9)})})
    assert.deepEqual([seen(), await done, client.store.cursors()], [["better", null, null], true, {c1: [2, 0]}])
  })

  test("somebody was faster: it shows what is there now", async () => {
    const done = client.changing.edit("c1", {id: "m1", version: 1}, "better")
    await settled()
    await answered("message.edit", {type: "error", code: "conflict", message: "No.", current: message(1, {sender: ANA, version: 2, body: "theirs"})})
    assert.deepEqual([seen(), await done, item().wish.body], [["theirs", "failed", "conflict"], false, "better"])
    client.changing.dismiss("c1", "m1")
    assert.deepEqual(seen(), ["theirs", null, null])
  })

  test("refused, it is as it was", async () => {
    client.changing.delete("c1", "m1")
    assert.equal(item().deleted, true)
    await settled()
    await answered("message.delete", {type: "error", code: "forbidden", message: "No."})
    assert.deepEqual([item().deleted, ...seen()], [false, "text 1", "failed", "forbidden"])
  })

  test("what I ask for last shows, and happens last", async () => {
    client.changing.react("c1", "m1", "👍", true)
    client.changing.react("c1", "m1", "👍", false)
    await settled()
    assert.deepEqual(socket().sentOf("message.react").map(({on}) => on), [true])
    await answered("message.react", {message: message(1, {sender: ANA, version: 2, reactions: [{emoji: "👍", members: ["ana"]}]})})
    assert.deepEqual([item().reactions, seen()[1]], [[], "pending"])
    await answered("message.react", {message: message(1, {sender: ANA, version: 3})})
    assert.deepEqual([item().reactions, seen()[1]], [[], null])
  })

  test("without a connection it is refused, and does not happen later", async () => {
    socket().closes(1006)
    await settled()
    await client.changing.edit("c1", {id: "m1", version: 1}, "better")
    assert.deepEqual([seen(), asked], [["text 1", "failed", "disconnected"], []])
    mock.timers.tick(30_000)
    await settled()
    await connected()
    assert.equal(socket().sentOf("message.edit").length, 0)
  })
})

describe("by REST, while it polls", () => {
  beforeEach(async () => {
    for (let attempt = 0; attempt < 3; attempt++) {
      socket().closes(1006)
      mock.timers.tick(30_000)
      await settled()
    }
  })

  const table = [
    ["edit", () => client.changing.edit("c1", {id: "m1", version: 1}, "b"), ["patch", "chat/messages/m1/", {body: "b", base_version: 1, mentions: []}]],
    ["delete", () => client.changing.delete("c1", "m1"), ["delete", "chat/messages/m1/", undefined]],
    ["react", () => client.changing.react("c1", "m1", "👍", true), ["post", "chat/messages/m1/reactions/", {emoji: "👍"}]],
    ["react no more", () => client.changing.react("c1", "m1", "👍", false), ["delete", "chat/messages/m1/reactions/", {emoji: "👍"}]],
    ["pin", () => client.changing.pin("c1", "m1", true), ["post", "chat/messages/m1/pin/", undefined]],
    ["unpin", () => client.changing.pin("c1", "m1", false), ["delete", "chat/messages/m1/pin/", undefined]],
  ]
  for (const [name, act, call] of table) {
    test(name, async () => {
      answers[call[1]] = () => message(1, {version: 2})
      assert.equal(await act(), true)
      assert.deepEqual(asked, [call])
    })
  }
})

test("what is far up is loaded in between", async () => {
  await connected()
  client.store.apply(syncAnswer(info({version: 900, seq: 900}), [message(900)], {limited: true}))
  const pages = []
  answers["chat/messages/m350/"] = () => message(350)
  answers["chat/conversations/c1/messages/"] = ({before, limit}) => {
    pages.push([before, limit])
    return {results: Array.from({length: limit}, (_, index) => message(before - limit + index))}
  }
  await client.paging.reach("c1", "m350")
  assert.deepEqual(pages, [[900, 200], [700, 200], [500, 200]])
  assert.equal(client.store.get("c1").timeline.has("m350"), true)
  await client.paging.reach("c1", "m350")
  assert.equal(pages.length, 3)
})

test("a message says what it answers and whom it means", async () => {
  await connected()
  client.send("c1", "@Ana yes", {replyTo: "m1", mentions: ["x"]})
  const [{reply_to, mentions}] = socket().sentOf("message.send")
  assert.deepEqual([reply_to, mentions], ["m1", ["x"]])
})
