import assert from "node:assert/strict"
import {describe, test} from "node:test"
import {Conversation} from "../../static/js/store/conversation.js"
import {servingOf} from "../../static/js/store/serving.js"
import {ANA, BEN, CLEO, info, participant} from "./fakes.js"

const AGENT = ["serve"]
const MANAGER = ["serve", "assign_others"]

/** @param {object} stands @param {import("../../static/js/wire.js").Member[]} [members] */
function support(stands, members = [ANA, BEN]) {
  const conversation = new Conversation(ANA, info({kind: "support", ...stands}))
  conversation.describe({...info({kind: "support", ...stands}), participants: members.map(one => participant(one))})
  return conversation
}

describe("what may be done at the desk", () => {
  const waits = support({}), mine = support({assignee: ANA}), other = support({assignee: CLEO}), done = support({assignee: ANA, status: "closed"})
  const table = [
    ["with what waits", waits, AGENT, ["take"]],
    ["with what waits, by a manager", waits, MANAGER, ["take", "assign"]],
    ["with one's own", mine, AGENT, ["resolve", "release"]],
    ["with one's own, by a manager", mine, MANAGER, ["resolve", "release", "assign"]],
    ["with another's", other, AGENT, []],
    ["with another's, by a manager", other, MANAGER, ["assign", "release", "resolve"]],
    ["with what is resolved", done, AGENT, ["take"]],
    ["by a client", waits, [], []],
    ["with what is no support", new Conversation(ANA, info({kind: "group"})), MANAGER, []],
  ]
  for (const [name, conversation, permissions, expected] of table) test(name, () => assert.deepEqual(servingOf(conversation, permissions), expected))
})

describe("what becomes of it", () => {
  const heard = (conversation, event, data) => {
    conversation.receive({type: "conversation", conversation: conversation.id, version: conversation.version + 1, event, data})
    return {mine: conversation.isMine, waits: conversation.isWaiting, done: conversation.isResolved, over: conversation.isOver}
  }
  const NO = {mine: false, waits: false, done: false, over: false}

  test("I take it, put it back, and it is resolved and opened again", () => {
    const one = support({}, [BEN])
    assert.deepEqual(heard(one, "assigned", {assignee: ANA, status: "open", participant: participant(ANA)}), {...NO, mine: true})
    assert.deepEqual(heard(one, "released", {assignee: null, status: "open"}), {...NO, waits: true})
    assert.deepEqual(heard(one, "resolved", {assignee: ANA, status: "closed"}), {...NO, done: true})
    assert.deepEqual(heard(one, "reopened", {assignee: null, status: "open"}), {...NO, waits: true})
  })

  test("somebody else takes it: I hear no more of it", () => {
    const gone = {assignee: CLEO, status: "open", participant: participant(CLEO)}
    assert.deepEqual(heard(support({}, [BEN]), "assigned", gone), {...NO, over: true})
    assert.deepEqual(heard(support({}), "assigned", gone), NO)
  })
})
