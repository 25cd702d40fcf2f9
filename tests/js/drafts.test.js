/** What is written but not sent: where it is kept, and who finds it again. */

import assert from "node:assert/strict"
import {test} from "node:test"
import {Drafts, staffDrafts} from "../../static/js/store/drafts.js"
import {MemoryStorage, namesIn, openStorage} from "../../static/js/store/storage.js"

test("each conversation keeps its own, until it is sent", () => {
  const storage = new MemoryStorage()
  const drafts = new Drafts(storage, "parley:key:draft:")
  drafts.set("c1", "Good")
  drafts.set("c1", "Good day")
  drafts.set("c2", "Later")
  const next = new Drafts(storage, "parley:key:draft:")
  assert.deepEqual(["c1", "c2", "c3"].map(id => next.get(id)), ["Good day", "Later", undefined])
  next.set("c1", "")
  assert.deepEqual(namesIn(storage, ""), ["parley:key:draft:c2"])
  storage.setItem("parley:key", "session")
  next.clear()
  assert.deepEqual(namesIn(storage, ""), ["parley:key"])
})

test("who writes nothing leaves nothing", () => {
  const storage = new MemoryStorage()
  const drafts = new Drafts(storage, "d:")
  drafts.get("")
  drafts.set("", "")
  assert.equal(storage.length, 0)
})

test("a browser that keeps nothing remembers as long as the page is there", () => {
  const drafts = new Drafts(openStorage(() => {
    throw new Error("blocked")
  }), "d:")
  drafts.set("c1", "Good day")
  assert.equal(drafts.get("c1"), "Good day")
})

test("another person of the staff finds nothing, and nothing is left", () => {
  const storage = new MemoryStorage()
  storage.setItem("parley:site_1:draft:c1", "a visitor's")
  staffDrafts(storage, 1).set("c1", "mine")
  assert.equal(staffDrafts(storage, 1).get("c1"), "mine")
  assert.equal(staffDrafts(storage, 12).get("c1"), undefined)
  assert.equal(staffDrafts(storage, 1).get("c1"), undefined)
  assert.deepEqual(namesIn(storage, ""), ["parley:site_1:draft:c1"])
})
