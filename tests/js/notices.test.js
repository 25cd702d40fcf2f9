/** Being told on this device: who is asked, what is shown, and what is not. */

import assert from "node:assert/strict"
import {readFileSync} from "node:fs"
import {beforeEach, test} from "node:test"
import vm from "node:vm"
import {isWanted, Notices} from "../../static/js/notices.js"
import {message, settled} from "./fakes.js"

const KEYS = {p256dh: "point", auth: "secret"}
let calls
let shown
let permission
let subscribed
let knownKey

beforeEach(() => {
  [calls, shown, permission, subscribed, knownKey] = [[], [], "default", false, "key"]
})

const subscription = {
  toJSON: () => ({endpoint: "https://push.example/1", keys: KEYS}),
  unsubscribe: async () => {
    subscribed = false
    knownKey = "key"
  },
}
const registration = {
  active: {postMessage: ({type, notice}) => shown.push([type, notice])},
  pushManager: {
    getSubscription: async () => subscribed ? subscription : null,
    subscribe: async ({applicationServerKey, userVisibleOnly}) => {
      if (applicationServerKey !== knownKey) throw new Error("InvalidStateError")
      subscribed = userVisibleOnly
      return subscription
    },
  },
}
const api = {
  get: async path => path === "preferences/" ? {kinds: {new_message: {push: true}}} : {key: "key", results: []},
  post: async (path, body) => {
    calls.push(["post", path, body])
    return {id: "s1"}
  },
  delete: async path => calls.push(["delete", path]),
}

function open({isLeader = true, answers = "granted", isSupported = true} = {}) {
  const means = {
    permission: () => permission,
    ask: async () => permission = answers,
    register: async () => registration,
  }
  return new Notices({api, tabs: {isLeader}, means: isSupported ? means : null, say: (word, {actor}) => `${word} ${actor}`})
}

test("asks nobody who has not clicked", async () => {
  const notices = open()
  await notices.start()
  assert.deepEqual([notices.state, permission, calls], ["off", "default", []])
  assert.equal(open({isSupported: false}).state, "unsupported")
})

test("signs up by a click, and off again", async () => {
  const notices = open()
  await notices.turnOn()
  assert.deepEqual(calls, [["post", "push-subscriptions/", {endpoint: "https://push.example/1", keys: KEYS}]])
  assert.equal(notices.state, "on")
  await notices.turnOff()
  assert.deepEqual([calls.at(-1), notices.state, subscribed], [["delete", "push-subscriptions/s1/"], "off", false])
})

test("refused is refused", async () => {
  const notices = open({answers: "denied"})
  await notices.turnOn()
  assert.deepEqual([notices.state, calls], ["denied", []])
})

test("whoever signed up before is signed up by the session of today", async () => {
  [permission, subscribed] = ["granted", true]
  const notices = open()
  await notices.start()
  assert.deepEqual([notices.state, calls.length], ["on", 1])
})

test("a server with another key is signed up with anew", async () => {
  [permission, subscribed, knownKey] = ["granted", true, "former key"]
  const notices = open()
  await notices.start()
  assert.deepEqual([notices.state, subscribed], ["on", true])
})

const MENTION = {
  type: "notification", unread: 1, alert: true,
  notification: {id: "n-1", kind: "mention", conversation: "c-1", actor: {name: "Ben"}, excerpt: "@Ana?", data: {}},
}

test("shows what the server lets it, by the tab that leads", async () => {
  const [leader, follower] = [open(), open({isLeader: false})]
  for (const notices of [leader, follower]) {
    await notices.turnOn()
    notices.hear(MENTION)
    notices.hear({...MENTION, alert: false})
    notices.hear({type: "notifications", event: "read", unread: 0})
  }
  await settled()
  assert.deepEqual(shown, [["show", {kind: "mention", conversation: "c-1", title: "notice_mention Ben", body: "@Ana?", tag: "c1"}]])
})

