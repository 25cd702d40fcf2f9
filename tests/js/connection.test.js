import assert from "node:assert/strict"
import {beforeEach, describe, mock, test} from "node:test"
import {Connection} from "../../static/js/socket/connection.js"
import {FakeSocket, heard, settled, welcome} from "./fakes.js"

let tickets
let connection

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({apis: ["setTimeout", "setInterval", "Date"]})
  FakeSocket.all = []
  tickets = 0
  connection = connect()
})

function connect(options = {}) {
  return new Connection({
    url: "wss://chat.example/ws/chat/",
    getTicket: async () => `ticket-${++tickets}`,
    hello: () => ({cursors: {c1: [3, 1]}}),
    openSocket: (url, protocols) => new FakeSocket(url, protocols),
    random: () => 0.5,
    ...options,
  })
}

const socket = () => FakeSocket.all.at(-1)

async function opened(one = connection) {
  one.start()
  await settled()
  socket().opens()
  socket().says(welcome())
  return socket()
}

async function pass(ms) {
  mock.timers.tick(ms)
  await settled()
}

describe("opening", () => {
  test("asks for a ticket, greets with it, and is open when welcomed", async () => {
    const welcomes = heard(connection, "welcome")
    const {url, protocols, sent} = await opened()
    assert.deepEqual([url, protocols], ["wss://chat.example/ws/chat/", ["parley.v1"]])
    assert.deepEqual(sent, [{type: "hello", ticket: "ticket-1", cursors: {c1: [3, 1]}}])
    assert.equal(welcomes.length, 1)
    assert.equal(connection.isOpen, true)
  })

  test("starting twice opens one socket", async () => {
    connection.start()
    connection.start()
    await settled()
    assert.equal(FakeSocket.all.length, 1)
  })

  test("a socket that never opens is given up after 10 s", async () => {
    connection.start()
    await settled()
    const first = socket()
    await pass(10_000)
    assert.equal(first.isClosed, true)
    assert.equal(connection.status.state, "waiting")
  })

  test("every attempt has its own ticket", async () => {
    await opened()
    socket().closes(1006)
    await pass(250)
    socket().opens()
    assert.equal(socket().sent[0].ticket, "ticket-2")
  })

  test("a ticket that comes after stop opens nothing", async () => {
    connection.start()
    connection.stop()
    await settled()
    assert.equal(FakeSocket.all.length, 0)
    assert.equal(connection.status.state, "idle")
  })

  test("a browser that refuses the socket is tried again", async () => {
    connection = connect({openSocket: () => { throw new Error("blocked") }})
    connection.start()
    await settled()
    assert.equal(connection.status.state, "waiting")
  })
})

