/** Whether the site answers now, while a page stays open for days. */

import assert from "node:assert/strict"
import {describe, test} from "node:test"
import {wordsFor} from "../../static/js/words.js"
import {awayWords, Hours, hoursAt} from "../../static/widget/hours.js"

const at = text => Date.parse(`2026-11-26T${text}:00Z`)
const iso = text => text && `2026-11-26T${text}:00Z`
const told = (open, opens, closes, change) => ({open, opens_at: iso(opens), closes_at: iso(closes), now: iso("08:00"), message: {}, ...change})

describe("what was told holds until the earlier moment, then the other thing until the later", () => {
  const table = [
    [told(true, "16:00", "14:00"), "08:00", true, null, false],
    [told(true, "16:00", "14:00"), "13:59", true, null, false],
    [told(true, "16:00", "14:00"), "14:00", false, "16:00", false],
    [told(true, "16:00", "14:00"), "16:00", true, null, true],
    [told(false, "09:00", "14:00"), "08:59", false, "09:00", false],
    [told(false, "09:00", "14:00"), "09:00", true, null, false],
    [told(false, "09:00", "14:00"), "14:00", false, null, true],
    [told(false, null, null), "23:00", false, null, false],
    [told(true, null, null), "23:00", true, null, false],
    [told(false, "09:00", null), "09:00", true, null, true],
  ]
  for (const [hours, now, isOpen, opensAt, isOver] of table) {
    test(`${JSON.stringify(hours)} at ${now}`, () => assert.deepEqual(hoursAt(hours, at(now)), {isOpen, opensAt: iso(opensAt), isOver}))
  }
})

test("the visitor's own clock may be hours behind", () => {
  let clock = at("02:00")
  const hours = new Hours(async () => undefined, () => clock)
  hours.told = told(false, "09:00", "14:00")
  assert.equal(hours.now.isOpen, false)
  clock = at("03:00")
  assert.equal(hours.now.isOpen, true)
})

test("once both moments have passed it is asked again, and not all the time", async () => {
  let clock = at("08:00")
  const asked = []
  const hours = new Hours(async () => (asked.push(clock), told(true, null, "18:00", {now: new Date(clock).toISOString()})), () => clock)
  hours.told = told(false, "09:00", "14:00")
  assert.deepEqual([await hours.refresh(), asked.length], [false, 0])
  clock = at("14:00")
  assert.deepEqual(await Promise.all([hours.refresh(), hours.refresh()]), [true, false])
  assert.deepEqual([asked, hours.now.isOpen], [[at("14:00")], true])
})

test("who cannot be asked is asked a minute later", async () => {
  let clock = at("08:00")
  let asked = 0
  const hours = new Hours(async () => {
    asked++
    throw new Error("offline")
  }, () => clock)
  hours.told = told(false, "09:00", null)
  for (const minute of ["09:01", "09:01", "09:02"]) {
    clock = at(minute)
    assert.equal(await hours.refresh(), false)
  }
  assert.deepEqual([asked, hours.now.isOpen], [2, true])
})

test("a server that says nothing of hours is always there", async () => {
  const hours = new Hours(async () => undefined)
  hours.told = undefined
  assert.deepEqual([hours.now.isOpen, awayWords(hours.now, await wordsFor(["en"]))], [true, null])
})

test("the site's own words, or ours, and when", async () => {
  const now = () => at("08:00")
  const hours = {isOpen: false, opensAt: iso("09:00"), message: {es: "Estamos de fiesta."}}
  const [en, es] = await Promise.all(["en", "es"].map(language => wordsFor([language], {now})))
  const time = es.time(iso("09:00"))
  assert.deepEqual(awayWords(hours, es), {message: "Estamos de fiesta.", note: `Responderemos cuando volvamos: ${time}.`})
  assert.deepEqual(awayWords({...hours, opensAt: null}, en), {
    message: "We are away right now. Write to us all the same.", note: "We answer when we are back.",
  })
})

test("what is to come is said as briefly as it can be", async () => {
  const words = await wordsFor(["en"], {now: () => new Date(2026, 10, 26, 20).getTime()})
  const ahead = (...parts) => words.ahead(new Date(2026, ...parts).toISOString()).replace(/\s/g, " ")
  assert.deepEqual([ahead(10, 26, 21), ahead(10, 27, 9), ahead(11, 9, 9)], ["21:00", "Fri 09:00", "9 December at 09:00"])
})
