import assert from "node:assert/strict"
import {describe, test} from "node:test"
import {accentOf} from "../../static/js/accent.js"
import {faceOf, hueOf, initialsOf, nameOf} from "../../static/js/store/naming.js"
import {wantedWith} from "../../static/js/store/starting.js"
import {ANA, BEN, CLEO, info, participant} from "./fakes.js"

describe("a conversation's name", () => {
  const of = (kind, members, title = "") => nameOf({info: info({kind, title}), participants: members.map(one => participant(one))}, ANA)
  const table = [
    ["its title, if it has one", of("group", [ANA, BEN], "Towels"), "Towels"],
    ["the other one", of("direct", [ANA, BEN]), "Ben"],
    ["the others", of("group", [ANA, BEN, CLEO]), "Ben, Cleo"],
    ["in support, who asks", of("support", [BEN, ANA, CLEO]), "Ben"],
    ["in one's own support, who answers", nameOf({info: info({kind: "support"}), participants: [participant(BEN), participant(CLEO)]}, BEN), "Cleo"],
    ["alone, nothing", of("support", [ANA]), ""],
  ]
  for (const [name, is, expected] of table) test(name, () => assert.equal(is, expected))
})

test("people chosen mean a conversation", () => {
  assert.deepEqual(wantedWith([CLEO], "x"), {kind: "direct", member: "cleo"})
  assert.deepEqual(wantedWith([BEN], ""), {kind: "support", member: "ben"}, "ben is a visitor")
  assert.deepEqual(wantedWith([BEN, CLEO], "Trip"), {kind: "group", members: ["ben", "cleo"], title: "Trip"})
})

test("a face stands for one other person only", () => {
  const of = (kind, members) => faceOf({info: info({kind}), participants: members.map(one => participant(one))}, ANA)?.id ?? null
  assert.deepEqual([of("direct", [ANA, BEN]), of("support", [BEN, ANA, CLEO]), of("group", [ANA, BEN]), of("direct", [ANA])],
    ["ben", "ben", null, null])
})

test("initials", () => {
  const table = {"Ana": "A", "Ana Belén Ruiz": "AR", "  ": "", "👩‍🚀 Vega": "👩V", "émile zola": "ÉZ", "李 小龍": "李小", "<b>x": "<"}
  for (const [name, initials] of Object.entries(table)) assert.equal(initialsOf(name), initials)
})

test("a hue is one of twelve, and stays", () => {
  const hues = Array.from({length: 600}, (_, index) => hueOf(`0192f1c2-0000-7000-8000-${String(index).padStart(12, "0")}`))
  assert.equal(new Set(hues).size, 12)
  assert.equal(hueOf("ana"), hueOf("ana"))
})

describe("an accent", () => {
  const table = [["#000", 0], ["#fff", 0], ["#808080", 0], ["#ff0000", 0.15], ["#0f766e", 0.086]]
  for (const [colour, chroma] of table) test(colour, () => assert.ok(Math.abs(accentOf(colour).chroma - chroma) < 0.003))

  test("hues are where OKLCH has them", () => {
    for (const [colour, hue] of [["#f00", 29], ["#0f0", 142], ["#00f", 264]]) assert.ok(Math.abs(accentOf(colour).hue - hue) < 1.5, colour)
  })

  test("anything but a hex colour is refused", () => {
    for (const colour of ["", "red", "#12", "#12345", "#ggg", "#fff;}", "oklch(0.5 0.1 20)", "url(x)"]) assert.equal(accentOf(colour), null)
  })
})