test("a request is where its notice leads", async () => {
  const notices = open()
  await notices.turnOn()
  const about = (kind, data) => ({type: "notification", unread: 1, alert: true, notification: {id: "n-2", kind, conversation: null, actor: {name: "Ana"}, excerpt: "", data}})
  notices.hear(about("new_request", {request: "r-1", title: "Towels"}))
  notices.hear(about("request_status", {request: "r-1", title: "Towels", status: "approved"}))
  await settled()
  const url = "/chat/#request=r-1"
  assert.deepEqual(shown, ["notice_new_request Ana", "notice_request_approved Ana"].map((title, number) =>
    ["show", {kind: ["new_request", "request_status"][number], conversation: null, title, body: "Towels", tag: "n2", url}]))
})

test("shows what is new in a conversation, unless it is muted", async () => {
  const notices = open()
  await notices.turnOn()
  notices.arrived(message(1), {kind: "direct", title: ""})
  notices.arrived(message(2), {kind: "group", title: "Keys", notify: "mentions"})
  notices.arrived({...message(3), kind: "system"}, {kind: "direct", title: ""})
  await settled()
  assert.deepEqual(shown.map(([, {title, body, tag}]) => [title, body, tag]), [["Ben", "Ben: text 1", "c1"]])
})

test("off, it shows nothing", async () => {
  open().hear(MENTION)
  await settled()
  assert.deepEqual(shown, [])
})

test("what is wanted of a conversation", () => {
  const kinds = {new_message: {push: true}}
  const until = new Date(1_000).toISOString()
  for (const [place, expected] of [
    [{kind: "direct"}, true],
    [{kind: "channel"}, false],
    [{kind: "channel", notify: "all"}, true],
    [{kind: "group", notify: "nothing"}, false],
    [{kind: "group", notify: "mentions"}, false],
    [{kind: "group", muted_until: until}, false],
  ]) assert.equal(isWanted(kinds, place, 999), expected, JSON.stringify(place))
  assert.equal(isWanted(kinds, {kind: "group", muted_until: until}, 1_001), true)
  assert.equal(isWanted({new_message: {push: false}}, {kind: "direct"}, 0), false)
})

// --- the worker ------------------------------------------------------------------------------------------------------

const SOURCE = readFileSync(new URL("../../static/js/push-worker.js", import.meta.url), "utf8")

/** @param {{url: string, focused?: boolean}[]} pages */
function startWorker(...pages) {
  return startWorkerWith({}, ...pages)
}

/** @param {object} world  what else there is */
function startWorkerWith({preload = false, ...world}, ...pages) {
  const [listeners, notices, opened] = [{}, [], []]
  const windows = pages.map(page => ({...page, told: [], focus: async () => page.isFront = true, postMessage(data) {
    this.told.push(data)
  }}))
  const self = {
    addEventListener: (type, listener) => listeners[type] = listener,
    skipWaiting() {},
    clients: {matchAll: async () => windows, openWindow: async path => opened.push(path), claim() {}},
    registration: {
      showNotification: async (title, options) => notices.push([title, options]),
      navigationPreload: {enable: async () => preload},
    },
    caches: {open: async name => ({match: async url => world.kept?.[`${name} ${url}`]})},
  }
  vm.runInNewContext(SOURCE, {self, URL, fetch: world.fetch})
  const happens = async (type, event) => {
    let done
    listeners[type]({waitUntil: promise => done = promise, respondWith: promise => done = promise, ...event})
    return await done
  }
  return {happens, notices, opened, windows, pages}
}

const PUSHED = {kind: "mention", conversation: "c-1", title: "Ben mentioned you", body: "Ben: hi", url: "/chat/?organisation=hotel#c-1", tag: "c1", unread: 1}
const CHAT = "https://parley.example/chat/"