describe("coming back", () => {
  test("waits full-jitter back-off, doubling", async () => {
    connection = connect({getTicket: async () => { throw Object.assign(new Error("down"), {status: 0}) }})
    connection.start()
    await settled()
    const waits = []
    for (let attempt = 0; attempt < 9; attempt++) {
      const wait = connection.status.retryAt - Date.now()
      waits.push(wait)
      await pass(wait)
    }
    assert.deepEqual(waits, [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
  })

  for (const code of [1000, 1006, 1012, 4000, 4008, 4012, 4029]) {
    test(`comes back after ${code}`, async () => {
      await opened()
      socket().closes(code)
      assert.equal(connection.status.state, "waiting")
      await pass(250)
      assert.equal(FakeSocket.all.length, 2)
    })
  }

  for (const code of [4500, 4501, 4503, 4506, 4999]) {
    test(`stays away after ${code}, and says so`, async () => {
      await opened()
      socket().closes(code)
      assert.deepEqual({...connection.status, attempts: 0}, {state: "stopped", attempts: 0, retryAt: null, code})
      await pass(120_000)
      assert.equal(FakeSocket.all.length, 1)
    })
  }

  for (const [status, code] of [[401, 4501], [403, 4503]]) {
    test(`stays away when the ticket is refused with ${status}`, async () => {
      connection = connect({getTicket: async () => { throw Object.assign(new Error("no"), {status}) }})
      connection.start()
      await settled()
      assert.equal(connection.status.state, "stopped")
      assert.equal(connection.status.code, code)
    })
  }

  test("a time named by the ticket's refusal is waited, and up to a quarter of it more", async () => {
    connection = connect({getTicket: async () => { throw Object.assign(new Error("fast"), {status: 429, retryAfter: 7_000}) }})
    connection.start()
    await settled()
    assert.equal(connection.status.retryAt - Date.now(), 7_875)
  })

  for (const [random, wait] of [[0, 3_400], [0.5, 3_825], [1, 4_250]]) {
    test(`a time named by bye is waited, once: ${wait} ms when chance says ${random}`, async () => {
      connection = connect({random: () => random})
      await opened()
      socket().says({type: "bye", code: 4012, retry_after_ms: 3_400})
      socket().closes(4012)
      assert.equal(connection.status.retryAt - Date.now(), wait)
      await pass(wait)
      socket().closes(1006)
      assert.ok(connection.status.retryAt - Date.now() < 3_400)
    })
  }

  test("refused again and again, it waits longer than it is told", async () => {
    await opened()
    const waits = []
    for (let refused = 0; refused < 6; refused++) {
      socket().says({type: "bye", code: 4029, retry_after_ms: 1_000})
      socket().closes(4029)
      waits.push(connection.status.retryAt - Date.now())
      await pass(waits.at(-1))
    }
    assert.deepEqual(waits, [1_125, 1_125, 1_125, 2_125, 4_125, 8_125])
  })

  test("bye with a code of 4500 or more means stay away, however the socket ends", async () => {
    await opened()
    socket().says({type: "bye", code: 4501})
    socket().closes(1006)
    assert.equal(connection.status.state, "stopped")
    assert.equal(connection.status.code, 4501)
  })

  test("the count starts again only after 10 s of being open", async () => {
    for (let round = 0; round < 3; round++) {
      if (round === 0) await opened()
      else {
        await pass(connection.status.retryAt - Date.now())
        socket().opens()
        socket().says(welcome())
      }
      await pass(9_000)
      socket().closes(1006)
    }
    assert.equal(connection.status.attempts, 3)
    await pass(connection.status.retryAt - Date.now())
    socket().opens()
    socket().says(welcome())
    await pass(10_000)
    socket().closes(1006)
    assert.equal(connection.status.attempts, 1)
  })

  test("waking up shortens a wait to at most a second", async () => {
    await opened()
    socket().says({type: "bye", code: 4012, retry_after_ms: 60_000})
    socket().closes(4012)
    connection.wake()
    await pass(1_000)
    assert.equal(FakeSocket.all.length, 2)
  })

  test("waking up while open does nothing", async () => {
    await opened()
    connection.wake()
    await pass(1_000)
    assert.equal(FakeSocket.all.length, 1)
  })

  test("an old socket has no say any more", async () => {
    const old = await opened()
    const frames = heard(connection, "frame")
    old.closes(1006)
    await pass(250)
    old.says({type: "heads", cursors: {}})
    old.closes(4501)
    assert.deepEqual(frames, [])
    assert.equal(connection.status.state, "connecting")
  })
})

describe("commands", () => {
  test("an answer finds its command", async () => {
    await opened()
    const first = connection.request("message.send", {body: "a"})
    const second = connection.request("message.send", {body: "b"})
    const [a, b] = socket().sentOf("message.send")
    socket().says({type: "ok", re: b.id, message: "B"})
    socket().says({type: "ok", re: a.id, message: "A"})
    assert.deepEqual([(await first).message, (await second).message], ["A", "B"])
  })

  test("an error rejects, with what the server said", async () => {
    await opened()
    const sending = connection.request("message.send")
    const [{id}] = socket().sentOf("message.send")
    socket().says({type: "error", re: id, code: "rate_limited", message: "Slow down.", temporary: true, retry_after_ms: 1_200})
    await assert.rejects(sending, {code: "rate_limited", message: "Slow down.", temporary: true, retryAfter: 1_200})
  })

  test("no answer for 10 s is a temporary error", async () => {
    await opened()
    const sending = assert.rejects(connection.request("message.send"), {code: "timeout", temporary: true})
    mock.timers.tick(10_000)
    await sending
  })

  test("a socket that goes away rejects what waited", async () => {
    await opened()
    const sending = assert.rejects(connection.request("message.send"), {code: "disconnected", temporary: true})
    socket().closes(1006)
    await sending
  })

  test("without a socket a command is refused at once", async () => {
    await assert.rejects(connection.request("message.send"), {code: "disconnected", temporary: true})
    connection.tell("receipt.move", {})
  })

  test("frames that answer nothing are announced; what is no frame is counted and left", async () => {
    await opened()
    const frames = heard(connection, "frame")
    for (const text of ["{", "[]", "null", "7", "{}", JSON.stringify({type: "typing"})]) socket().says(text)
    assert.deepEqual(frames, [{type: "typing"}])
    await pass(25_000)
    assert.equal(socket().sentOf("ping")[0].seen, 7)
  })
})

describe("heartbeat", () => {
  for (const [random, first] of [[0, 20_000], [0.5, 25_000], [1, 30_000]]) {
    test(`pings after ${first} ms when chance says ${random}`, async () => {
      connection = connect({random: () => random})
      await opened()
      await pass(first - 1)
      assert.equal(socket().sentOf("ping").length, 0)
      await pass(1)
      assert.deepEqual(socket().sentOf("ping").map(({seen}) => seen), [1])
    })
  }

  test("keeps pinging while it is answered", async () => {
    const one = await opened()
    for (let beat = 1; beat <= 5; beat++) {
      await pass(25_000)
      one.says({type: "pong", re: beat + 1})
    }
    assert.deepEqual(one.sentOf("ping").map(({seen}) => seen), [1, 2, 3, 4, 5])
    assert.equal(connection.isOpen, true)
  })

  test("silence for the heartbeat and 10 s is a dead socket", async () => {
    await opened()
    await pass(25_000)
    await pass(9_999)
    assert.equal(connection.isOpen, true)
    await pass(1)
    assert.equal(connection.isOpen, false)
    assert.equal(socket().isClosed, true)
  })

  test("any frame is a sign of life", async () => {
    await opened()
    await pass(30_000)
    socket().says({type: "typing"})
    await pass(30_000)
    assert.equal(connection.isOpen, true)
  })

  test("timers that ran late and together do not kill a socket that was never asked", async () => {
    connection = connect({random: () => 1})
    const one = await opened()
    one.says({type: "typing"})
    // The page slept: both timers are due, the ping goes out only now.
    const frozen = Date.now() + 60_000
    mock.timers.setTime(frozen)
    await settled()
    assert.equal(connection.isOpen, true)
    one.says({type: "pong", re: 2})
    await pass(10_000)
    assert.equal(connection.isOpen, true)
  })

  test("says what it saw before the server stops sending", async () => {
    await opened()
    for (let count = 0; count < 7; count++) socket().says({type: "typing", filler: "x".repeat(10_000)})
    assert.deepEqual(socket().sentOf("ping").map(({seen}) => seen), [8])
  })
})
