/** The panel's tab of people and groups. Loaded for those to whom it is of use. */

import {Directory} from "../js/elements/directory.js"
import {NewConversationElement} from "../js/elements/new-conversation.js"
import {defineElements} from "../js/elements/define.js"
import {adopt} from "../js/elements/sheet.js"
import {mayWriteTo} from "../js/store/rights.js"
import {CROWDS} from "./views.js"

/** @typedef {import("./visit.js").Visit} Visit */
/** @typedef {import("../js/words.js").Words} Words */
/** @typedef {import("../js/wire.js").Member} Member */

const SHEETS = ["choosing.css", "list.css"]

/**
 * @param {Node} node  in whose shadow it is going to be
 * @param {ConstructorParameters<typeof People>} about
 */
export async function peopleIn(node, ...about) {
  await Promise.all(SHEETS.map(name => adopt(node, name)))
  return new People(...about)
}

class People {
  #visit
  #person
  #directory
  #dialog
  /** @type {Member[] | null} */
  #found = null
  #text = ""

  /**
   * @param {Visit} visit
   * @param {Words} words
   * @param {() => import("../js/store/rights.js").Person} person
   * @param {(id: string) => void} went  to a conversation
   */
  constructor(visit, words, person, went) {
    this.#visit = visit
    this.#person = person
    defineElements(words, {"parley-new-conversation": NewConversationElement})
    this.#dialog = Object.assign(/** @type {NewConversationElement} */ (document.createElement("parley-new-conversation")), {words})
    this.#directory = new Directory(words)
    /** @type {(target: EventTarget, name: string, act: (detail: any) => void) => void} */
    const on = (target, name, act) => target.addEventListener(name, event => act(/** @type {CustomEvent} */ (event).detail))
    on(this.#directory.node, "directory:open", ({id}) => went(id))
    on(this.#directory.node, "directory:write", ({member}) => this.#start(went, visit.write(member), this.#directory))
    on(this.#directory.node, "directory:group", () => this.#dialog.open({isGroup: true}))
    on(this.#directory.node, "directory:find", ({text}) => this.#find(text))
    on(this.#dialog, "new:find", async ({text}) => this.#dialog.found = (await visit.peopleNamed(text)).filter(({role}) => role !== "guest"))
    on(this.#dialog, "new:start", ({members, title}) => this.#start(went, visit.gather(members, title), this.#dialog))
  }

  get nodes() {
    return [this.#directory.node, this.#dialog]
  }

  show() {
    const {me, people, conversations, client} = this.#visit
    const shown = this.#found ?? people
    client?.others.list(shown.map(({id}) => id))
    this.#directory.show({
      me, people: shown, text: this.#text,
      groups: conversations.filter(({info}) => CROWDS.includes(info.kind)),
      presenceOf: id => client?.others.presenceOf(id) ?? null,
      mayWriteTo: member => mayWriteTo(member, this.#person()),
      mayGather: this.#person().permissions.includes("start_direct"),
    })
  }

  /** @param {string} text */
  async #find(text) {
    this.#text = text
    const found = text ? await this.#visit.peopleNamed(text).catch(() => null) : null
    // What was asked before may be answered after.
    if (text !== this.#text) return
    this.#found = found
    this.show()
  }

  /**
   * @param {(id: string) => void} went
   * @param {Promise<string>} starting
   * @param {{fail: () => void, close?: () => void}} asker
   */
  async #start(went, starting, asker) {
    try {
      went(await starting)
      asker.close?.()
    } catch {
      asker.fail()
    }
  }
}
