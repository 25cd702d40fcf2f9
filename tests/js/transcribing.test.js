/** What comes of asking for what was said. */

import assert from "node:assert/strict"
import {test} from "node:test"
import {ApiError} from "../../static/js/api.js"
import {askTranscript} from "../../static/js/transcribing.js"
import dictionaries from "../../static/js/words/transcript.js"
import {wordsFor} from "../../static/js/words.js"

const refusal = (code, status, fields) => new ApiError({code, status, fields})

test("it is asked for in the reader's language, and says where it goes", async () => {
  const asked = []
  const api = {post: async (...args) => (asked.push(args), {email: "ana@example.com"})}
  assert.equal(await askTranscript(api, "c1", await wordsFor(["es"])), "Va de camino a ana@example.com.")
  assert.deepEqual(asked, [["chat/conversations/c1/transcript/", {language: "es"}]])
})

for (const [name, error, word] of [
  ["too often", refusal("rate_limited", 429), "transcript_too_often"],
  ["nowhere to send it", refusal("invalid_input", 400, {email: ["No."]}), "transcript_no_address"],
  ["no answer", refusal("unreachable", 0), "transcript_failed"],
]) {
  test(`${name} is said`, async () => {
    const api = {post: async () => {
      throw error
    }}
    await assert.rejects(askTranscript(api, "c1", await wordsFor(["en"])), {message: dictionaries.en[word]})
  })
}
