/** What a host page is told of a visit: ids and states. */

import assert from "node:assert/strict"
import {beforeEach, test} from "node:test"
import {Telling} from "../../static/widget/telling.js"
import {ANA, BEN, message, participant} from "./fakes.js"

let visit
let told

beforeEach(() => {
  told = []
  visit = Object.assign(new EventTarget(), {
    conversations: [], unsent: [],
    client: {status: {state: "connecting", isPolling: false}, others: {presenceOf: () => null}},
  })
  new Telling(visit, (name, about) => told.push([name, about]))
})

const announce = (name, detail = null) => visit.dispatchEvent(new CustomEvent(name, {detail}))
const conversation = (status = "open") => ({id: "c1", info: {status}, participants: [participant(ANA), participant(BEN)]})

test("of messages it is told the ids and which way they went, never the words", () => {
  announce("sent", message(1))
  announce("arrived", message(2))
  assert.deepEqual(told, [
    ["message", {id: "m1", conversation: "c1", direction: "out"}],
    ["message", {id: "m2", conversation: "c1", direction: "in"}],
  ])
})

test("of files it is told where they stand", () => {
  announce("frame", {type: "file", file: {id: "f1", state: "rejected", conversation: "c1", message: "m1", name: "secret.pdf", reason: "No."}})
  announce("frame", {type: "typing"})
  assert.deepEqual(told, [["file-status", {id: "f1", state: "rejected", conversation: "c1", message: "m1"}]])
})

test("of requests it is told what becomes of them, once, and not what they say", () => {
  const request = {id: "r1", status: "pending", space: {id: "s1", name: "Mill House"}, title: "Paint", reason: ""}
  for (const status of ["pending", "pending", "approved"]) announce("frame", {type: "request", event: "changed", request: {...request, status}})
  assert.deepEqual(told, [
    ["request-status", {id: "r1", status: "pending", space: "s1"}],
    ["request-status", {id: "r1", status: "approved", space: "s1"}],
  ])
})

test("a conversation's status is told when it changes, not when it is first seen", () => {
  visit.conversations = [conversation()]
  announce("change")
  announce("change")
  visit.conversations = [conversation("closed")]
  announce("change")
  announce("change")
  assert.deepEqual(told, [["conversation-status", {conversation: "c1", status: "closed"}]])
})

test("the presence of those who answer, once for each change", () => {
  visit.conversations = [conversation()]
  for (const state of ["online", "online", "away"]) {
    visit.client.others.presenceOf = () => ({state})
    announce("change")
  }
  assert.deepEqual(told, [["presence", {member: "ana", state: "online"}], ["presence", {member: "ana", state: "away"}]])
})

test("what was refused is told once, and again when it is refused again", () => {
  const refused = {client_id: "k1", conversation: "c1", error: "forbidden"}
  for (const unsent of [[refused], [refused], [], [refused]]) {
    visit.unsent = unsent
    announce("change")
  }
  const failed = ["message-failed", {client_id: "k1", conversation: "c1", code: "forbidden"}]
  assert.deepEqual(told, [failed, failed])
})

test("the way to the server, by four words", () => {
  const ways = [
    [{state: "open", isPolling: false}, "online"], [{state: "open", isPolling: false}, null],
    [{state: "waiting", isPolling: false}, "reconnecting"], [{state: "connecting", isPolling: true}, "polling"],
    [{state: "stopped", isPolling: false}, "stopped"],
  ]
  for (const [status] of ways) {
    visit.client.status = status
    announce("connection")
  }
  assert.deepEqual(told.map(([, {state}]) => state), ways.map(([, way]) => way).filter(Boolean))
})

test("another person's visit begins with nothing known", () => {
  visit.conversations = [conversation()]
  announce("change")
  announce("reset")
  visit.conversations = [conversation("closed")]
  announce("change")
  assert.deepEqual(told, [])
})
