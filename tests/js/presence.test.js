/** Who is here: what was said last, and nothing once nobody can say. */

import assert from "node:assert/strict"
import {beforeEach, describe, mock, test} from "node:test"
import {Idling} from "../../static/js/store/idling.js"
import {Presence, presenceOfMine} from "../../static/js/store/presence.js"
import {at, heard} from "./fakes.js"

const ONLINE = {state: "online", last_seen_at: null}
const AWAY = {state: "away", last_seen_at: at(3)}
const OFFLINE = {state: "offline", last_seen_at: at(5)}

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({apis: ["setTimeout", "Date"], now: Date.parse(at(30))})
})

describe("presence", () => {
  let presence
  let changes

  beforeEach(() => {
    presence = new Presence()
    changes = heard(presence, "change")
    presence.answered({ben: ONLINE, cleo: OFFLINE})
  })

  for (const [availability, here, away] of [["auto", "online", "away"], ["busy", "busy", "busy"], ["invisible", "offline", "offline"]]) {
    test(`others see whoever chose ${availability} as ${here}, and turned away as ${away}`, () => {
      const seen = [false, true].map(isAway => presenceOfMine(availability, isAway))
      assert.deepEqual(seen, [here, away].map(state => ({state, last_seen_at: null})))
    })
  }

  test("an answer says who is here", () => {
    assert.deepEqual([presence.of("ben"), presence.of("cleo"), presence.of("zoe")], [ONLINE, OFFLINE, null])
    assert.equal(presence.of("constructor"), null)
  })

  test("a frame says who changed, and leaves the others", () => {
    presence.apply({ben: AWAY})
    assert.deepEqual(presence.known, {ben: AWAY, cleo: OFFLINE})
    assert.equal(changes.length, 2)
  })

  test("the next answer forgets whom it leaves out", () => {
    presence.answered({cleo: ONLINE})
    assert.deepEqual(presence.known, {cleo: ONLINE})
  })

  test("a line that is back within a minute leaves everybody as they were", () => {
    presence.lost()
    mock.timers.tick(59_999)
    assert.deepEqual([presence.isStale, presence.of("ben")], [true, ONLINE])
    presence.answered({ben: AWAY})
    mock.timers.tick(600_000)
    assert.deepEqual([presence.isStale, presence.of("ben")], [false, AWAY])
  })

  test("after a minute without a line nobody is known to be here", () => {
    presence.lost()
    mock.timers.tick(30_000)
    presence.lost()
    mock.timers.tick(30_000)
    assert.deepEqual(presence.known, {}, "the minute counts from the first loss")
    assert.equal(changes.length, 2)
    presence.answered({ben: ONLINE})
    assert.deepEqual(presence.of("ben"), ONLINE)
  })

  test("a frame alone does not make the others true again", () => {
    presence.lost()
    presence.apply({cleo: AWAY})
    mock.timers.tick(60_000)
    assert.deepEqual(presence.known, {})
  })

  test("stopped, it doubts no more", () => {
    presence.lost()
    presence.stop()
    mock.timers.tick(60_000)
    assert.deepEqual(presence.of("ben"), ONLINE)
  })
})

describe("turning away", () => {
  let said
  let idling

  beforeEach(() => {
    said = []
    idling = new Idling(isAway => said.push(isAway))
    idling.start()
  })

  const act = ms => {
    mock.timers.tick(ms)
    idling.acted()
  }

  test("is five minutes without anything done", () => {
    mock.timers.tick(299_999)
    assert.deepEqual(said, [])
    mock.timers.tick(1)
    assert.deepEqual(said, [true])
    mock.timers.tick(3_600_000)
    assert.deepEqual(said, [true], "and is said once")
  })

  test("whoever does something now and then is here", () => {
    for (let count = 0; count < 10; count++) act(240_000)
    assert.deepEqual(said, [])
    mock.timers.tick(300_000)
    assert.deepEqual(said, [true])
  })

  test("is over at once, and may come again", () => {
    act(300_000)
    assert.deepEqual(said, [true, false])
    mock.timers.tick(300_000)
    assert.deepEqual(said, [true, false, true])
  })

  test("stopped, it says nothing", () => {
    idling.stop()
    mock.timers.tick(3_600_000)
    assert.deepEqual(said, [])
  })
})
