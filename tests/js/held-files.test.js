/** Files that wait: where each stands, what is known of it, the queue of all, and the shelf of a conversation. */

import assert from "node:assert/strict"
import {describe, test} from "node:test"
import {aboutFile, isHeld, isReplaced, mayKnow, mayReplace, mayReview, standingOf} from "../../static/js/files.js"
import {daysBetween, duration} from "../../static/js/elements/figures.js"
import {tagsIn} from "../../static/js/elements/organising.js"
import {Filing, filingOf} from "../../static/js/filing.js"
import {permissionsIn} from "../../static/js/pages/boot.js"
import {briefOf} from "../../static/js/store/items.js"
import {Queue, queueOf} from "../../static/js/store/queue.js"
import {daysOf, Shelf} from "../../static/js/store/shelf.js"
import fileWords from "../../static/js/words/files.js"
import {wordsFor} from "../../static/js/words.js"
import {ANA, attachment, BEN, heard, settled} from "./fakes.js"

const words = await wordsFor(["en"])
words.learn(fileWords)

const waiting = change => attachment({state: "pending", held_for: "review", message: "m1", ...change})
const untold = change => attachment({state: "pending", held_for: "", name: null, kind: null, mime: null, size: null, ...change})
const agent = {me: BEN, permissions: ["send", "review_files"]}
const writer = {me: ANA, permissions: ["send"]}
const page = (results, next = null) => ({results, next})

describe("where a file stands", () => {
  const table = [
    [attachment(), ""],
    [waiting(), "Waiting for approval."],
    [waiting({held_for: "not_scanned"}), "Waiting for the virus check."],
    [waiting({held_for: "macros"}), "Waiting for approval. This file holds macros."],
    [waiting({held_for: "strange"}), "Waiting for approval."],
    [attachment({state: "scanning", held_for: ""}), "Waiting for the virus check."],
    [attachment({state: "rejected", reason: "Last year's"}), "Not approved: Last year's"],
    [attachment({state: "rejected", reason: ""}), "Not approved"],
    [attachment({state: "infected"}), "A file was removed: a virus was found in it"],
    [untold(), "A file is being checked"],
    [untold({state: "rejected"}), "A file was not approved"],
    [untold({state: "infected"}), "A file was removed: a virus was found in it"],
  ]
  for (const [file, said] of table) test(`${file.state}, ${file.name}: ${said}`, () => assert.equal(standingOf(file, words), said))

  test("a later version says which it is", () => {
    assert.equal(aboutFile(attachment({version: 2}), words), "PDF · 240 kB · Version 2")
  })

  test("in one line, it is named as it may be", () => {
    const said = {body: "", attachments: [untold(), attachment()]}
    assert.deepEqual([briefOf(said), briefOf(said, "File")], ["…, offer.pdf", "File, offer.pdf"])
  })
})

test("who may do what", () => {
  assert.deepEqual(["scanning", "pending", "approved", "rejected", "infected"].map(state => isHeld({state})), [true, true, false, false, false])
  assert.deepEqual([mayReview(waiting(), agent), mayReview(waiting(), writer), mayReview(attachment(), agent)], [true, false, false])
  const own = waiting({uploader: BEN.id})
  assert.deepEqual([mayReview(own, agent), mayReview(own, {...agent, permissions: [...agent.permissions, "review_own_files"]})], [false, true])
  assert.deepEqual([mayKnow(untold(), writer), mayKnow(untold(), agent), mayKnow(untold(), {me: BEN, permissions: ["send"]})], [true, true, false])
  const replaced = change => mayReplace(attachment(change), writer)
  assert.deepEqual([replaced(), replaced({kind: "image"}), replaced({uploader: "ben"}), replaced({name: null})], [true, false, false, false])
})

test("that a newer version waits is known to whoever may know of it", () => {
  const renewed = attachment({waiting: 2})
  assert.deepEqual([isReplaced(renewed, writer), isReplaced(renewed, agent), isReplaced(renewed, {me: BEN, permissions: ["send"]})], [true, true, false])
  assert.equal(isReplaced(attachment({waiting: null}), writer), false)
})

test("own files are decided where the policy of their space says so", () => {
  const own = waiting({uploader: BEN.id})
  const decides = (own_reviews, space) => mayReview(own, {me: BEN, permissions: permissionsIn({permissions: agent.permissions, own_reviews}, space)})
  assert.deepEqual([decides({}, null), decides({"": true}, null), decides({"": true}, "s1"), decides({"": true, "s1": false}, "s1"), decides({"s1": true}, "s1")], [false, true, true, false, true])
})

