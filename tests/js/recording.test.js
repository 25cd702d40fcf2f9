/** A voice that is recorded: what was said is kept, the microphone is let go of, whatever happens. */

import assert from "node:assert/strict"
import {beforeEach, describe, test} from "node:test"
import {isVoice} from "../../static/js/files.js"
import {voiceIn} from "../../static/js/pages/boot.js"
import {LONGEST_S, Recording, typeFor} from "../../static/js/recording.js"
import dictionaries from "../../static/js/words/files.js"
import {settled} from "./fakes.js"

/** As a browser's: it hands over what was said, then stops, both a little later. */
class FakeRecorder extends EventTarget {
  state = "inactive"
  said = "hello"

  start() {
    this.state = "recording"
  }

  stop() {
    this.state = "inactive"
    queueMicrotask(() => {
      this.dispatchEvent(Object.assign(new Event("dataavailable"), {data: new Blob([this.said])}))
      this.dispatchEvent(new Event("stop"))
    })
  }
}

let at
let tick
let tracks
let recorder
let answer
let closed
let means
let recording

beforeEach(() => {
  at = 0
  tick = null
  closed = 0
  tracks = [{live: true, stop() { this.live = false }}]
  recorder = new FakeRecorder()
  answer = async () => ({getTracks: () => tracks})
  means = {
    listen: () => answer(),
    record: () => recorder,
    measure: () => ({level: () => 0.5, close: () => closed++}),
    now: () => at,
    every(act) {
      tick = act
      return () => tick = null
    },
  }
  recording = new Recording("audio/webm", means)
})

const isLetGo = () => !tracks[0].live && tick === null

/** @param {number} seconds */
function go(seconds) {
  at += seconds * 1_000
  tick()
}

describe("what is said", () => {
  test("is kept when it is stopped", async () => {
    const heard = []
    for (const name of ["change", "tick"]) recording.addEventListener(name, () => heard.push(`${name} ${recording.state}`))
    await recording.begin()
    go(2.5)
    assert.deepEqual([recording.seconds, recording.level], [2.5, 0.5])
    recording.stop()
    assert.ok(isLetGo(), "at once")
    await settled()
    assert.deepEqual(heard, ["change going", "tick going", "change done"])
    assert.deepEqual([recording.state, recording.why, recording.seconds, await recording.blob.text()], ["done", "", 2.5, "hello"])
    assert.deepEqual([recording.blob.type, closed], ["audio/webm", 1])
  })

  test("ends by itself after five minutes, and is kept", async () => {
    await recording.begin()
    go(LONGEST_S - 1)
    assert.equal(recording.state, "going")
    go(2)
    await settled()
    assert.deepEqual([recording.state, recording.why, recording.seconds], ["done", "longest", LONGEST_S])
    assert.ok(isLetGo())
  })

  test("is kept where somebody goes away", async () => {
    await recording.begin()
    go(3)
    recording.stop("hidden")
    recording.stop("left")
    await settled()
    assert.deepEqual([recording.state, recording.why], ["done", "hidden"])
  })

  test("is kept where the microphone is pulled out", async () => {
    await recording.begin()
    go(3)
    recorder.stop()
    await settled()
    assert.deepEqual([recording.state, recording.why], ["done", "lost"])
    assert.ok(isLetGo())
  })

  test("is nothing where the button was pressed twice", async () => {
    await recording.begin()
    go(0.2)
    recording.stop()
    await settled()
    assert.deepEqual([recording.state, recording.why], ["refused", "short"])
  })

  test("is thrown away when it is cancelled", async () => {
    await recording.begin()
    go(3)
    recording.cancel()
    await settled()
    assert.deepEqual([recording.state, recording.blob], ["over", null])
    assert.ok(isLetGo())
  })
})

describe("the microphone", () => {
  for (const [name, why] of [["NotAllowedError", "denied"], ["NotFoundError", "absent"], ["NotReadableError", "busy"], ["TypeError", "failed"]]) {
    test(`is not there: ${name}`, async () => {
      answer = () => Promise.reject(Object.assign(new Error(""), {name}))
      await recording.begin()
      assert.deepEqual([recording.state, recording.why], ["refused", why])
    })
  }

  test("is let go of where nobody waits for it any more", async () => {
    const begun = recording.begin()
    recording.cancel()
    await begun
    assert.equal(recording.state, "over")
    assert.ok(isLetGo())
  })

  test("is let go of where the browser cannot record", async () => {
    means.record = () => { throw new Error("no") }
    await recording.begin()
    assert.deepEqual([recording.state, recording.why], ["refused", "failed"])
    assert.ok(isLetGo())
  })
})

test("the type is the best of those that are taken and made", () => {
  const taken = {"audio/webm": "webm", "audio/mp4": "m4a"}
  assert.equal(typeFor(taken, () => true), "audio/webm")
  assert.equal(typeFor(taken, type => type === "audio/mp4"), "audio/mp4")
  assert.equal(typeFor(taken, () => false), "")
})

test("a space has its own policy, or the organisation's", () => {
  const boot = {voice: {"": {"audio/webm": "webm"}, "s1": {}}}
  assert.deepEqual(["s1", "s2", null].map(space => voiceIn(boot, space)), [{}, {"audio/webm": "webm"}, {"audio/webm": "webm"}])
})

test("what was recorded here is known by its name, in every language", () => {
  const files = [
    {name: "Voice message.webm", kind: "audio"}, {name: "Mensaje de voz.ogg", kind: "audio"}, {name: "Mensagem de voz.m4a", kind: "audio"},
    {name: "Voice message.webm", kind: "video"}, {name: "Voice message 2.webm", kind: "audio"}, {name: "song.mp3", kind: "audio"},
  ]
  assert.deepEqual(files.map(file => isVoice(file, dictionaries)), [true, true, true, false, false, false])
})
