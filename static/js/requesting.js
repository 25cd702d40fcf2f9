/** Requests where somebody looks at them: wires the view to what is known. Loaded when they are looked at. */

import {prepare} from "./elements/files.js"
import {RequestsView} from "./elements/requests.js"
import {adopt} from "./elements/sheet.js"
import {filingOf} from "./filing.js"
import {Requests} from "./store/requests.js"
import {upload} from "./uploading.js"
import dictionaries from "./words/requests.js"

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./store/rights.js").Person} Person */
/** @typedef {import("./words.js").Words} Words */

/** @type {WeakMap<Client, Requests>} */
const known = new WeakMap()

/** @param {Client} client */
export function requestsOf(client) {
  const requests = known.get(client) ?? new Requests(client.api, client, upload)
  known.set(client, requests)
  return requests
}

/**
 * @param {Element} root  where it is going to be shown
 * @param {object} options
 * @param {Client} options.client
 * @param {Words} options.words
 * @param {Person} options.person
 * @param {boolean} [options.mayFilter]
 */
export async function requestsIn(root, {client, words, person, mayFilter = false}) {
  await Promise.all([prepare(root, words), adopt(root, "requests.css")])
  words.learn(dictionaries)
  return new Requesting(client, words, person, mayFilter)
}

class Requesting {
  #words
  #person
  #requests
  #status
  #hasFailed = false
  #isChanging = false
  view

  /**
   * @param {Client} client
   * @param {Words} words
   * @param {Person} person
   * @param {boolean} mayFilter
   */
  constructor(client, words, person, mayFilter) {
    this.#words = words
    this.#person = person
    this.#status = mayFilter ? "pending" : null
    this.#requests = requestsOf(client)
    this.view = new RequestsView(words, files => Object.assign(/** @type {import("./elements/files.js").FilesElement} */ (document.createElement("parley-files")), {files, filing: filingOf(client), person}))
    this.#requests.addEventListener("change", this.#show)
    /** @type {(name: string, act: (detail: any) => void) => void} */
    const on = (name, act) => this.node.addEventListener(name, event => act(/** @type {CustomEvent} */ (event).detail))
    on("requests:ask", ({wanted, files}) => this.#ask(wanted, files))
    on("requests:add", ({id, files}) => this.#requests.add(id, files).then(refused => this.view.tell(this.#refusedWords(refused)), () => this.#failed()))
    on("requests:withdraw", ({id}) => this.#change(() => this.#requests.withdraw(id)))
    on("requests:decide", ({id, decision, reason}) => this.#change(() => this.#requests.decide(id, decision, reason)))
    on("requests:more", () => this.#requests.more().catch(() => this.#failed()))
    on("requests:filter", ({status}) => {
      this.#status = status
      this.load()
    })
  }

  get node() {
    return this.view.node
  }

  async load() {
    try {
      await this.#requests.load(this.#status ? {status: this.#status} : {})
      this.view.tell("")
    } catch {
      this.#hasFailed = true
      this.view.tell(this.#words.say("requests_failed"))
    }
  }

  /** @param {string} id */
  async open(id) {
    await this.load()
    const isThere = this.#requests.get(id) || await this.#requests.find(id).then(() => true, () => false)
    if (isThere) this.view.open(id)
    else this.view.tell(this.#words.say("requests_failed"))
  }

  /** It is not looked at any more. */
  end() {
    this.#requests.removeEventListener("change", this.#show)
  }

  #show = () => {
    // They came later, with the connection.
    if (this.#hasFailed) this.view.tell("")
    this.#hasFailed = false
    const {me, permissions} = this.#person
    const {all, spaces, hasMore} = this.#requests
    this.view.show({
      requests: all, spaces: spaces ?? [], me: me.id, hasMore, status: this.#status, mayDecide: permissions.includes("decide_requests"),
    })
  }

  /**
   * @param {import("./store/requests.js").Wanted} wanted
   * @param {File[]} files
   */
  async #ask(wanted, files) {
    try {
      const {request, refused} = await this.#requests.ask(wanted, files)
      this.view.sent(request.id, this.#refusedWords(refused) || this.#words.say("request_sent"))
    } catch {
      this.view.fail()
    }
  }

  /** Once, however often it is clicked: the second would hear that it was decided meanwhile. @param {() => Promise<void>} change */
  async #change(change) {
    if (this.#isChanging) return
    this.#isChanging = true
    try {
      await change()
      this.view.tell("")
    } catch (error) {
      const {code} = /** @type {{code?: string}} */ (error)
      this.view.tell(this.#words.say(code === "conflict" ? "request_moved_on" : "request_not_sent"))
    } finally {
      this.#isChanging = false
    }
  }

  #failed() {
    this.view.tell(this.#words.say("request_not_sent"))
  }

  /** @param {{name: string}[]} refused */
  #refusedWords(refused) {
    const names = this.#words.list(refused.map(({name}) => name))
    return refused.length ? this.#words.say("request_files_refused", {count: refused.length, names}) : ""
  }
}
