/** One browser with several tabs: the locks and channels that they share. */

/** Messages arrive later, in order, as copies; a frozen tab gets none, and says none. */
class FakeChannel {
  onmessage = null

  constructor(tab, name) {
    Object.assign(this, {tab, name})
    tab.browser.channels.add(this)
  }

  postMessage(data) {
    if (this.tab.isFrozen) return
    const copy = structuredClone(data)
    for (const other of this.tab.browser.channels) {
      if (other !== this && other.name === this.name) queueMicrotask(() => other.#receive(copy))
    }
  }

  close() {
    this.tab.browser.channels.delete(this)
  }

  #receive(data) {
    if (!this.tab.isFrozen && !this.tab.isDeaf) this.onmessage?.({data: structuredClone(data)})
  }
}

export class FakeTab {
  isFrozen = false
  /** Loses every message: what a test does to see that it heals. */
  isDeaf = false

  constructor(browser) {
    this.browser = browser
    this.locks = {request: (name, options, act) => browser.request(this, name, options, act)}
  }

  openChannel = name => new FakeChannel(this, name)

  /** Gone without a word. */
  crash() {
    this.isFrozen = true
    for (const channel of this.browser.channels) if (channel.tab === this) channel.close()
    this.browser.abandon(this)
  }
}

export class FakeBrowser {
  channels = new Set()
  #requests = []

  tab() {
    return new FakeTab(this)
  }

  request(tab, name, {steal = false, ifAvailable = false, signal}, act) {
    if (ifAvailable && this.#requests.some(one => one.name === name)) return Promise.resolve(act(null))
    const request = {tab, name, act, isHeld: false, ...withResolvers()}
    if (steal) this.#steal(name)
    this.#requests[steal ? "unshift" : "push"](request)
    signal?.addEventListener("abort", () => !request.isHeld && this.#end(request, () => request.reject(signal.reason)))
    this.#grant(name)
    return request.promise
  }

  abandon(tab) {
    for (const request of this.#requests.filter(one => one.tab === tab)) this.#end(request, () => {})
  }

  #steal(name) {
    const held = this.#requests.find(one => one.name === name && one.isHeld)
    if (held) this.#end(held, () => held.reject(new DOMException("stolen", "AbortError")), false)
  }

  #end(request, settle, grantsNext = true) {
    if (!this.#requests.includes(request)) return
    this.#requests = this.#requests.filter(one => one !== request)
    settle()
    if (grantsNext) this.#grant(request.name)
  }

  #grant(name) {
    const next = this.#requests.find(one => one.name === name)
    if (!next || next.isHeld) return
    next.isHeld = true
    queueMicrotask(() => Promise.resolve(next.act({name})).then(value => this.#end(next, () => next.resolve(value))))
  }
}

function withResolvers() {
  const made = {}
  made.promise = new Promise((resolve, reject) => Object.assign(made, {resolve, reject}))
  return made
}
