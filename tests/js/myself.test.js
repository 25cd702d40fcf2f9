/** What I have chosen for myself, in every tab. */

import assert from "node:assert/strict"
import {beforeEach, test} from "node:test"
import {Myself} from "../../static/js/myself.js"
import {Tabs} from "../../static/js/tabs/tabs.js"
import {FakeBrowser} from "./fake-browser.js"
import {heard, settled} from "./fakes.js"

let browser
let calls
let isRefused
/** What ends a save that is under way, in the order in which they came. */
let saves

beforeEach(() => {
  browser = new FakeBrowser()
  calls = []
  isRefused = false
  saves = null
})

const api = {
  get: async path => path === "me/" ? {settings: {read_private: false}} : {availability: "auto", state: "online", last_seen_at: null},
  patch: async (path, body) => {
    calls.push([path, body])
    if (isRefused) throw new Error("down")
    if (saves) await new Promise((resolve, reject) => saves.push({resolve, refuse: () => reject(new Error("down"))}))
  },
}

async function open() {
  const tabs = new Tabs("parley:ana", browser.tab())
  tabs.start()
  const myself = new Myself(api, tabs)
  await myself.load()
  return myself
}

test("is not known before it is loaded", () => {
  assert.equal(new Myself(api, new Tabs("parley:ana")).chosen, null)
})

test("is loaded once, saved when it is chosen, and the same in other tabs", async () => {
  const [here, there] = [await open(), await open()]
  const changes = heard(there, "change")
  assert.deepEqual(here.chosen, {availability: "auto", readPrivate: false})
  await here.setAvailability("busy")
  await here.setReadPrivate(true)
  await settled()
  assert.deepEqual(calls, [["me/presence/", {availability: "busy"}], ["me/", {read_private: true}]])
  for (const {chosen} of [here, there]) assert.deepEqual(chosen, {availability: "busy", readPrivate: true})
  assert.equal(changes.length, 2)
})

test("refused, it stays what it was", async () => {
  const myself = await open()
  isRefused = true
  const saving = myself.setAvailability("invisible")
  assert.equal(myself.chosen.availability, "invisible", "it shows at once")
  await assert.rejects(saving)
  assert.deepEqual(myself.chosen, {availability: "auto", readPrivate: false})
})

test("chosen quickly, one after the other is saved; the first refused, the second stays", async () => {
  const [here, there] = [await open(), await open()]
  saves = []
  const first = assert.rejects(here.setAvailability("busy"))
  const second = here.setReadPrivate(true)
  await settled()
  assert.deepEqual([calls.length, here.chosen], [1, {availability: "busy", readPrivate: true}])
  saves[0].refuse()
  await first
  await settled()
  assert.deepEqual(calls.at(-1), ["me/", {read_private: true}])
  assert.deepEqual(here.chosen, {availability: "auto", readPrivate: true})
  saves[1].resolve()
  await second
  await settled()
  for (const {chosen} of [here, there]) assert.deepEqual(chosen, {availability: "auto", readPrivate: true})
})

test("chosen twice, the later one shows, whatever becomes of the first", async () => {
  const myself = await open()
  saves = []
  const first = myself.setAvailability("busy")
  const second = assert.rejects(myself.setAvailability("invisible"))
  await settled()
  saves[0].resolve()
  await first
  assert.equal(myself.chosen.availability, "invisible")
  await settled()
  saves[1].refuse()
  await second
  assert.equal(myself.chosen.availability, "busy")
})

test("loaded while something is saved, it waits for the answer that knows of it", async () => {
  const myself = await open()
  saves = []
  const saving = myself.setReadPrivate(true)
  const loading = myself.load()
  await settled()
  assert.equal(myself.chosen.readPrivate, true)
  saves[0].resolve()
  await saving
  await loading
  assert.equal(myself.chosen.readPrivate, false, "what the server says")
})
