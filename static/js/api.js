/** REST: one place that knows about credentials, time-outs and the error tree. */

/** For files. */
const LONG = 600_000

/** What the server said instead of an answer; status 0 means that it said nothing. */
export class ApiError extends Error {
  /**
   * @param {object} options
   * @param {string} options.code
   * @param {number} options.status
   * @param {string} [options.message]
   * @param {Record<string, any>} [options.fields]
   * @param {any} [options.current]  the state that things have moved on to
   * @param {number | null} [options.retryAfter]  milliseconds
   */
  constructor({code, status, message = code, fields = {}, current = null, retryAfter = null}) {
    super(message)
    this.name = "ApiError"
    this.code = code
    this.status = status
    this.fields = fields
    this.current = current
    this.retryAfter = retryAfter
  }

  /** Whether the same request may succeed later. */
  get temporary() {
    return this.status === 0 || this.status >= 500 || [408, 425, 429].includes(this.status)
  }
}

/**
 * @typedef {object} Options
 * @property {string} base  where the API lives, ending in "/"
 * @property {string | null} [token]  a bearer token; null is nobody; left out, the session cookie and its CSRF token
 * @property {string | null} [organisation]  slug, for a session with several memberships
 * @property {() => string} [cookies]  `document.cookie`
 * @property {typeof fetch} [fetch]
 * @property {number} [timeout]
 */

export class Api {
  #options

  /** @param {Options} options */
  constructor(options) {
    this.#options = options
  }

  /** @param {string} token  a newer one of the same person */
  renew(token) {
    this.#options = {...this.#options, token}
  }

  /**
   * @param {string} path
   * @param {Record<string, string | number | null | undefined>} [query]
   */
  get(path, query = {}) {
    return this.#request("GET", withQuery(path, query))
  }

  /**
   * What is no JSON, however long it takes.
   *
   * @param {string} path
   * @param {Record<string, string | number | null | undefined>} [query]
   * @returns {Promise<Blob>}
   */
  blob(path, query = {}) {
    return this.#request("GET", withQuery(path, query), undefined, response => response.blob(), LONG)
  }

  /**
   * Where and as whom, for an upload: XMLHttpRequest alone tells how far it is.
   *
   * @param {string} path
   */
  uploadTo(path) {
    return {url: this.#options.base + path, headers: this.#headers("POST")}
  }

  /**
   * @param {string} path
   * @param {object} [body]
   */
  post(path, body = {}) {
    return this.#request("POST", path, body)
  }

  /**
   * @param {string} path
   * @param {object} [body]
   */
  put(path, body = {}) {
    return this.#request("PUT", path, body)
  }

  /**
   * @param {string} path
   * @param {object} [body]
   */
  patch(path, body = {}) {
    return this.#request("PATCH", path, body)
  }

  /**
   * @param {string} path
   * @param {object} [body]
   */
  delete(path, body) {
    return this.#request("DELETE", path, body)
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @param {(response: Response) => Promise<any>} [read]
   * @param {number} [timeout]
   * @returns {Promise<any>}
   */
  async #request(method, path, body, read = json, timeout = this.#options.timeout ?? 20_000) {
    const {fetch: ask = globalThis.fetch, base} = this.#options
    const response = await reach(() => ask(base + path, {
      method,
      headers: this.#headers(method, body),
      body: body && JSON.stringify(body),
      credentials: this.#options.token === undefined ? "same-origin" : "omit",
      signal: AbortSignal.timeout(timeout),
    }))
    const data = response.status === 204 ? null : await reach(() => response.ok ? read(response) : json(response))
    if (!response.ok) throw toError(response, data)
    return data
  }

  /**
   * @param {string} method
   * @param {object} [body]
   */
  #headers(method, body) {
    const {token, organisation, cookies} = this.#options
    /** @type {Record<string, string>} */
    const headers = {Accept: "application/json"}
    if (body) headers["Content-Type"] = "application/json"
    if (token) headers.Authorization = `Bearer ${token}`
    if (organisation) headers["X-Organisation"] = organisation
    if (token === undefined && method !== "GET") headers["X-CSRFToken"] = cookieNamed("csrftoken", cookies?.() ?? "")
    return headers
  }
}

/**
 * @param {string} path
 * @param {Record<string, string | number | null | undefined>} query
 */
function withQuery(path, query) {
  const given = Object.entries(query).filter(([, value]) => value != null && value !== "")
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
  return search.size ? `${path}?${search}` : path
}

/**
 * @template T
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 */
async function reach(ask) {
  try {
    return await ask()
  } catch (error) {
    throw new ApiError({code: "unreachable", status: 0, message: String(error)})
  }
}

/** @param {Response} response */
async function json(response) {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return null // A proxy's error page; its status says enough.
  }
}

/**
 * @param {Response} response
 * @param {any} data
 */
function toError(response, data) {
  const seconds = Number(response.headers.get("Retry-After"))
  const {code = `http_${response.status}`, message, fields, current} = data?.error ?? {}
  return new ApiError({
    code, message, fields, current, status: response.status, retryAfter: seconds > 0 ? seconds * 1_000 : null,
  })
}

/**
 * @param {string} name
 * @param {string} cookies
 */
function cookieNamed(name, cookies) {
  const found = cookies.split("; ").find(cookie => cookie.startsWith(`${name}=`))
  return found ? decodeURIComponent(found.slice(name.length + 1)) : ""
}
