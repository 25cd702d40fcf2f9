/** What the tabs of one person know of the others, and tell them: over one socket, or without any. */

import assert from "node:assert/strict"
import {beforeEach, describe, mock, test} from "node:test"
import {Client} from "../../static/js/client.js"
import {MemoryStorage} from "../../static/js/store/storage.js"
import {membersToWatch} from "../../static/js/store/watching.js"
import {FakeBrowser} from "./fake-browser.js"
import {ANA, at, BEN, CLEO, created, FakeSocket, heard, info, participant, settled, syncAnswer, welcome} from "./fakes.js"

const ZOE = {id: "zoe", name: "Zoe", role: "client"}
const ONLINE = {state: "online", last_seen_at: null}
const AWAY = {state: "away", last_seen_at: null}

/** Ana's: a direct with Ben, a group with Ben and Cleo; and Zoe's support, in which she takes no part. */
const DIRECT = info()
const GROUP = info({id: "c2", kind: "group", participants: [ANA, BEN, CLEO].map(one => participant(one))})
const SUPPORT = info({id: "c3", kind: "support", participants: [participant(ZOE)]})
const NOTHING = {type: "sync", conversations: [], gone: [], more: false}

let browser
let calls
let sync
let presences

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({apis: ["setTimeout", "setInterval", "Date"], now: Date.parse(at(30))})
  FakeSocket.all = []
  browser = new FakeBrowser()
  calls = []
  sync = together(DIRECT)
  presences = {ben: ONLINE}
})

const api = {
  post: async (path, body) => {
    calls.push([path, body])
    if (path === "socket-ticket/") return {ticket: "t"}
    return path === "chat/sync/" ? structuredClone(sync) : null
  },
  get: async (path, query) => {
    calls.push([path, query])
    if (!presences) throw new Error("down")
    return {members: presences}
  },
}

function together(...conversations) {
  return {...NOTHING, conversations: conversations.flatMap(one => syncAnswer(one).conversations)}
}

async function quiet() {
  for (let turn = 0; turn < 10; turn++) await settled()
}

/** In steps, so that tabs can answer each other in between. */
async function pass(ms) {
  for (let left = ms; left > 0; left -= 250) {
    mock.timers.tick(Math.min(left, 250))
    await quiet()
  }
}

async function open(means = browser.tab()) {
  const client = new Client({
    api, me: ANA, socketUrl: "ws://x/ws/chat/", openSocket: (url, protocols) => new FakeSocket(url, protocols),
    storage: new MemoryStorage(), outboxPrefix: "o:", tabs: means,
  })
  client.start()
  await quiet()
  return {client, tab: means, others: client.others}
}

const socket = () => FakeSocket.all.at(-1)
const said = type => socket().sentOf(type)
const watched = () => said("presence.watch").map(({members}) => members)
const followed = () => said("conversation.watch").map(({conversation, on}) => `${conversation} ${on ? "on" : "off"}`)
const turned = () => said("presence.set").map(({away}) => away)
const typed = () => said("typing.set").map(({conversation, on}) => `${conversation} ${on ? "on" : "off"}`)

async function connected(answer = sync) {
  socket().opens()
  socket().says(welcome({sync: answer}))
  await pass(250)
}

async function says(frame) {
  socket().says(frame)
  await quiet()
}

async function answers(type, fields) {
  await says({type: "ok", ...fields, re: said(type).at(-1).id})
}

async function refuse(type, temporary) {
  await says({type: "error", re: said(type).at(-1).id, code: "x", temporary, retry_after_ms: 2_000})
}

/** With a server that answers everything. */
async function live(ms) {
  const answered = new Set()
  for (let left = ms; left > 0; left -= 5_000) {
    await pass(Math.min(left, 5_000))
    const asked = socket().sent.map(({id}) => id).filter(id => id && !answered.has(id))
    asked.forEach(id => answered.add(id))
    for (const id of asked) await says({...NOTHING, type: "ok", re: id, members: {}})
    await says({type: "pong"})
  }
}

