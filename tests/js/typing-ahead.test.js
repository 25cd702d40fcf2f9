/** What is typed while a field is still being loaded reaches that field, and nothing else. */

import assert from "node:assert/strict"
import {test} from "node:test"
import {holdTyping} from "../../static/js/typing-ahead.js"

const PRESSES = /** @type {const} */ ([
  ["letters, in their order", ["t", "o", "w"], "tow", []],
  ["any character a keyboard has", ["é", "😀", " ", "?"], "é😀 ?", []],
  ["what was taken back is gone", ["t", "p", "Backspace", "o"], "to", []],
  ["nothing to take back", ["Backspace"], "", []],
  ["what types nothing is left to the page", ["t", "Enter", "Escape", "ArrowDown"], "t", ["Enter", "Escape", "ArrowDown"]],
  ["the browser's own keys too", ["Ctrl+r", "Alt+f", "Meta+c"], "", ["Ctrl+r", "Alt+f", "Meta+c"]],
  ["a letter that is being composed", ["composed ´"], "", ["composed ´"]],
])

for (const [story, keys, typed, heard] of PRESSES) {
  test(story, () => {
    const page = new EventTarget()
    const reached = []
    const held = holdTyping(page)
    page.addEventListener("keydown", event => reached.push(event.name))

    const events = keys.map(key => press(page, key))
    assert.equal(held(), typed)
    assert.deepEqual(reached, heard)
    assert.deepEqual(events.filter(event => !event.defaultPrevented).map(({name}) => name), heard)

    press(page, "m")
    assert.equal(reached.at(-1), "m")
    assert.equal(held(), typed)
  })
}

function press(page, name) {
  const [key, modifier = ""] = name.split(/[+ ](?=.)/).reverse()
  const event = Object.assign(new Event("keydown", {cancelable: true}), {
    name, key, ctrlKey: modifier === "Ctrl", altKey: modifier === "Alt", metaKey: modifier === "Meta", isComposing: modifier === "composed",
  })
  page.dispatchEvent(event)
  return event
}
