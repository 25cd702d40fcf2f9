/** A visit to a host's page: what it asks for, what it keeps, and when. */

import assert from "node:assert/strict"
import {afterEach, beforeEach, mock, test} from "node:test"
import {MemoryStorage} from "../../static/js/store/storage.js"
import {Visit} from "../../static/widget/visit.js"
import {FakeSocket, heard, info, message, participant, settled, syncAnswer, welcome} from "./fakes.js"

const VISITOR = {id: "v1", name: "Visitor", role: "guest"}
const UNA = {id: "u1", name: "Una", role: "client"}
const QUESTIONS = ["name", "email", "room"].map(key => ({key, kind: key === "room" ? "text" : key, required: true, label: {}, choices: []}))
const ANSWERS = {name: "Dana", email: "dana@example.com", room: "101"}
const DOS = {id: "u2", name: "Dos", role: "client"}

let storage
let calls
let answers
let visit

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({apis: ["setTimeout", "setInterval"]})
  storage = new MemoryStorage()
  calls = []
  FakeSocket.all = []
  answers = {
    "POST widget/session/": ({identity}) => session({una: UNA, dos: DOS}[identity] ?? VISITOR),
    "DELETE widget/session/": () => ({}),
    "GET widget/config/?site=key": () => ({prechat: QUESTIONS}),
    "POST socket-ticket/": () => ({ticket: "t"}),
    "POST chat/conversations/start/": () => ({id: "c1"}),
    "POST chat/sync/": () => syncAnswer(mine()),
  }
  mock.method(globalThis, "fetch", answer)
  visit = newVisit()
})

afterEach(() => mock.restoreAll())

const session = member => ({token: `token-${member.id}`, expires_at: "2999-01-01T00:00:00Z", member})
const mine = change => info({kind: "support", participants: [participant(VISITOR)], ...change})
const newVisit = () => new Visit({
  base: "https://chat.example", site: "key", storage, openSocket: (url, protocols) => new FakeSocket(url, protocols),
})

async function answer(url, {method, body, headers}) {
  const path = url.split("/api/v1/")[1]
  calls.push({what: `${method} ${path}`, who: headers.Authorization ?? null})
  const made = answers[`${method} ${path}`](JSON.parse(body ?? "{}"))
  return made instanceof Response ? made : new Response(JSON.stringify(made))
}

/** Real promises of fetch and Response take more turns than timers know of. */
async function quiet() {
  for (let turn = 0; turn < 30; turn++) await new Promise(resolve => setImmediate(resolve))
}

const asked = () => calls.map(({what}) => what)

test("who only looks asks for nothing and leaves nothing", async () => {
  visit.resume()
  await quiet()
  assert.deepEqual([asked(), storage.length], [[], 0])
})

test("the first words make the visitor, then the conversation, and are sent there", async () => {
  visit.say("hello")
  assert.deepEqual(visit.firstItems.map(({body, tick}) => [body, tick]), [["hello", "pending"]])
  await quiet()
  assert.deepEqual(asked().filter(what => !what.includes("ticket")),
    ["POST widget/session/", "POST chat/conversations/start/", "POST chat/sync/"])
  assert.deepEqual(visit.firstItems, [])
  assert.deepEqual(visit.conversation.timeline.items().map(({body, tick}) => [body, tick]), [["hello", "pending"]])
  const [socket] = FakeSocket.all
  assert.equal(socket.url, "wss://chat.example/ws/chat/")
  socket.opens()
  socket.says(welcome({member: VISITOR}))
  await settled()
  assert.equal(socket.sentOf("message.send")[0].body, "hello")
})

test("a file that is chosen first begins it too, once, however many there are", async () => {
  const begun = [visit.begin(), visit.begin()]
  visit.say("see this")
  await quiet()
  assert.deepEqual(await Promise.all(begun), ["c1", "c1"])
  assert.deepEqual(asked().filter(what => !what.includes("ticket")),
    ["POST widget/session/", "POST chat/conversations/start/", "POST chat/sync/"])
  assert.deepEqual(visit.conversation.timeline.items().map(({body}) => body), ["see this"])
  assert.equal(await visit.begin(), "c1")
})

