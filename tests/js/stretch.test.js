import assert from "node:assert/strict"
import {test} from "node:test"
import {around, earlier, follow, KEPT, later, newest} from "../../static/js/store/stretch.js"

const LONG = 10_000

test("a short history is there as a whole, however it is moved", () => {
  const whole = {from: 0, to: 50}
  assert.deepEqual(newest(50), whole)
  assert.deepEqual(around(20, 50), whole)
  assert.deepEqual(earlier(whole), whole)
  assert.deepEqual(later(whole, 50), whole)
  assert.deepEqual(newest(0), {from: 0, to: 0})
})

test("of a long one the newest, and all that is unread", () => {
  assert.deepEqual(newest(LONG), {from: LONG - KEPT, to: LONG})
  assert.deepEqual(newest(LONG, LONG - 5), {from: LONG - KEPT, to: LONG})
  assert.deepEqual(newest(LONG, 9_000), {from: 9_000, to: LONG})
})

test("upwards to the first and down again: never more than is kept, and each move has what was seen before", () => {
  let stretch = newest(LONG)
  const moves = [/** @type {const} */ ([earlier, 0]), /** @type {const} */ ([later, LONG])]
  for (const [move, end] of moves) {
    while (stretch.from !== end && stretch.to !== end) {
      const next = move(stretch, LONG)
      assert.ok(next.to - next.from <= KEPT)
      assert.ok(Math.min(next.to, stretch.to) - Math.max(next.from, stretch.from) > KEPT / 2, JSON.stringify([stretch, next]))
      stretch = next
    }
  }
  assert.deepEqual(stretch, newest(LONG))
})

test("around what somebody jumps to, at either end too", () => {
  assert.deepEqual(around(5_000, LONG), {from: 5_000 - KEPT / 2, to: 5_000 + KEPT / 2})
  assert.deepEqual(around(3, LONG), {from: 0, to: KEPT})
  assert.deepEqual(around(LONG - 1, LONG), newest(LONG))
})

test("what is there changes around it", async t => {
  const table = [
    {name: "nothing did", stretch: {from: 100, to: 260}, before: 500, now: {first: 100, length: 500}, expected: {from: 100, to: 260}},
    {name: "older ones came", stretch: {from: 0, to: 160}, before: 500, now: {first: 50, length: 550}, expected: {from: 50, to: 210}},
    {name: "news, read from above", stretch: {from: 340, to: 500}, before: 500, now: {first: 340, length: 503}, expected: {from: 340, to: 503}},
    {name: "more news than are read at once", stretch: {from: 340, to: 500}, before: 500, now: {first: 340, length: 900}, expected: {from: 340, to: 660}},
    {name: "news elsewhere", stretch: {from: 100, to: 260}, before: 500, now: {first: 100, length: 501}, expected: {from: 100, to: 260}},
    {name: "its first has gone", stretch: {from: 340, to: 500}, before: 500, now: {first: -1, length: 400}, expected: {from: 240, to: 400}},
    {name: "nothing is left", stretch: {from: 0, to: 3}, before: 3, now: {first: -1, length: 0}, expected: {from: 0, to: 0}},
  ]
  for (const {name, stretch, before, now, expected} of table) await t.test(name, () => assert.deepEqual(follow(stretch, before, now), expected))
})
