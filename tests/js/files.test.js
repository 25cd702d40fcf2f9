/** Files that were said with a message: how they are spoken of, how large a picture is, and what quotes and lists call them. */

import assert from "node:assert/strict"
import {describe, test} from "node:test"
import {aboutFile, isPicture, savedAs, shownAs, sizeOf} from "../../static/js/files.js"
import {Conversations} from "../../static/js/store/conversations.js"
import {briefOf} from "../../static/js/store/items.js"
import dictionaries from "../../static/js/words/files.js"
import {wordsFor} from "../../static/js/words.js"
import {ANA, attachment, changed, created, info, message, syncAnswer} from "./fakes.js"

const words = await wordsFor(["en"])
words.learn(dictionaries)

const THUMBNAILS = [{size: 150, width: 150, height: 112}, {size: 300, width: 300, height: 225}, {size: 800, width: 800, height: 600}]
const picture = change => attachment({name: "leak.jpg", kind: "image", mime: "image/jpeg", width: 4000, height: 3000, thumbnails: THUMBNAILS, ...change})

test("sizes as people say them", () => {
  const said = [0, 999, 1_000, 1_540, 240_000, 2_300_000, 25_000_000, 3_000_000_000_000].map(bytes => sizeOf(bytes, words))
  assert.deepEqual(said, ["0 bytes", "999 bytes", "1 kB", "1.5 kB", "240 kB", "2.3 MB", "25 MB", "3,000 GB"])
})

test("what it is, how long, how large", () => {
  const about = change => aboutFile(attachment(change), words)
  assert.equal(about({name: "offer.pdf", size: 240_000, pages: 3}), "PDF · 3 pages · 240 kB")
  assert.equal(about({name: "offer.pdf", size: 240_000, pages: 1}), "PDF · 1 page · 240 kB")
  assert.equal(about({name: "call.mp3", size: 2_000_000, seconds: 63.7}), "MP3 · 1:04 · 2 MB")
  assert.equal(about({name: "README", size: 10}), "10 bytes")
})

describe("a picture", () => {
  test("alone is large, among others small; the thumbnail is as sharp as the screen", () => {
    assert.deepEqual(shownAs(picture(), true, 1), {width: 260, height: 195, size: 300})
    assert.deepEqual(shownAs(picture(), true, 2), {width: 260, height: 195, size: 800})
    assert.deepEqual(shownAs(picture(), false, 1), {width: 124, height: 93, size: 150})
    assert.deepEqual(shownAs(picture(), true, 4), {width: 260, height: 195, size: 800}, "there is none that is sharper")
  })

  test("that is small stays so, and one like a line has a height", () => {
    assert.deepEqual(shownAs(picture({width: 32, height: 16}), true, 1), {width: 32, height: 16, size: 150})
    assert.equal(shownAs(picture({width: 9_000, height: 2}), true, 1).height, 1)
  })

  test("of which nothing was made is a file like others", () => {
    assert.deepEqual([picture(), picture({thumbnails: []}), attachment()].map(isPicture), [true, false, false])
  })

  test("is saved as what was served", () => {
    assert.equal(savedAs(picture(), "image/jpeg"), "leak.jpg")
    assert.equal(savedAs(picture({name: "leak.heic", mime: "image/heic"}), "image/jpeg"), "leak.jpg")
    assert.equal(savedAs(picture({name: "leak.heic", mime: "image/heic"}), "text/html"), "leak.heic")
    assert.equal(savedAs(attachment({name: "offer.pdf"}), "image/png"), "offer.pdf")
  })
})

test("where there is room for words only, files are named if nothing was said", () => {
  assert.equal(briefOf({body: "see", attachments: [picture()]}), "see")
  assert.equal(briefOf({body: "", attachments: [picture(), attachment()]}), "leak.jpg, offer.pdf")
  assert.equal(briefOf({body: ""}), "")
})

test("who quotes a message of only files names them, until they are taken out", () => {
  const store = new Conversations(ANA)
  const quoting = message(2, {reply_to: {id: "m1", sender: ANA, excerpt: ""}})
  store.apply(syncAnswer(info({seq: 2, version: 2}), [message(1, {body: "", attachments: [picture()]}), quoting]))
  const items = () => store.get("c1").timeline.items()
  assert.deepEqual(items().map(({attachments, replyTo}) => [attachments.length, replyTo?.excerpt]), [[1, undefined], [0, "leak.jpg"]])
  store.apply(changed("attachment", 3, 1, {body: "", attachments: []}))
  assert.deepEqual(items().map(({attachments, replyTo}) => [attachments.length, replyTo?.excerpt]), [[0, undefined], [0, ""]])
  store.apply(created(4, 3, {attachments: undefined}))
  assert.deepEqual(items()[2].attachments, [], "a server that knows no files")
})

test("of a message of only files that is not known here, a quote says what kind they are", () => {
  const store = new Conversations(ANA)
  const quoting = message(2, {reply_to: {id: "m1", sender: ANA, excerpt: "", files: ["image", null]}})
  store.apply(syncAnswer(info({seq: 2, version: 2}), [quoting]))
  const files = () => store.get("c1").timeline.items().at(-1).replyTo.files
  assert.deepEqual(files(), ["image", null])
  store.apply(changed("attachment", 3, 1, {body: "", attachments: []}))
  assert.deepEqual(files(), [])
})
