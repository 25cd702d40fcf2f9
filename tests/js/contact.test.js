/** Where somebody writes from: what is told, when, and what never leaves the page; and what the staff read of a device. */

import assert from "node:assert/strict"
import {beforeEach, describe, test} from "node:test"
import {deviceOf} from "../../static/js/device.js"
import {Contact} from "../../static/widget/contact.js"
import {settled} from "./fakes.js"

let told
let refuses
let here
let contact
const api = {
  async patch(path, body) {
    told.push([path, body])
    if (refuses) throw new Error("no")
  },
}

beforeEach(() => {
  told = []
  refuses = false
  here = {page: "https://hotel.example/rooms/?token=1#bed", locale: "pt-BR"}
  contact = new Contact(() => here)
})

test("nothing is told before somebody writes, then all of it once", async () => {
  await contact.know({attributes: {plan: "gold"}})
  contact.tell()
  contact.meet(api, "carol")
  await contact.know({attributes: {plan: "gold", nights: 2}})
  assert.deepEqual(told, [])
  contact.tell()
  contact.tell()
  await settled()
  assert.deepEqual(told, [["me/contact/", {page: "https://hotel.example/rooms/", locale: "pt-BR", attributes: {plan: "gold", nights: 2}}]])
})

test("later only what has changed, and at once when the host says so", async () => {
  contact.meet(api, "carol")
  contact.tell()
  await settled()
  here = {...here, page: "https://hotel.example/pool/"}
  contact.tell()
  await settled()
  await contact.know({attributes: {plan: "gold"}})
  await contact.know({locale: "es"})
  assert.deepEqual(told.slice(1).map(([, body]) => body), [{page: "https://hotel.example/pool/"}, {attributes: {plan: "gold"}}, {locale: "es"}])
})

test("what was not taken is told again; the host hears why, the person does not", async () => {
  contact.meet(api, "carol")
  refuses = true
  contact.tell()
  await assert.rejects(contact.know({attributes: {plan: "gold"}}))
  refuses = false
  contact.tell()
  await settled()
  assert.deepEqual(told.at(-1)[1], {page: "https://hotel.example/rooms/", locale: "pt-BR", attributes: {plan: "gold"}})
})

test("what was said of one is not told of the next", async () => {
  contact.meet(api, "carol")
  await contact.know({attributes: {plan: "gold"}})
  contact.forget()
  contact.meet(api, "dana")
  contact.tell()
  await settled()
  assert.deepEqual(told, [["me/contact/", {page: "https://hotel.example/rooms/", locale: "pt-BR"}]])
})

describe("a device", () => {
  const WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
  const table = [
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/141.0.0.0 Safari/537.36`, "Chrome · Windows"],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0`, "Edge · Windows"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "Safari · iPhone"],
    ["Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0 Mobile/15E148 Safari/604.1", "Chrome · iPad"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox · Linux"],
    [`Mozilla/5.0 (Linux; Android 15; SM-S921B) ${WEBKIT} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`, "Samsung Internet · Android"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", "Safari · Mac"],
    ["curl/8.5.0", ""], ["", ""],
  ]
  for (const [agent, said] of table) test(said || `"${agent}" is nothing`, () => assert.equal(deviceOf(agent), said))
})
