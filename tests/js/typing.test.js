/** Who is writing, as others tell me and as I tell others. */

import assert from "node:assert/strict"
import {beforeEach, describe, mock, test} from "node:test"
import {Typing} from "../../static/js/store/typing.js"
import {Typist} from "../../static/js/store/typist.js"
import {BEN, CLEO, created, heard} from "./fakes.js"

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({apis: ["setTimeout", "Date"]})
})

describe("others", () => {
  let typing
  let changes

  beforeEach(() => {
    typing = new Typing()
    changes = heard(typing, "change")
  })

  const types = (members, ttl_ms = 6_000, conversation = "c1") => typing.apply({type: "typing", conversation, members, ttl_ms})

  test("type for as long as was said", () => {
    types(["ben"])
    assert.deepEqual([typing.in("c1"), typing.in("c2")], [["ben"], []])
    mock.timers.tick(5_999)
    assert.deepEqual(typing.in("c1"), ["ben"])
    mock.timers.tick(1)
    assert.deepEqual(typing.in("c1"), [])
    assert.deepEqual(changes, [{id: "c1"}, {id: "c1"}])
  })

  test("go on when it is said again, which is no news", () => {
    for (let count = 0; count < 4; count++) {
      types(["ben"])
      mock.timers.tick(3_000)
    }
    assert.deepEqual(typing.in("c1"), ["ben"])
    assert.equal(changes.length, 1)
  })

  test("each have an end of their own, and keep the order in which they began", () => {
    types(["ben"])
    mock.timers.tick(3_000)
    types(["cleo"])
    types(["ben"])
    assert.deepEqual(typing.in("c1"), ["ben", "cleo"])
    mock.timers.tick(3_000)
    types(["cleo"])
    mock.timers.tick(3_000)
    assert.deepEqual(typing.in("c1"), ["cleo"])
  })

  test("are in one conversation and not in another", () => {
    types(["ben"], 6_000, "c1")
    types(["cleo"], 6_000, "c2")
    types(["ben"], 0, "c2")
    assert.deepEqual([typing.in("c1"), typing.in("c2")], [["ben"], ["cleo"]])
  })

  const ends = [
    ["they say so", () => types(["ben"], 0), ["cleo"]],
    ["their message is here", () => typing.apply(created(2, 1, {sender: BEN})), ["cleo"]],
    ["both at once", () => types(["ben", "cleo"], 0), []],
  ]
  for (const [name, end, left] of ends) {
    test(`stop when ${name}`, () => {
      types(["ben", "cleo"])
      end()
      assert.deepEqual(typing.in("c1"), left)
    })
  }

  const goOn = [
    ["somebody else says something", created(2, 1, {sender: CLEO})],
    ["an older message of theirs is edited", {...created(2, 1, {sender: BEN}), event: "edited"}],
    ["they say something elsewhere", {...created(2, 1, {sender: BEN}), conversation: "c2"}],
    ["a frame is about something else", {type: "heads", cursors: {}}],
  ]
  for (const [name, frame] of goOn) {
    test(`go on when ${name}`, () => {
      types(["ben"])
      typing.apply(frame)
      assert.deepEqual(typing.in("c1"), ["ben"])
    })
  }

  test("who does not type need not stop", () => {
    types(["ben"], 0)
    typing.apply(created(2, 1))
    assert.deepEqual(changes, [])
  })

  test("stopped, nobody is left", () => {
    types(["ben"])
    typing.stop()
    assert.deepEqual(typing.in("c1"), [])
    mock.timers.tick(6_000)
    assert.equal(changes.length, 1)
  })
})

describe("I", () => {
  let said
  let typist

  beforeEach(() => {
    said = []
    typist = new Typist((conversation, isTyping) => said.push(`${conversation} ${isTyping ? "on" : "off"}`))
  })

  /** One key after another, one each half second. */
  const keys = count => {
    for (let key = 0; key < count; key++) {
      typist.write("c1", "some words")
      mock.timers.tick(500)
    }
  }

  test("say so with the first key, and again after three seconds while keys come", () => {
    keys(6)
    assert.deepEqual(said, ["c1 on"])
    keys(6)
    assert.deepEqual(said, ["c1 on", "c1 on"])
  })

  const ends = [
    ["after five seconds without a key", () => mock.timers.tick(5_000)],
    ["when the draft is empty", () => typist.write("c1", " \n")],
    ["when it is sent, or the field is left", () => typist.stop()],
  ]
  for (const [name, end] of ends) {
    test(`have stopped ${name}`, () => {
      keys(1)
      end()
      assert.deepEqual(said, ["c1 on", "c1 off"])
      end()
      assert.deepEqual(said, ["c1 on", "c1 off"], "once is enough")
    })
  }

  test("say it at most once in three seconds, however often I send", () => {
    for (let count = 0; count < 4; count++) {
      keys(1)
      typist.stop()
    }
    assert.deepEqual(said, ["c1 on", "c1 off"])
    mock.timers.tick(1_000)
    keys(1)
    assert.deepEqual(said, ["c1 on", "c1 off", "c1 on"])
  })

  test("stop in one conversation when I write in another", () => {
    typist.write("c1", "a")
    typist.write("c2", "b")
    assert.deepEqual(said, ["c1 on", "c1 off", "c2 on"])
  })

  test("an empty field is no writing", () => {
    typist.write("c1", "")
    typist.stop()
    assert.deepEqual(said, [])
  })
})