async function anotherSocket() {
  const before = FakeSocket.all.length
  while (FakeSocket.all.length === before) await pass(500)
}

async function another(answer = NOTHING) {
  socket().closes(1006)
  await anotherSocket()
  await connected(answer)
}

async function openTwo() {
  const first = await open()
  await connected()
  const second = await open()
  await pass(250)
  return [first, second]
}

describe("whom to watch", () => {
  const known = (...conversations) => conversations.map(one => ({...one, info: one}))
  const table = [
    ["the faces in the list", known(DIRECT, SUPPORT), null, ["ben", "zoe"]],
    ["nobody for a group in the list", known(GROUP), null, []],
    ["the others of the open one, first", known(SUPPORT, GROUP, DIRECT), known(GROUP)[0], ["ben", "cleo", "zoe"]],
    ["nobody where there is nothing", [], null, []],
  ]
  for (const [name, listed, opened, expected] of table) {
    test(name, () => assert.deepEqual(membersToWatch(listed, opened, ANA), expected))
  }

  test("as many as the server takes", () => {
    const many = Array.from({length: 300}, (_, index) => info({participants: [participant(ANA), participant({...BEN, id: `ben${index}`})]}))
    const watched = membersToWatch(known(...many), null, ANA)
    assert.deepEqual([watched.length, watched[0], watched[199]], [200, "ben0", "ben199"])
  })
})