test("tags as people write them", () => {
  assert.deepEqual(tagsIn(" roof, terrace,, roof ,"), ["roof", "terrace"])
  assert.deepEqual(tagsIn("  "), [])
})

test("figures say days and how long", () => {
  assert.deepEqual(daysBetween("2026-02-27", "2026-03-01"), ["2026-02-27", "2026-02-28", "2026-03-01"])
  assert.deepEqual(daysBetween("2026-03-01", "2026-03-01"), ["2026-03-01"])
  const said = [null, 0, 59, 60, 5_400, 172_800].map(seconds => duration(seconds, words).replace(/\s/g, " "))
  assert.deepEqual(said, ["–", "0 secs", "59 secs", "1 min", "1.5 hrs", "2 days"])
})

describe("what is known of files", () => {
  const made = answers => {
    const asked = []
    const client = new EventTarget()
    const ask = name => async (path, body) => {
      asked.push([name, path, body])
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return answer
    }
    client.api = {get: ask("get"), post: ask("post"), patch: ask("patch")}
    const tell = (name, detail) => client.dispatchEvent(Object.assign(new Event(name), {detail}))
    return {filing: new Filing(client.api, client), asked, tell, client}
  }

  test("a frame says more than the message, until the message is newer", () => {
    const {filing, tell} = made([])
    const changes = heard(filing, "change")
    assert.equal(filing.told(untold()).name, null)
    tell("frame", {type: "file", file: waiting()})
    tell("frame", {type: "file", file: waiting()})
    tell("frame", {type: "message"})
    assert.equal(changes.length, 1, "twice the same is no news")
    assert.equal(filing.told(untold()).name, "offer.pdf")
    assert.equal(filing.told(untold({state: "rejected"})).name, null, "what I was told is older")
    tell("frame", {type: "file", file: attachment({name: "new.pdf"})})
    assert.deepEqual(filing.told(untold()).state, "approved", "the frame was faster than the message")
    assert.equal(filing.told(attachment()).name, "offer.pdf", "the message says it itself")
  })

  test("is asked for once; again when the server could not be reached", async () => {
    const {filing, asked} = made([Object.assign(new Error(), {temporary: true}), waiting(), new Error()])
    await filing.ask(untold())
    await filing.ask(untold())
    await filing.ask(untold())
    assert.deepEqual(asked.map(([, path]) => path), ["chat/attachments/f1/", "chat/attachments/f1/"])
    assert.equal(filing.told(untold()).name, "offer.pdf")
    await filing.ask(untold({state: "rejected"}))
    await filing.ask(untold({state: "rejected"}))
    assert.equal(asked.length, 3, "who may not know is told so once")
  })

  test("what was decided is known at once", async () => {
    const {filing, asked} = made([{results: [attachment(), {id: "f2", error: {code: "conflict"}}]}])
    const results = await filing.decide(["f1", "f2"], "approve")
    assert.deepEqual(asked, [["post", "chat/attachments/review/", {ids: ["f1", "f2"], decision: "approve", reason: ""}]])
    assert.equal(results.length, 2)
    assert.equal(filing.told(untold()).state, "approved")
  })

  test("one client has one, which says when it may have missed something", () => {
    const {client, tell} = made([])
    const filing = filingOf(client)
    assert.equal(filingOf(client), filing)
    const back = heard(filing, "back")
    tell("connection", {state: "waiting"})
    tell("connection", {state: "open"})
    assert.equal(back.length, 1)
  })
})

