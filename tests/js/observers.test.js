/** What the page does, as others are told it. */

import assert from "node:assert/strict"
import {afterEach, beforeEach, test} from "node:test"
import {LeavingObserver} from "../../static/js/elements/observers.js"

let heard
let observer

beforeEach(() => {
  globalThis.window = new EventTarget()
  heard = []
  observer = new LeavingObserver({leave: () => heard.push("leave"), start: () => heard.push("start")})
  observer.start()
})

afterEach(() => delete globalThis.window)

const happens = (type, persisted) => globalThis.window.dispatchEvent(Object.assign(new Event(type), {persisted}))

test("a page that is shown for the first time has nothing to say again", () => {
  happens("pageshow", false)
  assert.deepEqual(heard, [])
})

test("a page is left, and brought back as it was", () => {
  happens("pagehide", true)
  happens("pageshow", true)
  assert.deepEqual(heard, ["leave", "start"])
})

test("stopped, it says nothing more", () => {
  observer.stop()
  happens("pagehide", false)
  assert.deepEqual(heard, [])
})
