/** The host's title while nobody sees the page: how many are unread, and then its own again, to the letter. */

import assert from "node:assert/strict"
import {afterEach, beforeEach, test} from "node:test"
import {TitleCount} from "../../static/js/title.js"

const ONE = "one site"
let page
let count

/** A document's head with a title or none, which tells of what becomes of it. */
class FakePage {
  visibilityState = "visible"
  title = null
  watchers = new Set()
  listeners = new Set()
  head = {
    querySelector: () => this.title,
    appendChild: title => this.title = title,
  }

  says(text) {
    this.title ??= this.createElement()
    this.title.textContent = text
  }

  createElement() {
    const page = this
    let text = ""
    return {
      get textContent() {
        return text
      },
      set textContent(value) {
        text = value
        for (const tell of [...page.watchers]) tell()
      },
      remove: () => this.title = null,
    }
  }

  addEventListener = (_, listener) => this.listeners.add(listener)
  removeEventListener = (_, listener) => this.listeners.delete(listener)

  turns(visibilityState) {
    this.visibilityState = visibilityState
    for (const listener of this.listeners) listener.handleEvent()
  }
}

beforeEach(() => {
  page = globalThis.document = new FakePage()
  globalThis.MutationObserver = class {
    constructor(tell) {
      this.tell = tell
    }

    observe() {
      page.watchers.add(this.tell)
    }

    disconnect() {
      page.watchers.delete(this.tell)
    }
  }
  page.says("  Hotel ")
  count = new TitleCount()
})

afterEach(() => {
  delete globalThis.document
  delete globalThis.MutationObserver
})

const title = () => page.title?.textContent

test("counts while the page is hidden, and leaves the title as it was", () => {
  count.show(ONE, 1)
  assert.equal(title(), "  Hotel ")
  page.turns("hidden")
  assert.equal(title(), "(1)   Hotel ")
  count.show(ONE, 120)
  assert.equal(title(), "(99)   Hotel ")
  page.turns("visible")
  assert.equal(title(), "  Hotel ")
  page.turns("hidden")
  count.show(ONE, 0)
  assert.deepEqual([title(), page.watchers.size, page.listeners.size], ["  Hotel ", 0, 0])
})

test("what the page says meanwhile stays what it says", () => {
  page.turns("hidden")
  count.show(ONE, 2)
  page.says("Room 101")
  assert.equal(title(), "(2) Room 101")
  page.says(`${title()}, sea side`)
  count.show(ONE, 3)
  assert.equal(title(), "(3) Room 101, sea side")
  page.turns("visible")
  assert.equal(title(), "Room 101, sea side")
})

test("a page that counts, too, keeps its count, and the two never quarrel", () => {
  page.says("(4) Inbox")
  page.turns("hidden")
  count.show(ONE, 1)
  assert.equal(title(), "(1) (4) Inbox")
  page.says("(5) Inbox")
  assert.equal(title(), "(5) Inbox")
  page.turns("visible")
  assert.equal(title(), "(5) Inbox")
})

test("of several sites, all together", () => {
  page.turns("hidden")
  count.show(ONE, 1)
  count.show("another", 2)
  assert.equal(title(), "(3)   Hotel ")
  count.show(ONE, 0)
  assert.equal(title(), "(2)   Hotel ")
})

test("a page without a title has none again", () => {
  page.title = null
  page.turns("hidden")
  count.show(ONE, 1)
  assert.equal(title(), "(1) ")
  page.turns("visible")
  assert.equal(page.title, null)
})
