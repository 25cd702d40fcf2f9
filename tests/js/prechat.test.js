/** What is wrong with an answer, before the server is asked. */

import assert from "node:assert/strict"
import {test} from "node:test"
import dictionaries from "../../static/js/words/prechat.js"
import {problemOf} from "../../static/widget/prechat.js"

const table = [
  ["name", true, "", "prechat_missing"], ["name", true, "  ", "prechat_missing"], ["name", false, "", ""], ["name", true, "Ana", ""],
  ["name", true, "a".repeat(121), "prechat_too_long"], ["email", false, "", ""], ["email", true, "ana@example.com", ""],
  ["email", false, "ana@example", "prechat_wrong_email"], ["email", true, "ana example.com", "prechat_wrong_email"],
  ["choice", true, "", "prechat_missing"], ["choice", true, "booking", ""], ["text", false, "a".repeat(501), "prechat_too_long"],
]

for (const [kind, required, answer, problem] of table) {
  test(`${kind} ${required ? "must" : "may"} be "${answer.slice(0, 20)}": ${problem || "right"}`, () => {
    assert.equal(problemOf({key: "any", kind, required, label: {}, choices: []}, answer), problem)
    assert.ok(problem === "" || dictionaries.en[problem])
  })
}