describe("in one tab", () => {
  test("who is on the screen is watched once they are known, and the answer shows", async () => {
    const {others} = await open()
    await connected()
    assert.deepEqual(watched(), [["ben"]])
    await answers("presence.watch", {members: {ben: ONLINE}})
    assert.deepEqual(others.presenceOf("ben"), ONLINE)
    await says({type: "presence", members: {ben: AWAY}})
    assert.deepEqual(others.presenceOf("ben"), AWAY)
  })

  test("a list that grows is watched once, a moment later", async () => {
    const {client} = await open()
    await connected()
    client.store.apply(together(SUPPORT))
    client.store.apply(together(GROUP))
    client.open("c2")
    await pass(1_000)
    assert.deepEqual(watched(), [["ben"], ["ben", "cleo", "zoe"]])
    client.store.apply(together(GROUP))
    await pass(1_000)
    assert.equal(watched().length, 2, "the same is no news")
  })

  test("the next socket is told all of it again", async () => {
    const {client} = await open()
    await connected(together(DIRECT, SUPPORT))
    client.open("c3")
    client.others.turn(true)
    await pass(250)
    await another()
    assert.deepEqual([watched(), followed(), turned()], [[["ben", "zoe"]], ["c3 on"], [true]])
  })

  test("a minute without a line, and nobody is known to be here", async () => {
    const {others} = await open()
    await connected()
    await answers("presence.watch", {members: {ben: ONLINE}})
    presences = null
    socket().closes(1006)
    await pass(59_000)
    assert.deepEqual(others.presenceOf("ben"), ONLINE)
    await pass(1_000)
    assert.equal(others.presenceOf("ben"), null)
  })

  test("refused for now, it is asked again when the server said; refused for good, it is not", async () => {
    const {client} = await open()
    await connected(together(DIRECT, SUPPORT))
    await refuse("presence.watch", true)
    await pass(1_750)
    assert.equal(watched().length, 1)
    await pass(250)
    assert.equal(watched().length, 2)
    client.open("c3")
    await pass(250)
    await refuse("conversation.watch", false)
    await pass(20_000)
    assert.deepEqual(followed(), ["c3 on"])
  })

  test("no more looking is asked again, too, until it is heard", async () => {
    const {client} = await open()
    await connected(together(DIRECT, SUPPORT))
    client.open("c3")
    await pass(250)
    await answers("conversation.watch", {conversation: "c3"})
    await pass(1_000)
    await answers("sync", NOTHING)
    client.open("c1")
    await pass(250)
    await refuse("conversation.watch", true)
    await pass(2_000)
    assert.deepEqual(followed(), ["c3 on", "c3 off", "c3 off"])
    await answers("conversation.watch", {conversation: "c3"})
    await pass(20_000)
    assert.deepEqual([followed().length, said("sync").length], [3, 1], "what is over brings nothing")
  })

  test("looked at again before it was heard, it is followed", async () => {
    const {client} = await open()
    await connected(together(DIRECT, SUPPORT))
    client.open("c3")
    await pass(250)
    await answers("conversation.watch", {conversation: "c3"})
    client.open("c1")
    await pass(250)
    client.open("c3")
    await pass(250)
    await refuse("conversation.watch", false)
    assert.deepEqual(followed(), ["c3 on", "c3 off", "c3 on"])
    await pass(20_000)
    assert.equal(followed().length, 3, "refused for good, it is not asked again")
  })

  test("a conversation that I only look at is followed while it is open, and asked for once it is", async () => {
    const {client} = await open()
    await connected(together(DIRECT, SUPPORT))
    client.open("c1")
    await pass(1_000)
    assert.deepEqual(followed(), [])
    client.open("c3")
    await pass(1_000)
    assert.deepEqual(followed(), ["c3 on"])
    assert.equal(said("sync").length, 0)
    await answers("conversation.watch", {conversation: "c3"})
    await pass(1_000)
    assert.equal(said("sync").length, 1, "what was said before came to nobody")
    client.open("c1")
    await pass(250)
    assert.deepEqual(followed(), ["c3 on", "c3 off"])
  })

  test("a conversation that I have joined needs no following any more", async () => {
    const {client} = await open()
    await connected(together(SUPPORT))
    client.open("c3")
    await pass(250)
    await says({type: "conversation", conversation: "c3", version: 2, event: "joined", data: {participant: participant(ANA)}})
    await pass(250)
    assert.deepEqual(followed(), ["c3 on", "c3 off"])
  })

  test("turning away and back is told once each", async () => {
    const {others} = await open()
    await connected()
    for (const away of [false, true, true, false]) others.turn(away)
    assert.deepEqual(turned(), [true, false])
  })

  test("others type until their message is here", async () => {
    const {client, others} = await open()
    await connected()
    const typists = () => others.typistsIn(client.store.get("c1"))
    await says({type: "typing", conversation: "c1", members: ["zoe"], ttl_ms: 6_000})
    assert.deepEqual(typists(), [null], "who is about to join has no name yet")
    await says({type: "typing", conversation: "c1", members: ["zoe"], ttl_ms: 0})
    await says({type: "typing", conversation: "c1", members: ["ben"], ttl_ms: 6_000})
    assert.deepEqual(typists(), ["Ben"])
    await says(created(2, 1))
    assert.deepEqual(typists(), [])
    assert.equal(client.store.get("c1").lastMessage.body, "text 1")
  })

  test("I type in the open conversation, until I send or open another", async () => {
    const {client, others} = await open()
    await connected(together(DIRECT, GROUP))
    others.write("hello")
    assert.deepEqual(typed(), [], "nothing is open")
    client.open("c1")
    others.write("hello")
    client.send("c1", "hello")
    const [on, off] = said("typing.set")
    assert.deepEqual([on, off], [{type: "typing.set", conversation: "c1", on: true}, {type: "typing.set", conversation: "c1", on: false}])
    client.open("c2")
    others.write("hello")
    client.open("c1")
    assert.deepEqual(typed(), ["c1 on", "c1 off", "c2 on", "c2 off"])
  })

  test("stopped, it asks nothing more", async () => {
    const {client} = await open()
    await connected()
    client.store.apply(together(SUPPORT))
    client.stop()
    await pass(60_000)
    assert.deepEqual(watched(), [["ben"]])
  })
})