for (const step of ["widget/session/", "chat/conversations/start/"]) {
  test(`taken from the page at ${step}, the first words are said by the next visit, once`, async () => {
    let release
    mock.method(globalThis, "fetch", async (url, init) => {
      const answered = await answer(url, init)
      if (url.endsWith(step) && !release) await new Promise(resolve => release = resolve)
      return answered
    })
    visit.say("hello")
    await quiet()
    visit.end()
    release()
    await quiet()
    visit = newVisit()
    visit.resume()
    await quiet()
    assert.deepEqual(visit.conversation.timeline.items().map(({body, tick}) => [body, tick]), [["hello", "pending"]])
    const [socket] = FakeSocket.all.slice(-1)
    socket.opens()
    socket.says(welcome({member: VISITOR}))
    await settled()
    assert.deepEqual(socket.sentOf("message.send").map(({body}) => body), ["hello"])
  })

  test(`forgotten at ${step}, nobody says them`, async () => {
    let release
    mock.method(globalThis, "fetch", async (url, init) => {
      const answered = await answer(url, init)
      if (url.endsWith(step)) await new Promise(resolve => release = resolve)
      return answered
    })
    visit.say("hello")
    await quiet()
    const gone = visit.shutdown()
    release()
    await gone
    await quiet()
    assert.equal(storage.length, 0)
    assert.deepEqual(FakeSocket.all.flatMap(socket => socket.sentOf("message.send")), [])
  })
}

test("words written while it begins keep their order", async () => {
  for (const body of ["one", "two", "three"]) visit.say(body)
  await quiet()
  assert.deepEqual(visit.conversation.timeline.items().map(({body}) => body), ["one", "two", "three"])
  assert.equal(asked().filter(what => what === "POST widget/session/").length, 1)
})

test("a beginning that is refused says so in place, and can be tried again", async () => {
  const {"POST widget/session/": works} = answers
  answers["POST widget/session/"] = () => new Response(JSON.stringify({error: {code: "forbidden", message: "No."}}), {status: 403})
  visit.say("hello")
  await quiet()
  const [failed] = visit.firstItems
  assert.deepEqual([failed.tick, failed.error], ["failed", "forbidden"])
  answers["POST widget/session/"] = works
  visit.resend(failed.clientId)
  await quiet()
  assert.deepEqual(visit.firstItems, [])
  assert.ok(visit.conversation)
})

test("what a site asks is answered first, and then the conversation begins with it", async () => {
  const begun = []
  answers["POST chat/conversations/start/"] = body => (begun.push(body), {id: "c1"})
  await visit.load()
  assert.deepEqual(visit.questions.map(({key}) => key), ["name", "email", "room"])
  await visit.introduce(ANSWERS)
  assert.deepEqual(begun, [{kind: "support", prechat: ANSWERS}])
  assert.deepEqual([visit.questions, visit.conversation.id], [[], "c1"])
  assert.deepEqual(JSON.parse(storage.getItem("parley:key")).known, ["name", "email"])
})

test("answers that are refused begin nothing, stay, and can be given again; what was written waits for them", async () => {
  await visit.load()
  const {"POST chat/conversations/start/": works} = answers
  answers["POST chat/conversations/start/"] = () => new Response(
    JSON.stringify({error: {code: "invalid_input", message: "No.", fields: {"prechat.email": ["No."]}}}), {status: 400})
  visit.say("hello")
  await quiet()
  assert.deepEqual(visit.firstItems.map(({tick, error}) => [tick, error]), [["failed", "invalid_input"]])
  visit.answers.name = "Dana"
  await assert.rejects(visit.introduce(ANSWERS), ({fields}) => "prechat.email" in fields)
  assert.deepEqual([visit.answers, visit.conversation, visit.questions.length], [{name: "Dana"}, null, 3])

  answers["POST chat/conversations/start/"] = works
  await visit.introduce(ANSWERS)
  await quiet()
  assert.deepEqual([visit.answers, visit.firstItems], [{}, []])
  assert.deepEqual(visit.conversation.timeline.items().map(({body}) => body), ["hello"])
})

test("whom the host signs is asked what is not known, once it is clear that they never wrote", async () => {
  await visit.load()
  answers["POST widget/session/"] = () => ({...session(UNA), known: ["name"]})
  answers["POST chat/sync/"] = () => ({...syncAnswer(mine()), conversations: []})
  await visit.setUser("una")
  assert.deepEqual(visit.questions, [])
  await quiet()
  const [socket] = FakeSocket.all
  socket.opens()
  socket.says(welcome({member: UNA}))
  await settled()
  assert.deepEqual(visit.questions.map(({key}) => key), ["email", "room"])
  socket.closes(1006)
  assert.equal(visit.client.status.state === "open", false)
  assert.equal(visit.questions.length, 2)
})

test("a copy by e-mail is for whom we have an address of, where e-mails are sent", async () => {
  answers["POST widget/session/"] = () => ({...session(UNA), known: ["name", "email"]})
  const found = []
  for (const told of [{email: true}, {email: false}, {}]) {
    answers["GET widget/config/?site=key"] = () => ({prechat: QUESTIONS, ...told})
    await visit.load()
    await visit.setUser("una")
    found.push(visit.hasEmail)
  }
  assert.deepEqual(found, [true, false, true])
})

