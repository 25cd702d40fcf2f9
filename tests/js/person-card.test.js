/** A mention and its card: for whom, and where. */

import assert from "node:assert/strict"
import {after, before, test} from "node:test"
import {formatted} from "../../static/js/elements/formatted.js"
import {placeOf} from "../../static/js/elements/person-card.js"
import {Conversations} from "../../static/js/store/conversations.js"
import {fakeDocument} from "./fake-dom.js"
import {ANA, BEN, info, syncAnswer} from "./fakes.js"

before(() => globalThis.document = fakeDocument)
after(() => delete globalThis.document)

const mention = (member, name) => ({type: "user", text: `@${name}`, member, name})

test("opens by a button whom I know; me and strangers it only names", () => {
  const text = "@Ana, @Ben and @Cy"
  const nodes = formatted(text, [mention("ana", "Ana"), mention("ben", "Ben"), mention("cy", "Cy")], {me: "ana", knows: id => id !== "cy"})
  const shown = nodes.filter(node => node.tagName).map(({tagName, className, textContent, attributes}) => [tagName, className, textContent, attributes["data-member"]])
  assert.deepEqual(shown, [
    ["span", "mention of-me", "@Ana", undefined], ["button", "mention", "@Ben", "ben"], ["span", "mention", "@Cy", undefined],
  ])
})

test("known is who takes part in a conversation of mine", () => {
  const store = new Conversations(ANA)
  store.apply(syncAnswer(info()))
  assert.deepEqual([store.member("ben"), store.member("cy")], [BEN, null])
})

test("stands below what it belongs to, above where there is no room, and never outside", () => {
  const around = {left: 0, top: 0, right: 360, bottom: 600}
  const size = {width: 256, height: 120}
  const at = (left, top) => ({left, top, right: left + 60, bottom: top + 20})
  for (const [place, expected] of [
    [at(40, 100), {left: 40, top: 126}],
    [at(300, 100), {left: 96, top: 126}],
    [at(40, 550), {left: 40, top: 424}],
    [at(-30, -90), {left: 8, top: 8}],
  ]) assert.deepEqual(placeOf(place, size, around), expected)
})
