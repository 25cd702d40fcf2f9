/** Asks for what was said in a conversation, by e-mail. Loaded with the first wish. No DOM. */

import dictionaries from "./words/transcript.js"

/**
 * @param {import("./api.js").Api} api
 * @param {string} conversation
 * @param {import("./words.js").Words} words
 * @returns {Promise<string>} where it goes, in words; rejects with why it does not
 */
export async function askTranscript(api, conversation, words) {
  words.learn(dictionaries)
  try {
    const {email} = await api.post(`chat/conversations/${conversation}/transcript/`, {language: words.language})
    return words.say("transcript_sent", {email})
  } catch (error) {
    throw new Error(words.say(reasonOf(/** @type {any} */ (error))), {cause: error})
  }
}

/** @param {{code?: string, fields?: Record<string, unknown>}} error */
function reasonOf({code, fields = {}}) {
  if (code === "rate_limited") return "transcript_too_often"
  return fields.email ? "transcript_no_address" : "transcript_failed"
}