test("the next visit goes on with what was kept", async () => {
  visit.say("hello")
  await quiet()
  calls.length = 0
  const next = newVisit()
  next.resume()
  await quiet()
  assert.deepEqual([next.me, asked(), calls[0].who], [VISITOR, ["POST socket-ticket/"], "Bearer token-v1"])
})

test("a tab that was open before becomes the same visitor, as soon as it notices or speaks", async () => {
  const [noticing, speaking] = [newVisit(), newVisit()]
  noticing.follow()
  assert.equal(noticing.isKnown, false)
  visit.say("hello")
  await quiet()
  noticing.follow()
  speaking.say("hello from here")
  await quiet()
  assert.deepEqual([noticing.me, speaking.me], [VISITOR, VISITOR])
  assert.equal(asked().filter(what => what === "POST widget/session/").length, 1)
})

for (const [name, kept] of [
  ["rubbish", "{"], ["nothing", "null"], ["no member", "{\"token\": \"t\"}"],
  ["a token that is over", JSON.stringify({...session(UNA), expires_at: "2020-01-01T00:00:00Z"})],
]) {
  test(`a kept session of ${name} is none`, async () => {
    storage.setItem("parley:key", kept)
    visit.resume()
    await quiet()
    assert.deepEqual([visit.isKnown, asked()], [false, []])
  })
}

test("whom the host signs is known at once, and again with a newer signature without losing anything", async () => {
  await visit.setUser("una")
  const {client} = visit
  await visit.setUser("una")
  assert.equal(visit.client, client)
  assert.equal(visit.me.name, "Una")
})

test("another person finds nothing of the one before", async () => {
  const resets = heard(visit, "reset")
  await visit.setUser("una")
  visit.say("a secret")
  await quiet()
  visit.client.send("c1", "another secret")
  const before = visit.client
  await visit.setUser("dos")
  assert.notEqual(visit.client, before)
  assert.equal(before.status.state, "idle")
  assert.equal(resets.length, 1)
  assert.deepEqual(calls.find(({what}) => what.startsWith("DELETE")), {what: "DELETE widget/session/", who: "Bearer token-u1"})
  const names = Array.from({length: storage.length}, (_, index) => storage.key(index))
  assert.deepEqual(names, ["parley:key"])
  assert.match(storage.getItem("parley:key"), /"Dos"/)
})

test("shutdown revokes the token and wipes what is ours, and only that", async () => {
  storage.setItem("parley:key2", "another site's")
  await visit.setUser("una")
  visit.say("hello")
  await visit.shutdown()
  await quiet()
  assert.ok(asked().includes("DELETE widget/session/"))
  assert.deepEqual([storage.length, storage.key(0), visit.isKnown], [1, "parley:key2", false])
})

test("a shutdown while a visit begins leaves nothing behind", async () => {
  visit.say("hello")
  await visit.shutdown()
  await quiet()
  assert.deepEqual([storage.length, visit.isKnown], [0, false])
})

test("who is signed in while a visitor's session is asked for stays signed in", async () => {
  let release
  answers["POST widget/session/"] = ({identity}) => identity ? session(UNA) : session(VISITOR)
  mock.method(globalThis, "fetch", async (url, init) => {
    if (url.endsWith("widget/session/") && !init.body.includes("una")) await new Promise(resolve => release = resolve)
    return answer(url, init)
  })
  visit.say("hello")
  await quiet()
  await visit.setUser("una")
  release()
  await quiet()
  assert.equal(visit.me.name, "Una")
  assert.deepEqual(visit.conversation.timeline.items().map(({body}) => body), ["hello"])
})

test("of two signatures in a row the later one counts, whichever answer comes first", async () => {
  const waiting = []
  mock.method(globalThis, "fetch", async (url, init) => {
    if (url.endsWith("widget/session/")) await new Promise(resolve => waiting.push(resolve))
    return answer(url, init)
  })
  const una = visit.setUser("una")
  const dos = visit.setUser("dos")
  await quiet()
  waiting[1]()
  await dos
  waiting[0]()
  await una
  assert.equal(visit.me.name, "Dos")
})

test("a revoked visitor starts anew; a revoked member asks the host for a new signature", async () => {
  const expired = heard(visit, "identity-expired")
  visit.say("hello")
  await quiet()
  FakeSocket.all[0].closes(4501)
  assert.equal(visit.isKnown, false)
  await visit.setUser("una")
  await quiet()
  FakeSocket.all.at(-1).closes(4501)
  assert.equal(visit.isKnown, true)
  assert.equal(expired.length, 1)
})

