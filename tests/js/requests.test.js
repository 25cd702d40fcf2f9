/** What is known of requests: asked for, told of, decided, and once more after a pause. */

import assert from "node:assert/strict"
import {beforeEach, describe, test} from "node:test"
import {Requests} from "../../static/js/store/requests.js"

const SPACE = {id: "s1", kind: "project", name: "Mill House", may_request: true}
const WANTED = {client_id: "c1", space: "s1", kind: "material", title: "Paint", description: ""}
const request = (id, fields = {}) => ({id, space: SPACE, ...WANTED, status: "pending", created_by: {id: "carol"}, files: [], version: 1, ...fields})

let asked = []
let answers = {}
let uploads = []
let client = new EventTarget()
let requests = null

const answer = (what, about) => {
  asked.push([what, about])
  const found = answers[what]
  if (found instanceof Error) throw found
  return typeof found === "function" ? found() : found
}
const api = {
  get: async (path, query) => answer(`GET ${path}`, query),
  post: async (path, body) => answer(`POST ${path}`, body),
  uploadTo: path => ({url: path, headers: {}}),
}
const announce = (name, detail) => client.dispatchEvent(new CustomEvent(name, {detail}))
const titles = () => requests.all.map(({id, status}) => `${id} ${status}`)
const upload = async ({url, fields}, file) => {
  uploads.push([url, fields, file.name])
  if (file.name.endsWith(".exe")) throw new Error("unsupported")
}

beforeEach(() => {
  asked = []
  uploads = []
  client = new EventTarget()
  answers = {"GET client-requests/": {results: [request("r2"), request("r1", {status: "approved"})], next: "more"}, "GET spaces/": {results: [SPACE], next: null}}
  requests = new Requests(api, client, upload)
})

describe("listed", () => {
  test("the newest first, and where one can be for", async () => {
    await requests.load({status: "pending"})
    assert.deepEqual(titles(), ["r2 pending", "r1 approved"])
    assert.deepEqual(requests.spaces, [SPACE])
    assert.deepEqual(asked, [["GET client-requests/", {status: "pending"}], ["GET spaces/", undefined]])
  })

  test("more of the same, until there is no more", async () => {
    await requests.load({status: "pending"})
    answers["GET client-requests/"] = {results: [request("r0")], next: null}
    await requests.more()
    assert.deepEqual(asked.at(-1), ["GET client-requests/", {status: "pending", cursor: "more"}])
    assert.deepEqual(titles(), ["r2 pending", "r1 approved", "r0 pending"])
    assert.equal(requests.hasMore, false)
    await requests.more()
    assert.equal(asked.length, 3)
  })

  test("an answer to what was asked before is too late", async () => {
    let later = () => {}
    answers["GET client-requests/"] = () => new Promise(resolve => later = () => resolve({results: [request("r9")], next: null}))
    const first = requests.load({status: "pending"})
    answers["GET client-requests/"] = {results: [request("r1")], next: null}
    await requests.load()
    later()
    await first
    assert.deepEqual(titles(), ["r1 pending"])
  })
})

describe("told of", () => {
  test("nobody who has not looked keeps anything", () => {
    announce("frame", {type: "request", event: "created", request: request("r3")})
    assert.deepEqual(titles(), [])
  })

  test("what is new comes in, what is behind does not", async () => {
    await requests.load()
    announce("frame", {type: "request", event: "created", request: request("r3")})
    announce("frame", {type: "request", event: "approved", request: request("r3", {status: "approved", version: 2})})
    announce("frame", {type: "request", event: "created", request: request("r3")})
    announce("frame", {type: "message", message: {}})
    assert.deepEqual(titles(), ["r3 approved", "r2 pending", "r1 approved"])
  })

  test("after a pause, all is asked again, as it was asked before", async () => {
    announce("connection", {state: "open"})
    assert.deepEqual(asked, [])
    await requests.load({status: "pending"})
    announce("connection", {state: "open"})
    assert.deepEqual(asked.at(-1), ["GET client-requests/", {status: "pending"}])
  })
})

