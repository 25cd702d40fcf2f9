import assert from "node:assert/strict"
import {describe, test} from "node:test"
import {Conversation} from "../../static/js/store/conversation.js"
import {actionsOn, maySpeak, rightsIn} from "../../static/js/store/rights.js"
import {ANA, BEN, CLEO, info, message, participant, syncAnswer} from "./fakes.js"

const AGENT = ["send", "add_people", "manage_channels", "change_settings"]
const MANAGER = [...AGENT, "delete_any_message", "delete_channels", "see_every_conversation"]
const EVERYTHING = "react reply edit pin copy delete"

function conversationOf(me, change) {
  const conversation = new Conversation(me, info(change))
  conversation.sync(syncAnswer(info({version: 2, seq: 2, ...change}), [message(1), message(2, {sender: me})]).conversations[0], true)
  return conversation
}

describe("with a message", () => {
  const offered = (me, permissions, change, seq) => {
    const conversation = conversationOf(me, change)
    const item = conversation.timeline.items().find(one => one.seq === seq)
    return actionsOn(item, conversation, {me, permissions}).join(" ")
  }
  const channel = {kind: "channel", participants: [participant(CLEO)]}
  const table = [
    ["of mine, all", ANA, AGENT, {}, 2, EVERYTHING],
    ["of another's, not its text", ANA, AGENT, {}, 1, "react reply pin copy"],
    ["of another's, deleting is a manager's", ANA, MANAGER, {}, 1, "react reply pin copy delete"],
    ["and of the agent's who helps", ANA, AGENT, {kind: "support"}, 1, "react reply pin copy delete"],
    ["whoever asks for support pins nothing", BEN, ["send"], {kind: "support"}, 2, "react reply edit copy delete"],
    ["a viewer takes a copy", BEN, [], {}, 2, "copy"],
    ["in a closed channel I may still take mine back", ANA, AGENT, {...channel, status: "closed", participants: [participant(ANA)]}, 2, "copy delete"],
    ["staff speak in any channel", ANA, AGENT, channel, 1, "react reply pin copy"],
    ["others only where they take part", BEN, ["send"], channel, 1, "copy delete"],
  ]
  for (const [name, me, permissions, change, seq, expected] of table) {
    test(name, () => assert.equal(offered(me, permissions, change, seq), expected))
  }

  test("what is deleted, on its way, or the system's: nothing", () => {
    const conversation = conversationOf(ANA)
    const [item] = conversation.timeline.items()
    for (const change of [{deleted: true}, {id: null}, {kind: "system"}]) {
      assert.deepEqual(actionsOn({...item, ...change}, conversation, {me: ANA, permissions: MANAGER}), [])
    }
  })
})

describe("with a conversation", () => {
  const rights = (me, permissions, change) => {
    const {remove, ...others} = rightsIn(conversationOf(me, change), {me, permissions})
    const named = Object.entries(others).filter(([, is]) => is).map(([name]) => name)
    return [...named, ...remove(CLEO) ? ["remove"] : []].join(" ")
  }
  const people = [participant(ANA), participant(CLEO)]
  const table = [
    ["a direct one is mine to put away", ANA, MANAGER, {}, "own"],
    ["a group", ANA, AGENT, {kind: "group", participants: people}, "rename add leave own"],
    ["a group of my own", ANA, AGENT, {kind: "group", participants: [participant(ANA, {role: "owner"}), participant(CLEO)]}, "rename add leave own remove"],
    ["a channel", ANA, AGENT, {kind: "channel", participants: people}, "rename add leave own close remove"],
    ["a space's own channel stays", ANA, MANAGER, {kind: "channel", is_default: true, participants: people}, "rename add leave own close remove"],
    ["support is its client's", BEN, ["send", "change_settings"], {kind: "support", client: "ben", participants: [participant(BEN)]}, "rename own"],
  ]
  for (const [name, me, permissions, change, expected] of table) {
    test(name, () => assert.equal(rights(me, permissions, change), expected))
  }
  test("nobody writes in a closed channel", () => {
    assert.equal(maySpeak(conversationOf(ANA, {kind: "channel", status: "closed"}), {me: ANA, permissions: MANAGER}), false)
  })
})
