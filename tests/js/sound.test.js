/** The sound for what is new: which of the tabs plays it, and when none does. */

import assert from "node:assert/strict"
import {beforeEach, mock, test} from "node:test"
import {isLoud, Sound} from "../../static/js/sound.js"
import {Claims} from "../../static/js/tabs/claims.js"
import {FakeBrowser} from "./fake-browser.js"
import {message} from "./fakes.js"

let browser
let played

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({apis: ["setTimeout", "Date"], now: 1_000_000})
  browser = new FakeBrowser()
  played = []
})

function tab(name, {isOn = true, mayPlay = true, locks = browser.tab().locks} = {}) {
  const param = {setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {}}
  const node = () => ({frequency: {}, gain: param, connect: to => to, stop() {}, start: at => at === 0 && played.push(name)})
  const context = {state: "running", currentTime: 0, createOscillator: node, createGain: node, resume: async () => {}}
  return new Sound({claims: new Claims(locks), isOn: () => isOn, open: () => context, mayPlay: () => mayPlay})
}

async function all(...told) {
  const done = Promise.all(told)
  for (let turn = 0; turn < 40; turn++) {
    await new Promise(resolve => setImmediate(resolve))
    mock.timers.tick(25)
  }
  await done
}

test("of several tabs, one plays", async () => {
  const tabs = [tab("one"), tab("two"), tab("three")]
  await all(...tabs.map(one => one.arrived(message(1), false)))
  assert.equal(played.length, 1)
})

test("none, where somebody reads it, whichever hears of it first", async () => {
  const [hidden, reading] = [tab("hidden"), tab("reading")]
  await all(hidden.arrived(message(1), false), reading.arrived(message(1), true))
  assert.deepEqual(played, [])
})

test("the one that may: a browser plays nothing before somebody has done something", async () => {
  const tabs = [tab("untouched", {mayPlay: false}), tab("touched")]
  await all(...tabs.map(one => one.arrived(message(1), false)))
  assert.deepEqual(played, ["touched"])
})

test("a gesture is enough where a browser does not say", async () => {
  const sound = tab("one", {mayPlay: false})
  sound.allow()
  await all(sound.arrived(message(1), false))
  assert.deepEqual(played, ["one"])
})

test("turned off, it is off", async () => {
  const sound = tab("one", {isOn: false})
  sound.allow()
  await all(sound.arrived(message(1), false))
  assert.deepEqual(played, [])
})

test("several at once sound once, later ones again", async () => {
  const sound = tab("one")
  await all(sound.arrived(message(1), false), sound.arrived(message(2), false))
  mock.timers.tick(1_000)
  await all(sound.arrived(message(3), false))
  assert.deepEqual(played, ["one", "one"])
})

test("without locks each tab has its way", async () => {
  await all(tab("one", {locks: null}).arrived(message(1), false))
  assert.deepEqual(played, ["one"])
})

test("what is loud is what one wants to be told of", () => {
  const mention = {mentions: [{type: "user", member: "ana", text: "@Ana", name: "Ana"}]}
  for (const [change, place, expected] of [
    [{}, {kind: "direct"}, true],
    [{}, {kind: "channel"}, false],
    [mention, {kind: "channel"}, true],
    [{}, {kind: "channel", notify: "all"}, true],
    [mention, {kind: "group", notify: "nothing"}, false],
    [{kind: "system"}, {kind: "direct"}, false],
  ]) assert.equal(isLoud(message(1, change), place, "ana"), expected, JSON.stringify([change, place]))
})
