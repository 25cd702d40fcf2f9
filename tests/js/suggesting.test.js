import assert from "node:assert/strict"
import {describe, test} from "node:test"
import {systemText} from "../../static/js/elements/system-line.js"
import {matching, stillMeant, wantedAt} from "../../static/js/store/suggesting.js"
import {wordsFor} from "../../static/js/words.js"
import {ANA, BEN, CLEO} from "./fakes.js"

describe("whom somebody is about to name", () => {
  const table = [
    ["@", {kind: "people", from: 0, query: ""}],
    ["hello @an", {kind: "people", from: 6, query: "an"}],
    ["(@an", {kind: "people", from: 1, query: "an"}],
    ["line\n@Ana Ma", {kind: "people", from: 5, query: "Ana Ma"}],
    ["@Ana, @b", {kind: "people", from: 6, query: "b"}],
    ["see @task#", {kind: "entities", from: 4, type: "task", query: ""}],
    ["see @Task#4-b", {kind: "entities", from: 4, type: "task", query: "4-b"}],
    ["ana@example", null],
    ["a.@b", null],
    ["@ana\n", null],
    ["nobody", null],
    [`@${"a".repeat(41)}`, null],
  ]
  for (const [text, expected] of table) test(JSON.stringify(text), () => assert.deepEqual(wantedAt(text, text.length), expected))

  test("where the caret stands, whatever follows", () => {
    assert.deepEqual(wantedAt("hello @an and more", 9), {kind: "people", from: 6, query: "an"})
  })
})

describe("who is offered", () => {
  const people = [{id: "1", name: "Ángel Ruiz"}, {id: "2", name: "Ana Ángeles"}, {id: "3", name: "Bob"}]
  const table = [["ang", ["Ángel Ruiz", "Ana Ángeles"]], ["RUI", ["Ángel Ruiz"]], ["ana á", ["Ana Ángeles"]], ["gel", []], ["", ["Ángel Ruiz", "Ana Ángeles", "Bob"]]]
  for (const [query, names] of table) {
    test(JSON.stringify(query), () => assert.deepEqual(matching(people, query).map(({name}) => name), names))
  }

  test("whom the text does not name any more is not meant", () => {
    const chosen = new Map([ANA, BEN].map(member => [member.id, member]))
    assert.deepEqual(stillMeant("for @Ana and Ben", chosen), ["ana"])
  })
})

describe("what the system says", async () => {
  const [en, es, pt] = await Promise.all(["en", "es", "pt"].map(language => wordsFor([language])))
  const said = (words, event, change = {}) => systemText({sender: ANA, body: "", system: {event, ...change}}, words)
  const table = [
    ["Ana joined", "Ana se ha unido", "Ana entrou", "joined", {member: ANA}],
    ["Ana added Ben", "Ana ha añadido a Ben", "Ana adicionou Ben", "joined", {member: BEN}],
    ["Ana left", "Ana ha salido", "Ana saiu", "left", {member: ANA}],
    ["Ana removed Cleo", "Ana ha quitado a Cleo", "Ana removeu Cleo", "left", {member: CLEO}],
    ["Ana renamed this to “Roof”", "Ana ha cambiado el nombre a «Roof»", "Ana mudou o nome para “Roof”", "renamed", {title: "Roof"}],
    ["Ana archived this channel", "Ana ha archivado este canal", "Ana arquivou este canal", "closed", {status: "closed"}],
    ["Ana opened this channel again", "Ana ha reabierto este canal", "Ana reabriu este canal", "reopened", {status: "open"}],
  ]
  for (const [english, spanish, portuguese, event, change] of table) {
    test(english, () => assert.deepEqual([en, es, pt].map(words => said(words, event, change)), [english, spanish, portuguese]))
  }

  test("of something that is not known here: what came with it", () => {
    assert.equal(systemText({sender: ANA, body: "As written", system: {event: "sung"}}, en), "As written")
    assert.equal(systemText({sender: ANA, body: "As written"}, en), "As written")
  })
})
