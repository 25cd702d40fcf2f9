import assert from "node:assert/strict"
import {describe, test} from "node:test"
import {LANGUAGES, Words} from "../../static/js/words.js"

const now = new Date(2026, 10, 21, 14, 30).getTime()
const local = (...parts) => new Date(...parts).toISOString()
const words = locale => new Words([locale], {now: () => now})
const placeholders = phrase => JSON.stringify(phrase).match(/\{\w+\}/g)?.sort() ?? []
/** Browsers differ in which space they put before "p. m.". */
const plain = text => text.replace(/\s/g, " ")

test("every language says everything, with the same blanks", () => {
  const [[, {words: english}], ...others] = Object.entries(LANGUAGES)
  for (const [language, {words: dictionary}] of others) {
    assert.deepEqual(Object.keys(dictionary), Object.keys(english), language)
    for (const [key, phrase] of Object.entries(english)) {
      assert.deepEqual([...new Set(placeholders(dictionary[key]))], [...new Set(placeholders(phrase))], `${language}.${key}`)
    }
  }
})

test("nobody shouts, and nobody begs", () => {
  for (const {words: dictionary} of Object.values(LANGUAGES)) {
    assert.doesNotMatch(JSON.stringify(dictionary), /!|please|por favor/i)
  }
})

describe("choosing a language", () => {
  const table = [
    [["es"], "es"], [["es-MX"], "es"], [["pt_BR"], "pt"], [["pt-br"], "pt"], [["PT"], "pt"], [["fr", "es"], "es"],
    [["", null, undefined, "es"], "es"], [["fr"], "en"], [["x-bogus-!"], "en"], [[], "en"], [["constructor"], "en"],
  ]
  for (const [wishes, language] of table) test(`${wishes} is ${language}`, () => assert.equal(new Words(wishes).language, language))
})

test("counts choose their form", () => {
  assert.equal(words("en").say("unread", {count: 1}), "1 unread message")
  assert.equal(words("es").say("unread", {count: 2}), "2 mensajes sin leer")
  assert.equal(words("pt").say("unread", {count: 0}), "0 mensagem não lida")
  assert.equal(words("en").say("no_such_word"), "")
})

test("names are listed as the language does", () => {
  const typing = (language, ...names) => words(language).say("typing", {count: names.length, names: words(language).list(names)})
  assert.equal(typing("en", "Bob"), "Bob is typing…")
  assert.equal(typing("en", "Bob", "Ana"), "Bob and Ana are typing…")
  assert.equal(typing("es", "Ana", "Inés"), "Ana e Inés están escribiendo…")
  assert.equal(typing("pt", "Ana", "Inês"), "Ana e Inês estão digitando…")
})

describe("times", () => {
  const table = [
    ["en", local(2026, 10, 21, 14, 29, 30), "just now"],
    ["en", local(2026, 10, 21, 14, 28), "2 min ago"],
    ["es", local(2026, 10, 21, 14, 28), "hace 2 min"],
    ["pt", local(2026, 10, 21, 14, 28), "há 2 min."],
    ["en", local(2026, 10, 21, 9, 5), "09:05"],
    ["en", local(2026, 10, 20, 14, 5), "yesterday 14:05"],
    ["es", local(2026, 10, 20, 14, 5), "ayer, 14:05"],
  ]
  for (const [locale, at, said] of table) test(`${locale}: ${said}`, () => assert.equal(plain(words(locale).ago(at)), said))

  test("in a list: the time, yesterday, the weekday, the date", () => {
    const brief = (...parts) => words("en").brief(local(...parts))
    assert.deepEqual([brief(2026, 10, 21, 0, 1), brief(2026, 10, 20, 23, 59), brief(2026, 10, 17), brief(2026, 9, 3)],
      ["00:01", "Yesterday", "Tue", "3 Oct"])
  })

  test("between days: today, yesterday, the day, and the year when it is another", () => {
    const day = (...parts) => words("en").day(local(...parts)).replace(",", "")
    assert.deepEqual([day(2026, 10, 21, 23), day(2026, 10, 20), day(2026, 10, 2), day(2025, 11, 24)],
      ["Today", "Yesterday", "Monday 2 November", "Wednesday 24 December 2025"])
  })
})
