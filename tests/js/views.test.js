/** The panel's tabs: what is offered to whom, what is shown, and where the keys lead. */

import assert from "node:assert/strict"
import {describe, test} from "node:test"
import {placeAfter} from "../../static/js/elements/tabs.js"
import {mayWriteTo, usualPermissions} from "../../static/js/store/rights.js"
import {viewOf, viewsFor} from "../../static/widget/views.js"

const ALL = ["conversation", "chats", "people"]
const SEVERAL = ["conversation", "chats"]
const AGENT = {id: "a", name: "Ana", role: "agent"}
const CLIENT = {id: "c", name: "Cleo", role: "client"}
const GUEST = {id: "g", name: "Gil", role: "guest"}
const BOT = {id: "b", name: "Bo", role: "bot"}
const VIEWER = {id: "v", name: "Vi", role: "viewer"}
const of = (...kinds) => kinds.map(kind => ({info: {kind}}))

describe("offered", () => {
  const table = [
    ["a visitor sees no tabs", of(), [], ["conversation"]],
    ["nor in one conversation", of("support"), [], ["conversation"]],
    ["where only the staff can be reached, none either", of("support"), [AGENT, BOT], ["conversation"]],
    ["with several conversations, their list", of("support", "direct"), [AGENT], SEVERAL],
    ["who can reach others, all", of(), [AGENT, CLIENT], ALL],
    ["who is in a group, all", of("group"), [], ALL],
    ["or in a channel", of("channel"), [AGENT], ALL],
    ["who belongs to a space, requests", of("support"), [AGENT], ["conversation", "requests"], true],
    ["besides everything else", of("channel"), [AGENT], [...ALL, "requests"], true],
  ]
  for (const [name, conversations, people, expected, hasSpaces = false] of table) {
    test(name, () => assert.deepEqual(viewsFor(conversations, people, hasSpaces), expected))
  }
})

test("shown is what is wanted, if it is there; without a choice, the list", () => {
  for (const [wanted, views, isChosen, expected] of [
    ["people", ALL, true, "people"],
    ["people", SEVERAL, true, "conversation"],
    ["chats", ["conversation"], true, "conversation"],
    ["conversation", ALL, false, "chats"],
    ["people", ALL, false, "people"],
    ["people", SEVERAL, false, "chats"],
  ]) assert.equal(viewOf(wanted, views, isChosen), expected, `${wanted} of ${views}`)
})

test("arrows go round, the other way from right to left; Home and End to the ends", () => {
  for (const [key, place, isRightToLeft, expected] of [
    ["ArrowRight", 0, false, 1], ["ArrowRight", 2, false, 0], ["ArrowLeft", 0, false, 2], ["ArrowLeft", 0, true, 1],
    ["ArrowRight", 0, true, 2], ["Home", 2, false, 0], ["End", 0, true, 2], ["Enter", 1, false, null], ["ArrowDown", 1, false, null],
  ]) assert.equal(placeAfter(key, place, 3, isRightToLeft), expected, `${key} at ${place}`)
})

test("who may write to whom", () => {
  const may = (me, other) => mayWriteTo(other, {me, permissions: usualPermissions(me)})
  assert.deepEqual([CLIENT, VIEWER, GUEST].map(me => may(me, AGENT)), [true, false, false])
  assert.equal(may(CLIENT, CLIENT), false)
  assert.deepEqual([CLIENT, AGENT].map(me => may(me, GUEST)), [false, true])
})
