import assert from "node:assert/strict"
import {test} from "node:test"
import {backoff} from "../../static/js/socket/backoff.js"
import {refusal, staysAway} from "../../static/js/socket/closing.js"

for (const [attempt, most] of [[0, 500], [1, 1_000], [2, 2_000], [5, 16_000], [6, 30_000], [60, 30_000], [5_000, 30_000]]) {
  test(`attempt ${attempt} waits between nothing and ${most} ms`, () => {
    assert.equal(backoff(attempt, {random: () => 0}), 0)
    assert.equal(backoff(attempt, {random: () => 0.5}), most / 2)
    assert.ok(backoff(attempt, {random: () => 0.999}) < most)
  })
}

test("a close code says whether to come back", () => {
  for (const code of [1000, 1001, 1006, 1011, 1012, 4000, 4008, 4012, 4029, 4499]) assert.equal(staysAway(code), false, code)
  for (const code of [4500, 4501, 4503, 4506, 4999]) assert.equal(staysAway(code), true, code)
})

test("a refused ticket is the end only when asking again cannot help", () => {
  assert.equal(refusal({status: 401}), 4501)
  assert.equal(refusal({status: 403}), 4503)
  for (const status of [0, 404, 429, 500, 503]) assert.equal(refusal({status}), null)
})