describe("in several tabs", () => {
  test("the leader asks for what all of them want, and all know the answer", async () => {
    const tabs = await openTwo()
    tabs[1].client.store.apply(together(GROUP))
    tabs[1].client.open("c2")
    await pass(250)
    assert.deepEqual(watched(), [["ben"], ["ben", "cleo"]])
    await answers("presence.watch", {members: {ben: ONLINE, cleo: AWAY}})
    for (const {others} of tabs) assert.deepEqual([others.presenceOf("ben"), others.presenceOf("cleo")], [ONLINE, AWAY])
    await says({type: "presence", members: {cleo: ONLINE}})
    for (const {others} of tabs) assert.deepEqual(others.presenceOf("cleo"), ONLINE)
  })

  test("a tab that wants nothing new is told what is known", async () => {
    const first = await open()
    await connected()
    await answers("presence.watch", {members: {ben: ONLINE}})
    const second = await open()
    await pass(250)
    assert.deepEqual(second.others.presenceOf("ben"), ONLINE)
    assert.equal(watched().length, 1)
    assert.deepEqual(first.others.presenceOf("ben"), ONLINE)
  })

  test("what a follower looks at the leader follows", async () => {
    const [first, second] = await openTwo()
    second.client.store.apply(together(SUPPORT))
    second.client.open("c3")
    await pass(250)
    assert.deepEqual(followed(), ["c3 on"])
    await answers("conversation.watch", {conversation: "c3"})
    await pass(1_000)
    assert.deepEqual(said("sync").at(-1).cursors.c3, [0, 0], "the leader does not know it yet")
    await says({...together(SUPPORT), re: said("sync").at(-1).id})
    assert.ok(first.client.store.get("c3"))
  })

  test("away is who is away in all of them", async () => {
    const [first, second] = await openTwo()
    first.others.turn(true)
    await quiet()
    assert.deepEqual(turned(), [])
    assert.deepEqual([first.others.amAway, second.others.amAway], [false, false])
    const changes = heard(second.others, "change")
    second.others.turn(true)
    await quiet()
    assert.deepEqual(turned(), [true])
    assert.deepEqual([first.others.amAway, second.others.amAway], [true, true])
    first.others.turn(false)
    await quiet()
    assert.deepEqual(turned(), [true, false])
    assert.deepEqual([first.others.amAway, second.others.amAway], [false, false])
    assert.equal(changes.length, 2, "and each is shown")
  })

  test("the leader tells what is typed in any of them", async () => {
    const [, second] = await openTwo()
    second.client.open("c1")
    second.others.write("hello")
    await quiet()
    second.others.rest()
    await quiet()
    assert.deepEqual(typed(), ["c1 on", "c1 off"])
  })

  async function openSupportInSecond() {
    const tabs = await openTwo()
    tabs[1].client.store.apply(together(SUPPORT))
    tabs[1].client.open("c3")
    tabs[0].others.turn(true)
    await pass(250)
    assert.deepEqual([followed(), turned()], [["c3 on"], []])
    return tabs
  }

  test("a tab that is closed wants nothing more, at once", async () => {
    const [, second] = await openSupportInSecond()
    second.client.stop()
    await quiet()
    assert.deepEqual([watched().at(-1), followed(), turned()], [["ben"], ["c3 on", "c3 off"], [true]])
  })

  test("a page that is left wants nothing more, at once, whoever asks; brought back, it wants it again", async () => {
    const [, second] = await openSupportInSecond()
    second.others.leave()
    await quiet()
    browser.tab().openChannel("parley:ana").postMessage({type: "lead", detail: null})
    await live(60_000)
    assert.deepEqual([watched().at(-1), followed(), turned()], [["ben"], ["c3 on", "c3 off"], [true]])
    second.others.start()
    await quiet()
    assert.deepEqual([watched().at(-1), followed(), turned()], [["ben", "zoe"], ["c3 on", "c3 off", "c3 on"], [true, false]])
  })

  test("of more conversations than the server takes, those opened last are followed", async () => {
    const supports = Array.from({length: 22}, (_, index) => info({id: `s${index}`, kind: "support", participants: [participant(ZOE)]}))
    await open()
    await connected(together(...supports))
    sync = together(...supports)
    const tabs = []
    for (const {id} of supports.slice(0, 21)) {
      const tab = await open()
      await pass(250)
      tab.client.open(id)
      await pass(250)
      await answers("conversation.watch", {conversation: id})
      tabs.push(tab)
    }
    assert.deepEqual(followed().slice(19), ["s19 on", "s0 off", "s20 on"])
    tabs[1].client.open("s21")
    await pass(250)
    assert.deepEqual(followed().slice(22), ["s1 off", "s21 on"])
    tabs[2].client.open(null)
    await pass(250)
    assert.deepEqual(followed().slice(24), ["s2 off", "s0 on"])
  })

  test("what a tab wanted that died lapses; one that lives goes on", async () => {
    const [, second] = await openSupportInSecond()
    const third = await open()
    third.client.open("c1")
    third.others.turn(true)
    second.tab.crash()
    await live(119_000)
    assert.deepEqual([followed(), turned()], [["c3 on"], []], "timers of a hidden tab may be late")
    await live(61_000)
    assert.deepEqual([watched().at(-1), followed(), turned()], [["ben"], ["c3 on", "c3 off"], [true]])
    await live(600_000)
    assert.deepEqual(turned(), [true])
  })

  test("the next leader knows what the others want", async () => {
    const [first, second] = await openTwo()
    const third = await open()
    third.client.store.apply(together(SUPPORT))
    third.client.open("c3")
    await pass(250)
    for (const {others} of [second, third]) others.turn(true)
    await quiet()
    first.client.stop()
    await quiet()
    await connected(NOTHING)
    assert.equal(FakeSocket.all.length, 2)
    assert.deepEqual([watched(), followed(), turned()], [[["ben", "zoe"]], ["c3 on"], [true]])
  })
})