test("a push is shown", async () => {
  const {happens, notices} = startWorker({url: CHAT, focused: false})
  await happens("push", {data: {json: () => PUSHED}})
  assert.deepEqual(JSON.parse(JSON.stringify(notices)), [["Ben mentioned you", {
    body: "Ben: hi", tag: "c1", icon: "/static/img/parley.svg", renotify: true, data: {conversation: "c-1", url: PUSHED.url},
  }]])
})

test("nothing is shown to whoever looks at a page of ours", async () => {
  const {happens, notices} = startWorker({url: CHAT, focused: false}, {url: CHAT, focused: true})
  await happens("push", {data: {json: () => PUSHED}})
  await happens("message", {data: {type: "show", notice: PUSHED}})
  assert.deepEqual(notices, [])
})

test("what is none of ours is nothing", async () => {
  const {happens, notices} = startWorker()
  for (const data of [null, {json: () => JSON.parse("{")}, {json: () => ({})}, {json: () => null}]) await happens("push", {data})
  assert.deepEqual(notices, [])
})

test("a click leads to the conversation, in the page that is open", async () => {
  const {happens, opened, windows, pages} = startWorker({url: "https://parley.example/admin/"}, {url: `${CHAT}?organisation=hotel#c-2`})
  await happens("notificationclick", {notification: {close() {}, data: {conversation: "c-1", url: PUSHED.url}}})
  assert.deepEqual([opened, JSON.parse(JSON.stringify(windows[1].told)), pages[1].isFront], [[], [{type: "go", conversation: "c-1"}], true])
})

test("and to what is in no conversation", async () => {
  const {happens, opened, windows} = startWorker({url: CHAT})
  await happens("notificationclick", {notification: {close() {}, data: {conversation: null, url: "/chat/?organisation=hotel#request=r-1"}}})
  assert.deepEqual([opened, JSON.parse(JSON.stringify(windows[0].told))], [[], [{type: "go", conversation: "request=r-1"}]])
})

test("or to a new one, and never elsewhere", async () => {
  const {happens, opened} = startWorker()
  for (const url of [PUSHED.url, "//evil.example/", "https://evil.example/", "", "javascript:alert(1)"]) {
    await happens("notificationclick", {notification: {close() {}, data: {conversation: null, url}}})
  }
  assert.deepEqual(opened, [PUSHED.url, CHAT, CHAT, CHAT, CHAT].map(url => url.replace("https://parley.example", "")))
})

// --- without a server ------------------------------------------------------------------------------------------------

const VISIT = {request: {mode: "navigate", method: "GET"}, preloadResponse: Promise.resolve(undefined)}
const KEPT = {"parley-offline /chat/offline/": "the page"}
const isDown = async () => {
  throw new TypeError("Failed to fetch")
}

test("a visit is answered by the server, also by what came while the worker woke up", async () => {
  const {happens} = startWorkerWith({kept: KEPT, fetch: async () => "fetched"})
  assert.equal(await happens("fetch", VISIT), "fetched")
  assert.equal(await happens("fetch", {...VISIT, preloadResponse: Promise.resolve("sooner")}), "sooner")
})

test("without a server, by the page that is kept; without that, as ever", async () => {
  const {happens} = startWorkerWith({kept: KEPT, fetch: isDown})
  assert.equal(await happens("fetch", VISIT), "the page")
  assert.equal(await happens("fetch", {...VISIT, preloadResponse: isDown()}), "the page")
  await assert.rejects(startWorkerWith({fetch: isDown}).happens("fetch", VISIT), TypeError)
})

test("nothing but visits is the worker's: no answer, no picture, no form", async () => {
  const {happens} = startWorkerWith({kept: KEPT, fetch: isDown})
  for (const request of [{mode: "cors", method: "GET"}, {mode: "no-cors", method: "GET"}, {mode: "navigate", method: "POST"}]) {
    assert.equal(await happens("fetch", {...VISIT, request}), undefined)
  }
})