describe("missed", () => {
  const settled = () => new Promise(resolve => setTimeout(resolve))
  const gone = Object.assign(new Error("gone"), {code: "not_found"})

  test("what waits no longer is not shown as if it did", async () => {
    answers["GET client-requests/"] = {results: [request("r3"), request("r2"), request("r1")], next: null}
    await requests.load({status: "pending"})
    answers["GET client-requests/"] = {results: [request("r4"), request("r2")], next: null}
    answers["GET client-requests/r3/"] = request("r3", {status: "approved", version: 2})
    answers["GET client-requests/r1/"] = gone
    announce("connection", {state: "open"})
    await settled()
    assert.deepEqual(titles(), ["r4 pending", "r3 approved", "r2 pending"])
  })

  test("what the list does not reach stays, until it does", async () => {
    answers["GET client-requests/"] = {results: [request("r3"), request("r2"), request("r1")], next: null}
    await requests.load({status: "pending"})
    answers["GET client-requests/"] = {results: [request("r3")], next: "more"}
    announce("connection", {state: "open"})
    await settled()
    assert.deepEqual(titles(), ["r3 pending", "r2 pending", "r1 pending"])
    answers["GET client-requests/"] = {results: [request("r1")], next: null}
    answers["GET client-requests/r2/"] = gone
    await requests.more()
    await settled()
    assert.deepEqual(titles(), ["r3 pending", "r1 pending"])
  })

  test("what could not be asked is kept", async () => {
    await requests.load()
    answers["GET client-requests/"] = {results: [], next: null}
    answers["GET client-requests/r2/"] = answers["GET client-requests/r1/"] = new Error("no answer")
    announce("connection", {state: "open"})
    await settled()
    assert.deepEqual(titles(), ["r2 pending", "r1 approved"])
  })

  test("a list that could not be had is asked for again", async () => {
    const {"GET client-requests/": list} = answers
    answers["GET client-requests/"] = new Error("no answer")
    await assert.rejects(requests.load({status: "pending"}))
    answers["GET client-requests/"] = list
    announce("connection", {state: "open"})
    await settled()
    assert.deepEqual(titles(), ["r2 pending", "r1 approved"])
  })
})

describe("asked for", () => {
  test("with its files, one by one; those that are not taken are named", async () => {
    answers["POST client-requests/"] = request("r3")
    answers["GET client-requests/r3/"] = request("r3", {files: [{id: "f", name: "plan.pdf"}], version: 2})
    const {request: made, refused} = await requests.ask(WANTED, [{name: "plan.pdf"}, {name: "run.exe"}])
    assert.equal(made.id, "r3")
    assert.deepEqual(refused.map(({name}) => name), ["run.exe"])
    assert.deepEqual(uploads, [["client-request-attachments/", {request: "r3"}, "plan.pdf"], ["client-request-attachments/", {request: "r3"}, "run.exe"]])
    assert.equal(requests.get("r3").files.length, 1)
  })

  test("without files nothing is asked again", async () => {
    answers["POST client-requests/"] = request("r3")
    await requests.ask(WANTED, [])
    assert.deepEqual(asked, [["POST client-requests/", WANTED]])
  })
})

describe("decided", () => {
  test("withdrawn, approved, rejected with a reason", async () => {
    for (const [act, status] of [["withdraw", "withdrawn"], ["approve", "approved"], ["reject", "rejected"]]) {
      answers[`POST client-requests/r1/${act}/`] = request("r1", {status, version: 2})
    }
    await requests.withdraw("r1")
    await requests.decide("r1", "approve", "")
    await requests.decide("r1", "reject", "Too dear.")
    assert.deepEqual(asked.map(([what, body]) => [what, body]), [
      ["POST client-requests/r1/withdraw/", {}], ["POST client-requests/r1/approve/", {reason: ""}], ["POST client-requests/r1/reject/", {reason: "Too dear."}],
    ])
    assert.deepEqual(titles(), ["r1 rejected"])
  })

  test("meanwhile by somebody else: it is shown how, and told", async () => {
    answers["POST client-requests/r1/approve/"] = Object.assign(new Error("conflict"), {code: "conflict", current: request("r1", {status: "rejected", version: 3})})
    await assert.rejects(requests.decide("r1", "approve", ""), {code: "conflict"})
    assert.deepEqual(titles(), ["r1 rejected"])
  })
})
