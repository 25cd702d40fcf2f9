/** What a page may call is the same with the widget in its own document and in a frame. */

import assert from "node:assert/strict"
import {readFileSync} from "node:fs"
import {test} from "node:test"
import {CALLS} from "../../static/widget/calls.js"

test("the loader, which can import nothing, and the frame know the same calls", () => {
  const loader = readFileSync(new URL("../../static/widget/loader.js", import.meta.url), "utf8")
  assert.deepEqual(JSON.parse(loader.match(/METHODS = (\[[^\]]+\])/)[1]), CALLS)
})
