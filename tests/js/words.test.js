import assert from "node:assert/strict"
import {readdir} from "node:fs/promises"
import {describe, mock, test} from "node:test"
import {LANGUAGES, wordsFor} from "../../static/js/words.js"

const now = new Date(2026, 10, 21, 14, 30).getTime()
const local = (...parts) => new Date(...parts).toISOString()
const spoken = await all(LANGUAGES, (_, language) => wordsFor([language], {now: () => now}))
const WORDS = new URL("../../static/js/words/", import.meta.url)
// One file for each language holds what all pages say; each other file, what is said by one part of them.
const parts = (await readdir(WORDS)).filter(name => !(name.slice(0, 2) in LANGUAGES && name.length === 5))
const learned = {
  everywhere: await all(LANGUAGES, async ({load}) => (await load()).default),
  ...await all(Object.fromEntries(parts.map(name => [name, name])), async name => (await import(new URL(name, WORDS))).default),
}
const words = language => spoken[language]
const blanks = phrase => [...new Set(JSON.stringify(phrase).match(/\{\w+\}/g))].sort()
async function all(things, made) {
  const entries = Object.entries(things).map(async ([name, thing]) => [name, await made(thing, name)])
  return Object.fromEntries(await Promise.all(entries))
}

/** Browsers differ in which space they put before "p. m.". */
const plain = text => text.replace(/\s/g, " ")

describe("of all dictionaries", () => {
  for (const [name, {en, ...others}] of Object.entries(learned)) {
    test(`${name}: every language says everything, with the same blanks, and nobody shouts or begs`, () => {
      assert.deepEqual(Object.keys(others), ["es", "pt"])
      for (const [language, dictionary] of Object.entries(others)) {
        assert.deepEqual(Object.keys(dictionary), Object.keys(en), language)
        for (const [key, phrase] of Object.entries(en)) assert.deepEqual(blanks(dictionary[key]), blanks(phrase), `${language}.${key}`)
      }
      assert.doesNotMatch(JSON.stringify({en, ...others}), /!|please|por favor/i)
    })
  }
})

describe("choosing a language", () => {
  const table = [
    [["es"], "es"], [["es-MX"], "es"], [["pt_BR"], "pt"], [["pt-br"], "pt"], [["PT"], "pt"], [["fr", "es"], "es"],
    [["", null, undefined, "es"], "es"], [["fr"], "en"], [["x-bogus-!"], "en"], [[], "en"], [["constructor"], "en"],
  ]
  for (const [wishes, language] of table) {
    test(`${wishes} is ${language}`, async () => assert.equal((await wordsFor(wishes)).language, language))
  }
})

test("only the language that is spoken is loaded", async () => {
  const loads = Object.values(LANGUAGES).map(language => mock.method(language, "load"))
  await wordsFor(["es-MX", "en"])
  assert.deepEqual(loads.map(({mock}) => mock.callCount()), [0, 1, 0])
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