describe("the queue", () => {
  const ids = queue => queue.files.map(({id}) => id)

  test("is kept true by the news", async () => {
    const queue = new Queue(async () => page([waiting({id: "b"}), waiting({id: "d"})]))
    const gone = heard(queue, "gone")
    await queue.load()
    queue.hear(waiting({id: "c"}))
    queue.hear(waiting({id: "c", name: "new.pdf"}))
    assert.deepEqual([ids(queue), queue.files[1].name], [["b", "c", "d"], "new.pdf"])
    queue.hear(attachment({id: "b"}))
    queue.hear(attachment({id: "x"}))
    assert.deepEqual([ids(queue), gone.map(({file}) => file.id)], [["c", "d"], ["b"]])
  })

  test("what comes while a page is on its way is not lost", async () => {
    const queue = new Queue(async () => page([waiting({id: "b"})]))
    const loading = queue.load()
    queue.hear(waiting({id: "c"}))
    queue.hear(attachment({id: "b"}))
    await loading
    assert.deepEqual(ids(queue), ["c"])
  })

  test("goes on by pages; what comes after the last one comes with its own", async () => {
    const asked = []
    const pages = [page([waiting({id: "a"}), waiting({id: "c"})], "next"), page([waiting({id: "c"}), waiting({id: "e"})])]
    const queue = new Queue(async query => {
      asked.push(query.cursor)
      return pages.shift()
    })
    await queue.load()
    queue.hear(waiting({id: "b"}))
    queue.hear(waiting({id: "e"}))
    assert.deepEqual([ids(queue), queue.hasMore], [["a", "b", "c"], true])
    await queue.more()
    await queue.more()
    assert.deepEqual([ids(queue), asked, queue.hasMore], [["a", "b", "c", "e"], ["", "next"], false])
  })

  test("that cannot be had says so, and keeps what it had", async () => {
    let fails = false
    const queue = new Queue(async () => {
      if (fails) throw new Error()
      return page([waiting({id: "a"})])
    })
    await queue.load()
    fails = true
    await queue.load()
    assert.deepEqual([queue.state, ids(queue)], ["failed", ["a"]])
  })

  test("hears of what was said only, and loads anew when news were missed", async () => {
    const filing = Object.assign(new EventTarget(), {asked: 0, pending: async () => (filing.asked++, page([]))})
    const queue = queueOf(filing)
    await queue.load()
    const tell = (name, detail) => filing.dispatchEvent(Object.assign(new Event(name), {detail}))
    tell("change", {file: waiting({id: "a", message: null})})
    tell("change", {file: waiting({id: "b"})})
    assert.deepEqual(ids(queue), ["b"])
    tell("back", null)
    await settled()
    assert.deepEqual([filing.asked, ids(queue)], [2, []])
  })
})

describe("the shelf", () => {
  test("of the questions, the last is answered", async () => {
    const answers = {}
    const shelf = new Shelf(({q = ""}) => new Promise(resolve => answers[q] = resolve))
    const first = shelf.want({q: "a"})
    const second = shelf.want({q: "ab"})
    answers.ab(page([attachment({id: "2"})]))
    answers.a(page([attachment({id: "1"})]))
    await Promise.all([first, second])
    assert.deepEqual([shelf.files.map(({id}) => id), shelf.state], [["2"], "here"])
  })

  test("page after page, without what is there already, and again after a failure", async () => {
    const asked = []
    const pages = [page([attachment({id: "3"}), attachment({id: "2"})], "on"), null, page([attachment({id: "2"}), attachment({id: "1"})])]
    const shelf = new Shelf(async query => {
      asked.push([query.kind, query.cursor])
      return pages.shift() ?? Promise.reject(new Error())
    })
    await shelf.want({kind: "pdf"})
    await shelf.more()
    assert.deepEqual([shelf.state, shelf.files.length], ["failed", 2])
    await shelf.more()
    await shelf.more()
    assert.deepEqual(shelf.files.map(({id}) => id), ["3", "2", "1"])
    assert.deepEqual(asked, [["pdf", ""], ["pdf", "on"], ["pdf", "on"]])
    shelf.keep(attachment({id: "2", state: "rejected"}))
    shelf.keep(attachment({id: "9"}))
    assert.deepEqual(shelf.files.map(({state}) => state), ["approved", "rejected", "approved"])
  })

  const RENEWALS = [
    ["new ones come first, and those beyond the page stay", ["2", "1"], ["3", "2"], "on", ["3", "2", "1"]],
    ["what a newer version replaced is gone", ["2", "1"], ["3", "2"], null, ["3", "2"]],
    ["among the newest too, where there are more", ["3", "2", "1"], ["4", "2"], "on", ["4", "2", "1"]],
    ["all are gone", ["2", "1"], [], null, []],
  ]
  for (const [story, here, renewed, next, then] of RENEWALS) {
    test(story, async () => {
      const pages = [page(here.map(id => attachment({id}))), page(renewed.map(id => attachment({id, version: 2})), next)]
      const shelf = new Shelf(async () => pages.shift())
      await shelf.want({})
      await shelf.renew()
      assert.deepEqual(shelf.files.map(({id}) => id), then)
      assert.ok(shelf.files.every(({id, version}) => version === (renewed.includes(id) ? 2 : undefined)))
    })
  }

  test("by days", () => {
    const at = (day, hour) => new Date(2026, 10, day, hour).toISOString()
    const files = [at(21, 23), at(21, 0), at(20, 23)].map((created_at, place) => attachment({id: String(place), created_at}))
    assert.deepEqual(daysOf(files).map(day => day.files.map(({id}) => id)), [["0", "1"], ["2"]])
  })
})
