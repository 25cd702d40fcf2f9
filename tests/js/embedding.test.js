/** What a page may call is the same with the widget in its own document and in a frame. */

import assert from "node:assert/strict"
import {readFileSync} from "node:fs"
import {test} from "node:test"
import {CALLS} from "../../static/widget/calls.js"

const source = path => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")

test("the loader, which can import nothing, and the frame know the same calls", () => {
  assert.deepEqual(JSON.parse(source("static/widget/loader.js").match(/METHODS = (\[[^\]]+\])/)[1]), CALLS)
})

test("the page that shows what pages are told shows all that is documented", () => {
  const [, table] = source("docs/widget.md").split("## What a page is told")
  const documented = table.split("\n## ")[0].split("\n").filter(line => line.startsWith("| `")).flatMap(line => line.split("|")[1].match(/[\w-]+/g))
  assert.deepEqual(JSON.parse(source("static/js/pages/demo.js").match(/EVENTS = (\[[^\]]+\])/)[1]).sort(), documented.sort())
})
