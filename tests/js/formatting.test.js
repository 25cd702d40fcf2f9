/** What people write with: marks, code, lists, links, mentions; and what must never come of it. */

import assert from "node:assert/strict"
import {describe, test} from "node:test"
import {format, plainly} from "../../static/js/formatting.js"
import {seeded} from "./fakes.js"

const ANA = {type: "user", text: "@Ana", member: "ana", name: "Ana"}
const ANA_MARIA = {type: "user", text: "@Ana María", member: "maria", name: "Ana María"}
const TASK = {type: "task", text: "@task#45", ref: "45", label: "Roof", url: "https://host.example/45"}

/** Short to read: `strong(...)`, a block in brackets. */
const short = token => {
  if (token.type === "text") return token.text
  if (token.type === "code") return `code(${token.text})`
  if (token.type === "mention") return `mention(${token.mention.name ?? token.mention.label})`
  const inside = token.children.map(short).join("")
  return token.type === "link" ? `link(${inside} -> ${token.href})` : `${token.type}(${inside})`
}
const block = one => {
  if (one.type === "text") return one.children.map(short).join("")
  if (one.type === "pre") return `[pre ${one.text}]`
  if (one.type === "quote") return `[quote ${one.children.map(short).join("")}]`
  return `[${one.start ?? "-"} ${one.items.map(item => item.map(short).join("")).join(" | ")}]`
}
const shown = (text, mentions) => format(text, mentions).map(block).join("")

const table = [
  ["plain text", "one\ntwo  three", "one\ntwo  three"],
  ["strong, twice", "a **b c** *d* e", "a strong(b c) strong(d) e"],
  ["italic", "a _b_ c", "a em(b) c"],
  ["one in another", "**a _b `c` d_ e**", "strong(a em(b code(c) d) e)"],
  ["arithmetic is none", "2 * 3 * 4 ** 5", "2 * 3 * 4 ** 5"],
  ["names of variables are none", "snake_case_name and a*b*c", "snake_case_name and a*b*c"],
  ["incomplete stays text", "**a *b _c `d [e](", "**a *b _c `d [e]("],
  ["nothing marked stays text", "** ** __ `` [](https://a.example)", "** ** __ `` [](link(https://a.example -> https://a.example))"],
  ["crossed, the first wins", "*a _b* c_", "strong(a _b) c_"],
  ["in code nothing counts", "`**a** @Ana https://a.example`", "code(**a** @Ana https://a.example)"],
  ["marks beside points", "(*a*), _b_.", "(strong(a)), em(b)."],
  ["a block of code", "see\n```js\nlet *a*\n\n- b\n```\ndone", "see[pre let *a*\n\n- b]done"],
  ["code in one line", "```a b```", "[pre a b]"],
  ["a block that does not end", "```\nabc", "```\nabc"],
  ["a list", "- a\n- *b*\nc", "[- a | strong(b)]c"],
  ["with stars", "* a\n* b", "[- a | b]"],
  ["a counted list", "3. a\n4. b", "[3 a | b]"],
  ["a date begins none", "1.5 m and 3.a", "1.5 m and 3.a"],
  ["a quote", "> a\n> *b*\nc", "[quote a\nstrong(b)]c"],
  ["smaller than", ">a <b> 1 > 0", ">a <b> 1 > 0"],
  ["an address", "see https://a.example/x_y_z?q=1.", "see link(https://a.example/x_y_z?q=1 -> https://a.example/x_y_z?q=1)."],
  ["in brackets", "(http://a.example)", "(link(http://a.example -> http://a.example))"],
  ["in strong", "*https://a.example*", "strong(link(https://a.example -> https://a.example))"],
  ["that is none", "http:// https://[", "http:// https://["],
  ["a named link", "[the *roof*](https://a.example/1)", "link(the *roof* -> https://a.example/1)"],
  ["a letter", "[write](mailto:a@b.example)", "link(write -> mailto:a@b.example)"],
  ["the inner of two brackets", "[a [b](https://a.example)", "[a link(b -> https://a.example)"],
  ["mentions, the longest name first", "@Ana María and @Ana.", "mention(Ana María) and mention(Ana)."],
  ["not in a longer word", "@Anabel", "@Anabel"],
  ["an entity", "*@task#45* is late", "strong(mention(Roof)) is late"],
  ["nobody told of it", "@task#46", "@task#46"],
]
for (const [name, text, expected] of table) test(name, () => assert.equal(shown(text, [ANA, ANA_MARIA, TASK]), expected))

describe("never a link", () => {
  const vectors = [
    "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert)", "[a]( javascript:alert)", "[a](java\tscript:alert)", "[a](data:text/html,x)",
    "[a](vbscript:x)", "[a](//evil.example)", "[a](/relative)", "[a](file:///etc)", "javascript:alert(1)", "[a](blob:x)",
    "[a](\u0001javascript:alert)", "[a](&#106;avascript:x)",
  ]
  for (const text of vectors) test(JSON.stringify(text), () => assert.doesNotMatch(JSON.stringify(format(text)), /"href"/))
})

test("in one line, without its marks", () => {
  assert.equal(plainly("*a* _b `c`_\n- d\n- @Ana\n> e\n```\nf\n```\n[g](https://a.example)"), "a b c d @Ana e f g")
})

test("markup is text", () => {
  const text = "<img src=x onerror=alert(1)><script>1</script>&lt;b&gt;"
  assert.deepEqual(format(text), [{type: "text", children: [{type: "text", text}]}])
})

test("nothing is lost: without its marks, the text is what was written", () => {
  const pieces = ["*", "**", "_", "`", "[", "](", ")", "(https://a.example)", " ", "a", "\n", "- ", "> ", "1. "]
  const random = seeded(7)
  const said = token => token.children?.map(said).join("") ?? token.text
  const saidIn = ({children, items, text}) => children?.map(said).join("") ?? items?.flat().map(said).join("") ?? text
  const lettersOf = text => text.replaceAll("https://a.example", "").match(/a/g)?.length ?? 0
  for (let round = 0; round < 2_000; round++) {
    const written = Array.from({length: 12}, () => pieces[Math.floor(random() * pieces.length)]).join("")
    assert.equal(lettersOf(format(written).map(saidIn).join("")), lettersOf(written), JSON.stringify(written))
  }
})

describe("the longest and the worst is little work", () => {
  const pieces = {
    "stars": "*", "underscores": "_", "brackets": "[", "backticks": "`", "links": "[a](", "addresses in links": "[a](https://x",
    "halves": "*a _b ", "closings": "](", "addresses": "http", "no addresses": "https://[", "bullets": "- *\n", "fences": "```\n",
    "fences of two words": "``` a\n", "quotes": "> _\n", "mentions": "@Ana", "marks in marks": "*_a", "ended marks": "*a* _b_ ",
  }
  const mentions = Array.from({length: 50}, (_, index) => ({...ANA, text: `@Ana ${index}`}))
  for (const [name, piece] of Object.entries(pieces)) {
    test(name, context => {
      const looks = context.mock.method(String.prototype, "startsWith")
      const long = piece.repeat(Math.ceil(5_000 / piece.length)).slice(0, 4_999) + ")"
      format(long, mentions)
      assert.ok(looks.mock.callCount() < 20 * long.length, String(looks.mock.callCount()))
    })
  }
})