test("signed in again while the token of before is being refused, they are in", async () => {
  await visit.setUser("una")
  await quiet()
  visit.end()
  const knocks = []
  answers["POST socket-ticket/"] = () => new Response(JSON.stringify({error: {code: "not_authenticated", message: "No."}}), {status: 401})
  mock.method(globalThis, "fetch", async (url, init) => {
    if (url.endsWith("socket-ticket/")) await new Promise(resolve => knocks.push(resolve))
    return answer(url, init)
  })
  visit = newVisit()
  const expired = heard(visit, "identity-expired")
  visit.resume()
  await quiet()
  answers["POST widget/session/"] = () => ({...session(UNA), token: "a newer one"})
  await visit.setUser("una")
  knocks[0]()
  await quiet()
  answers["POST socket-ticket/"] = () => ({ticket: "t"})
  knocks[1]()
  await quiet()
  FakeSocket.all.at(-1).opens()
  FakeSocket.all.at(-1).says(welcome({member: UNA}))
  assert.equal(visit.client.status.state, "open")
  assert.deepEqual(expired, [])
})

test("one that begins while another is looked at does not take its place", async () => {
  await visit.setUser("una")
  const {store} = visit.client
  store.apply(syncAnswer(mine(), [message(1)]))
  visit.stayWith(visit.conversation.id)
  store.apply(syncAnswer(info({id: "c2"})))
  assert.equal(visit.conversation.id, "c1")
})

test("the only conversation needs no choosing, several do", async () => {
  await visit.setUser("una")
  const {store} = visit.client
  store.apply(syncAnswer(mine(), [message(1)]))
  assert.equal(visit.conversation.id, "c1")
  store.apply(syncAnswer(info({id: "c2"})))
  assert.equal(visit.conversation, null)
  visit.choose("c2")
  assert.equal(visit.conversation.id, "c2")
})

test("who has an account is asked whom they can reach, once; a visitor never", async () => {
  visit.say("hello")
  await quiet()
  await visit.meet()
  assert.equal(asked().includes("GET members/"), false)
  answers["GET members/"] = () => ({results: [UNA, DOS]})
  await visit.setUser("una")
  await Promise.all([visit.meet(), visit.meet()])
  assert.deepEqual(visit.people, [DOS])
  await visit.shutdown()
  assert.deepEqual(visit.people, [])
  assert.equal(asked().filter(what => what === "GET members/").length, 1)
})

test("whether they belong to a space is asked with it, and forgotten with them", async () => {
  answers["GET spaces/?limit=1"] = () => ({results: [{id: "s1", kind: "project", name: "Mill House", may_request: true}], next: null})
  await visit.setUser("una")
  assert.equal(visit.hasSpaces, false)
  await visit.meet()
  assert.equal(visit.hasSpaces, true)
  await visit.shutdown()
  assert.equal(visit.hasSpaces, false)
})

test("asked in vain, it is asked again when the panel opens again", async () => {
  answers["GET members/"] = () => new Response("{}", {status: 503})
  await visit.setUser("una")
  await visit.meet()
  answers["GET members/"] = () => ({results: [DOS]})
  await visit.meet()
  assert.deepEqual(visit.people, [])
  await visit.meet({again: true})
  assert.deepEqual(visit.people, [DOS])
})

test("support begins beside other conversations, and is gone on with where it is", async () => {
  await visit.setUser("una")
  const {store} = visit.client
  store.apply(syncAnswer(info({id: "d1", kind: "direct"})))
  assert.deepEqual([visit.conversation.id, visit.hasSupport], ["d1", false])
  visit.chooseSupport()
  assert.deepEqual([visit.conversation, visit.isBeginning], [null, true])
  visit.say("hello")
  await quiet()
  assert.deepEqual([visit.conversation.id, visit.isBeginning, visit.hasSupport], ["c1", false, true])
  visit.choose("d1")
  visit.chooseSupport()
  assert.equal(visit.conversation.id, "c1")
})

test("a group is one, however few", async () => {
  const wanted = []
  answers["POST chat/conversations/start/"] = body => (wanted.push(body), {id: "c1"})
  await visit.setUser("una")
  assert.equal(await visit.gather([DOS], "Keys"), "c1")
  assert.equal(await visit.write(DOS), "c1")
  assert.deepEqual(wanted, [{kind: "group", members: ["u2"], title: "Keys"}, {kind: "direct", member: "u2"}])
})

test("drafts go with the person, not with the page", async () => {
  visit.drafts.set("", "before anybody knew me")
  await visit.setUser("una")
  visit.drafts.set("c1", "Una's")
  assert.deepEqual(["", "c1"].map(id => newVisit().drafts.get(id)), ["before anybody knew me", "Una's"])
  await visit.setUser("dos")
  assert.equal(visit.drafts.get("c1"), undefined)
  visit.drafts.set("c1", "Dos's")
  await visit.shutdown()
  assert.equal(storage.length, 0)
})