describe("without a socket", () => {
  async function polling() {
    for (let attempt = 0; attempt < 3; attempt++) {
      socket().closes(1006)
      await anotherSocket()
    }
  }

  const asked = path => calls.filter(([called]) => called === path).map(([, given]) => given)

  test("each poll asks who is here, for all tabs", async () => {
    const tabs = await openTwo()
    tabs[1].client.store.apply(together(SUPPORT))
    await polling()
    calls.length = 0
    presences = {ben: AWAY, zoe: ONLINE}
    await pass(60_000)
    const polls = asked("chat/sync/").length
    assert.deepEqual(asked("chat/conversations/presence/"), Array(polls).fill({members: "ben,zoe"}))
    assert.ok(polls > 0)
    for (const {others} of tabs) assert.deepEqual([others.presenceOf("ben"), others.presenceOf("zoe")], [AWAY, ONLINE])
  })

  test("polls that bring no presence leave nobody here for ever", async () => {
    const {others} = await open()
    await connected()
    await polling()
    await pass(10_000)
    assert.deepEqual(others.presenceOf("ben"), ONLINE)
    presences = null
    await pass(180_000)
    assert.equal(others.presenceOf("ben"), null)
  })

  test("the conversation that a follower looks at is polled, too", async () => {
    const [, second] = await openTwo()
    second.client.store.apply(together(SUPPORT))
    second.client.open("c3")
    await polling()
    sync = NOTHING
    calls.length = 0
    await pass(120_000)
    assert.deepEqual(asked("chat/sync/").at(-1).cursors.c3, [0, 0])
  })

  test("typing is told by a call, whichever tab it is in", async () => {
    const [first, second] = await openTwo()
    await polling()
    for (const {client, others} of [first, second]) {
      client.open("c1")
      others.write("hello")
      others.rest()
      await quiet()
    }
    assert.deepEqual(asked("chat/conversations/c1/typing/"), [{typing: true}, {typing: false}, {typing: true}, {typing: false}])
  })

  test("with neither socket nor polling it is not told", async () => {
    const {client, others} = await open()
    await connected()
    socket().closes(1006)
    client.open("c1")
    others.write("hello")
    assert.deepEqual([typed(), asked("chat/conversations/c1/typing/")], [[], []])
  })
})
