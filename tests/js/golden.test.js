/** The snapshot law: a snapshot and the frames of what happened since are a fresh snapshot, whatever the way did to them. */

import assert from "node:assert/strict"
import {readdirSync, readFileSync} from "node:fs"
import {beforeEach, describe, mock, test} from "node:test"
import {Conversations} from "../../static/js/store/conversations.js"

const GOLDEN = new URL("../protocol/golden/", import.meta.url)
const HOLD_MS = 250

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({apis: ["setTimeout"]})
})

/** A store that begins at a snapshot and asks for a sync as the client does: at once, or when what it holds is overdue. */
class Listener {
  asked = 0
  #isBehind = false

  constructor(me, snapshot) {
    this.me = me
    this.store = new Conversations(me, {holdMs: HOLD_MS})
    this.store.addEventListener("behind", () => this.#isBehind = true)
    this.store.apply({...snapshot, type: "sync"})
  }

  hears(frames) {
    for (const frame of frames) this.store.apply(structuredClone(frame))
  }

  /** Answers with `sync` if the store asks for one; what it holds must wait no longer than it says. */
  settles(sync) {
    mock.timers.tick(HOLD_MS)
    if (this.#isBehind) this.syncs(sync)
  }

  syncs(sync) {
    this.#isBehind = false
    this.asked++
    this.store.apply({...structuredClone(sync), type: "sync"})
  }

  /** All that a person could see, and all that the next sync would ask. */
  get state() {
    const {store} = this
    return {cursors: store.cursors(), watermarks: store.watermarks(), unread: store.unread, list: store.list().map(known)}
  }
}

function known({info, participants, lastMessage, changedAt, unread, unreadMentions, isHolding, timeline}) {
  const {id, kind, title, space, status, created_at, is_default, archived, muted_until, notify} = info
  return {
    id, kind, title, space, status, created_at, is_default, archived, muted_until, notify, changedAt, unread, unreadMentions, isHolding,
    lastMessage: withoutQuote(lastMessage),
    participants: Object.fromEntries(participants.map(one => [one.member.id, one])),
    items: timeline.items(), head: timeline.head, floor: timeline.floor, newestOfOthers: timeline.newestOfOthers,
  }
}

/** What a reply quotes is seen among the items, where it says what its original says now. */
function withoutQuote(message) {
  return message && {...message, reply_to: message.reply_to?.id ?? null}
}

/** What no frame can bring: a conversation that is not known yet, and what heads tell of. */
const needsSync = ({frames}, {conversations}) => frames.some(({type, event, conversation}) =>
  type === "heads" || ["started", "joined", "assigned", "released", "reopened"].includes(event) && !conversations.some(known => known.conversation.id === conversation))

/** What the way may do to the frames of one step. */
const WAYS = {
  "in order": frames => frames,
  "each twice": frames => frames.flatMap(frame => [frame, frame]),
  "all of them again": frames => [...frames, ...frames],
  "backwards": frames => frames.toReversed(),
}

for (const name of readdirSync(GOLDEN)) {
  const {viewer, start, steps, sync: syncOfAll} = JSON.parse(readFileSync(new URL(name, GOLDEN)))
  const fresh = snapshot => new Listener(viewer, snapshot).state

  describe(name.replace(".json", ""), () => {
    for (const [way, change] of Object.entries(WAYS)) {
      test(`frames ${way}`, () => {
        const listener = new Listener(viewer, start)
        for (const {step, frames, sync, snapshot} of steps) {
          listener.hears(change(frames))
          listener.settles(sync)
          assert.deepEqual(listener.state, fresh(snapshot), step)
        }
      })
    }

    test("frames alone are enough", () => {
      const listener = new Listener(viewer, start)
      for (const {frames, sync} of steps) {
        listener.hears(frames)
        listener.settles(sync)
      }
      assert.equal(listener.asked, steps.filter((step, index) => needsSync(step, steps[index - 1]?.snapshot ?? start)).length)
    })

    test("the whole story at once, backwards", () => {
      const listener = new Listener(viewer, start)
      listener.hears(steps.flatMap(({frames}) => frames).toReversed())
      listener.settles(syncOfAll)
      assert.deepEqual(listener.state, fresh(steps.at(-1).snapshot))
    })

    for (const {step, index, lost, frame} of everyFrame(steps)) {
      test(`lost at "${step}": ${frame.event ?? frame.type}`, () => {
        const listener = new Listener(viewer, index ? steps[index - 1].snapshot : start)
        const {frames, sync, snapshot} = steps[index]
        listener.hears(frames.filter((_, place) => place !== lost))
        listener.syncs(sync)
        assert.deepEqual(listener.state, fresh(snapshot))
        listener.hears([frame])
        assert.deepEqual(listener.state, fresh(snapshot), "and it may still come")
      })
    }

    test("nothing heard: the syncs alone", () => {
      const listener = new Listener(viewer, start)
      for (const {step, sync, snapshot} of steps) {
        listener.syncs(sync)
        assert.deepEqual(listener.state, fresh(snapshot), step)
      }
    })
  })
}

function everyFrame(steps) {
  return steps.flatMap(({step, frames}, index) => frames.map((frame, lost) => ({step, index, lost, frame})))
}
