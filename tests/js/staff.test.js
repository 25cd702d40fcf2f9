/** The staff page's pure parts: what a key does, what the list shows, what the palette finds. */

import assert from "node:assert/strict"
import {describe, test} from "node:test"
import {SYMBOLS} from "../../static/js/elements/act-symbols.js"
import {actOf, keycaps, PLACES, SHORTCUTS} from "../../static/js/shortcuts.js"
import {FILTERS, filterOf, offered} from "../../static/js/store/filters.js"
import {fit, fitting} from "../../static/js/store/finding.js"
import dictionaries from "../../static/js/words/staff.js"

const PLAIN = {ctrlKey: false, metaKey: false, altKey: false, shiftKey: false}
const HERE = {isTyping: false, isBusy: false, isMeant: true, isOn: true}
const acts = (key, press = {}, place = {}) => actOf({...PLAIN, key, ...press}, {...HERE, ...place})

describe("a key", () => {
  test("does what the table says", () => {
    assert.deepEqual(["j", "k", "/", "n", "r", "u", "e", "m", "f", "d", "?", "Escape"].map(key => acts(key)),
      ["next", "previous", "search", "new", "write", "read", "archive", "mute", "files", "details", "help", "leave"])
    assert.deepEqual(["x", "Enter", "Tab", "ArrowDown", "constructor"].map(key => acts(key)), Array(5).fill(null))
  })

  test("does nothing while somebody writes, but Escape and the palette do", () => {
    const writing = {isTyping: true}
    assert.deepEqual([acts("j", {}, writing), acts("?", {}, writing), acts("Escape", {}, writing), acts("k", {ctrlKey: true}, writing)],
      [null, null, "leave", "palette"])
  })

  test("is the browser's with a modifier", () => {
    for (const key of ["j", "n", "r", "f", "d", "e", "u", "/"]) {
      for (const held of ["ctrlKey", "metaKey", "altKey"]) assert.equal(acts(key, {[held]: true}), null, `${held} ${key}`)
    }
    assert.deepEqual([acts("k", {ctrlKey: true}), acts("K", {metaKey: true})], ["palette", "palette"])
    for (const held of [{ctrlKey: true, shiftKey: true}, {ctrlKey: true, altKey: true}, {ctrlKey: true, metaKey: true}]) assert.equal(acts("k", held), null)
  })

  test("is a letter without Shift, whatever caps lock says", () => {
    assert.deepEqual([acts("J"), acts("J", {shiftKey: true}), acts("?", {shiftKey: true}), acts("/", {shiftKey: true})], ["next", null, "help", "search"])
  })

  test("can be switched off, if it is a single one", () => {
    const off = {isOn: false}
    assert.deepEqual([acts("j", {}, off), acts("?", {}, off), acts("k", {metaKey: true}, off), acts("Escape", {}, off)], [null, null, "palette", "leave"])
  })

  test("does nothing below a dialog, in an input method, or to no conversation", () => {
    for (const key of ["j", "Escape"]) assert.equal(acts(key, {}, {isBusy: true}), null)
    assert.equal(acts("j", {isComposing: true}), null)
    const nothing = {isMeant: false}
    assert.deepEqual([acts("e", {}, nothing), acts("r", {}, nothing), acts("j", {}, nothing), acts("n", {}, nothing)], [null, null, "next", "new"])
  })

  test("repeats only where that is meant", () => {
    assert.deepEqual([acts("j", {repeat: true}), acts("m", {repeat: true}), acts("e", {repeat: true})], ["next", null, null])
  })

  test("is read as it stands on the keyboard", () => {
    assert.deepEqual([keycaps("j", false), keycaps("Mod+k", false), keycaps("Mod+k", true), keycaps("ArrowUp", true), keycaps("?", true), keycaps("Escape", false)],
      [["J"], ["Ctrl", "K"], ["⌘", "K"], ["↑"], ["?"], ["Esc"]])
  })
})

test("no two acts have one key, and each has its place and its word", () => {
  const keys = SHORTCUTS.flatMap(one => one.keys)
  assert.equal(new Set(keys).size, keys.length)
  for (const {act, where} of SHORTCUTS) {
    assert.ok(PLACES.includes(where) && dictionaries.en[`keys_${where}`], where)
    assert.ok(dictionaries.en[`key_${act}`], act)
  }
  for (const {act, isHidden} of SHORTCUTS) assert.ok(isHidden || SYMBOLS[act], act)
})

describe("a filter", () => {
  const one = (info = {}, unread = 0, unreadMentions = 0) => ({info, unread, unreadMentions})
  const read = one()
  const unread = one({}, 2)
  const mentioned = one({}, 3, 1)
  const away = one({archived: true}, 1, 1)
  const conversations = [read, unread, mentioned, away]
  const shown = name => conversations.filter(filterOf(name).has)

  test("has its conversations", () => {
    assert.deepEqual([shown("all"), shown("unread"), shown("mentions"), shown("archived")],
      [[read, unread, mentioned], [unread, mentioned], [mentioned], [away]])
  })

  test("that nobody knows is the first one", () => assert.deepEqual([filterOf("mine?"), filterOf(null)], [FILTERS[0], FILTERS[0]]))

  test("is offered with its number; the rare one where it has something, or is chosen", () => {
    const told = (these, chosen = "all", permissions = []) => offered(these, chosen, permissions).map(({filter, count}) => [filter.name, count])
    assert.deepEqual(told(conversations), [["all", 3], ["unread", 2], ["mentions", 1], ["archived", 1]])
    assert.deepEqual(told([read]), [["all", 1], ["unread", 0], ["mentions", 0]])
    assert.deepEqual(told([], "archived").at(-1), ["archived", 0])
    assert.deepEqual(told([], "all", ["serve"]).map(([name]) => name), ["all", "mine", "unassigned", "unread", "mentions"])
  })

  test("has its words", () => {
    for (const {name} of FILTERS) assert.ok(dictionaries.en[`filter_${name}`], name)
    for (const {name} of FILTERS.slice(1)) assert.ok(dictionaries.en[`filter_${name}_none`] && dictionaries.en[`filter_${name}_none_text`], name)
  })
})

describe("what is looked for", () => {
  const table = [
    ["Ana Belén", "ana", 3], ["Ana Belén", "belen", 2], ["Ana Belén", "bel an", 2], ["Ana Belén", "elé", 1], ["Ana Belén", "ana x", 0],
    ["Room 101 (north)", "north", 2], ["ÁNGEL", "ang", 3], ["Ana", "", 3], ["Ana", "  ", 3], ["a.*b", ".*", 1],
  ]
  for (const [text, wanted, rank] of table) test(`${wanted} in ${text}`, () => assert.equal(fit(text, wanted), rank))

  test("comes best first, else in its order", () => {
    assert.deepEqual(fitting(["Banana", "Old Ana", "Ana", "Bob", "Anabel"], one => one, "ana", 4), ["Ana", "Anabel", "Old Ana", "Banana"])
    assert.deepEqual(fitting(["c", "a", "b"], one => one, "", 2), ["c", "a"])
  })
})
