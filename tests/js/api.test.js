import assert from "node:assert/strict"
import {describe, test} from "node:test"
import {Api, ApiError} from "../../static/js/api.js"

function apiThat(respond, options = {}) {
  const calls = []
  const fetch = async (url, init) => {
    calls.push({url, ...init})
    return respond()
  }
  return {calls, api: new Api({base: "https://chat.example/api/v1/", fetch, ...options})}
}

const answer = (status, body, headers = {}) => () =>
  new Response(status === 204 ? null : typeof body === "string" ? body : JSON.stringify(body), {status, headers})

describe("credentials", () => {
  test("a session: cookies, CSRF and the organisation", async () => {
    const {api, calls} = apiThat(answer(200, {}), {organisation: "miramar", cookies: () => "a=1; csrftoken=s%2B3; b=2"})
    await api.post("socket-ticket/")
    assert.equal(calls[0].credentials, "same-origin")
    assert.equal(calls[0].headers["X-CSRFToken"], "s+3")
    assert.equal(calls[0].headers["X-Organisation"], "miramar")
    assert.equal(calls[0].headers.Authorization, undefined)
  })

  test("a token: no cookies at all", async () => {
    const {api, calls} = apiThat(answer(200, {}), {token: "t1", cookies: () => "csrftoken=x"})
    await api.post("socket-ticket/")
    api.renew("t2")
    await api.get("me/")
    assert.deepEqual(calls.map(({credentials}) => credentials), ["omit", "omit"])
    assert.deepEqual(calls.map(({headers}) => headers.Authorization), ["Bearer t1", "Bearer t2"])
    assert.equal(calls[0].headers["X-CSRFToken"], undefined)
  })

  test("nobody: neither", async () => {
    const {api, calls} = apiThat(answer(200, {}), {token: null})
    await api.get("widget/config/", {site: "k"})
    assert.equal(calls[0].credentials, "omit")
    assert.equal(calls[0].headers.Authorization, undefined)
  })
})

describe("requests", () => {
  test("a query leaves out what is not given", async () => {
    const {api, calls} = apiThat(answer(200, {}))
    await api.get("members/", {q: "", role: undefined, limit: 5, before: 0})
    await api.get("members/", {q: "a&b"})
    assert.deepEqual(calls.map(({url}) => url.split("v1/")[1]), ["members/?limit=5&before=0", "members/?q=a%26b"])
  })

  test("answers come as data, an empty one as null", async () => {
    assert.deepEqual(await apiThat(answer(201, {id: 1})).api.post("x/", {}), {id: 1})
    assert.equal(await apiThat(answer(204)).api.delete("x/"), null)
  })
})

describe("bytes", () => {
  test("come as they are, refusals as ever", async () => {
    const {api, calls} = apiThat(answer(200, "%PDF"), {token: "t1"})
    const blob = await api.blob("chat/download/f1/", {size: 300})
    assert.deepEqual([await blob.text(), calls[0].url.split("v1/")[1], calls[0].headers.Authorization], ["%PDF", "chat/download/f1/?size=300", "Bearer t1"])
    const refused = await apiThat(answer(404, {error: {code: "not_found", message: "No."}})).api.blob("x/").catch(one => one)
    assert.deepEqual([refused.code, refused.temporary], ["not_found", false])
  })
})

describe("errors", () => {
  const table = [
    ["a refused field", answer(400, {error: {code: "invalid", message: "No.", fields: {body: ["Too long."]}}}),
      {code: "invalid", status: 400, message: "No.", temporary: false, fields: {body: ["Too long."]}}],
    ["too fast", answer(429, {error: {code: "rate_limited", message: "Slow down."}}, {"Retry-After": "3"}),
      {code: "rate_limited", status: 429, temporary: true, retryAfter: 3_000}],
    ["a proxy's page", answer(502, "<html>"), {code: "http_502", status: 502, temporary: true, retryAfter: null}],
    ["an unheard-of shape", answer(404, ["?"]), {code: "http_404", status: 404, temporary: false}],
    ["a date as Retry-After", answer(503, {}, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), {status: 503, retryAfter: null}],
    ["no network", () => { throw new TypeError("failed") }, {code: "unreachable", status: 0, temporary: true}],
  ]
  for (const [name, respond, expected] of table) {
    test(name, async () => {
      const error = await apiThat(respond).api.post("x/").catch(one => one)
      assert.ok(error instanceof ApiError)
      for (const [field, value] of Object.entries(expected)) assert.deepEqual(error[field], value, field)
    })
  }
})
