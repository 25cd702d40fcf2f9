/**
 * Files of a message that is being written: chosen, pasted, or dropped anywhere on the panel. They are uploaded at once,
 * each with a card that says how far it is; Send waits for them. Loaded with the first of them.
 */

import {isHeld, sizeOf} from "../files.js"
import {Uploads} from "../store/uploads.js"
import {upload} from "../uploading.js"
import dictionaries from "../words/files.js"
import {arrange, build, buildSvg} from "./build.js"
import {hasFiles} from "./composer.js"
import {fileIcon} from "./files.js"
import {icon} from "./icons.js"
import {adopt} from "./sheet.js"

/** @typedef {import("../store/uploads.js").Upload} Upload */
/** @typedef {import("../words.js").Words} Words */
/**
 * @typedef {object} Server
 * @property {(conversation: string) => Promise<{url: string, headers: Record<string, string>}>} target
 * @property {(file: string) => unknown} takeBack
 * @property {(conversation: string) => Promise<number>} atOnce
 */

const HEARD = ["dragenter", "dragover", "dragleave", "drop"]
/** What stands for every part of a proxy's or a browser's failure. */
const UNREACHABLE = /^(unreachable|http_(408|5..)|internal)$/

export class Attaching {
  #form
  #words
  #uploads
  #zone
  #changed
  #list = build("ul")
  #note = build("p", {class: "tray-note", role: "status"})
  /** @type {Map<string, HTMLElement>} */
  #cards = new Map()
  #conversation = ""
  /** Send was pressed; it is done when the last of them is there. */
  #isHeld = false
  /** How many were refused by then. */
  #wasRefused = 0

  /**
   * @param {HTMLFormElement} form
   * @param {Words} words
   * @param {Server} server
   * @param {() => void} changed
   */
  constructor(form, words, server, changed) {
    this.#form = form
    this.#words = words
    this.#changed = changed
    this.#zone = /** @type {HTMLElement} */ (form.closest(".panel, .conversation") ?? form)
    this.#zone.dataset.drop = words.say("drop_files")
    this.#list.ariaLabel = words.say("files")
    this.node = build("div", {class: "tray", hidden: true}, this.#list, this.#note)
    this.#uploads = new Uploads({
      send: async ({conversation, file}, course) => upload(await server.target(conversation), file, course),
      takeBack: file => server.takeBack(file),
      atOnce: conversation => server.atOnce(conversation),
    })
    this.#uploads.addEventListener("change", () => this.#show())
    this.node.addEventListener("click", this)
    for (const type of HEARD) this.#zone.addEventListener(type, this)
  }

  /** @param {string} conversation  the one that is written to; each keeps its own */
  set conversation(conversation) {
    if (conversation === this.#conversation) return
    this.#isHeld = false
    this.#conversation = conversation
    this.#show()
  }

  /** What is written to without being there yet is there now. @param {string} conversation */
  become(conversation) {
    this.#uploads.settle(this.#conversation, conversation)
    this.#conversation = conversation
    this.#show()
  }

  /** @param {File[]} files */
  add(files) {
    this.#uploads.add(this.#conversation, files)
  }

  /** Whether there is something to send. */
  get hasSome() {
    return this.isBusy || this.ready.length > 0
  }

  get isBusy() {
    return this.#here.some(({state}) => state === "waiting" || state === "going")
  }

  get ready() {
    return this.#here.flatMap(({attachment}) => attachment ?? [])
  }

  /** Send was pressed while some are on their way. */
  hold() {
    this.#isHeld = true
    this.#wasRefused = this.#refused
    this.#show()
  }

  said() {
    this.#uploads.said(this.#conversation)
  }

  forget() {
    this.#isHeld = false
    this.#conversation = ""
    this.#uploads.forget()
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "click") this.#clicked(/** @type {Element} */ (event.target))
    else if (hasFiles(/** @type {DragEvent} */ (event))) this.#dragged(/** @type {DragEvent} */ (event))
  }

  get #refused() {
    return this.#here.filter(({state}) => state === "refused").length
  }

  get #here() {
    return this.#uploads.of(this.#conversation)
  }

  /** @param {Element} target */
  #clicked(target) {
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-upload]"))
    if (!button) return
    const {act, upload: key = ""} = button.dataset
    if (act === "again") this.#uploads.retry(key)
    else this.#uploads.cancel(key)
    // The button is gone.
    this.#form.querySelector("textarea")?.focus()
  }

  /** @param {DragEvent} event */
  #dragged(event) {
    // A file that is dropped beside it would take the place of the page.
    event.preventDefault()
    const isOpen = this.#form.offsetParent !== null
    const {type, relatedTarget, dataTransfer} = event
    const isLeft = type === "drop" || type === "dragleave" && !this.#zone.contains(/** @type {Node | null} */ (relatedTarget))
    this.#zone.classList.toggle("dropping", isOpen && !isLeft)
    if (dataTransfer) dataTransfer.dropEffect = isOpen ? "copy" : "none"
    if (isOpen && type === "drop") this.add(filesIn(/** @type {DataTransfer} */ (dataTransfer)))
  }

  #show() {
    const here = this.#here
    const cards = here.map(one => this.#cards.get(one.key) ?? card(one, this.#words))
    this.#cards = new Map(here.map(({key}, place) => [key, cards[place]]))
    here.forEach((one, place) => update(cards[place], one, this.#words))
    arrange(this.#list, cards)
    this.node.hidden = !here.length
    const goesNow = this.#isHeld && !this.isBusy
    const isRefused = this.#refused > this.#wasRefused
    if (goesNow) this.#isHeld = false
    this.#say(this.#isHeld ? "send_held" : goesNow && isRefused ? "send_stopped" : "")
    this.#changed()
    if (goesNow && !isRefused) this.#form.requestSubmit()
  }

  /** @param {string} word */
  #say(word) {
    const text = this.#words.say(word)
    if (this.#note.textContent !== text) this.#note.textContent = text
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {Words} words
 * @param {Server} server
 * @param {() => void} changed
 */
export async function attachingIn(form, words, server, changed) {
  await adopt(form, "files.css")
  words.learn(dictionaries)
  return new Attaching(form, words, server, changed)
}

/**
 * Folders cannot be sent.
 *
 * @param {DataTransfer} data
 */
function filesIn({items}) {
  return [...items].filter(item => item.kind === "file" && !item.webkitGetAsEntry?.()?.isDirectory)
    .map(item => item.getAsFile()).filter(file => file !== null)
}

/**
 * @param {Upload} upload
 * @param {Words} words
 */
function card({key, file}, words) {
  const label = `${words.say("remove")}: ${file.name}`
  return build("li", {},
    fileIcon({kind: file.type.split("/")[0], name: file.name}),
    build("span", {class: "file-lines"}, build("span", {class: "file-name", dir: "auto", title: file.name}, file.name), build("span", {class: "file-about"})),
    build("button", {type: "button", class: "link-button", "data-act": "again", "data-upload": key, hidden: true}, words.say("try_again")),
    build("button", {type: "button", class: "icon-button", "data-act": "remove", "data-upload": key, "aria-label": label, title: label}, ring(), icon("x", {size: 16})))
}

/** Fills as the upload goes. */
function ring() {
  const circle = (/** @type {string} */ name) => buildSvg("circle", {class: name, cx: 16, cy: 16, r: 14, pathLength: 100})
  return buildSvg("svg", {class: "ring", viewBox: "0 0 32 32", "aria-hidden": "true"}, circle("ring-whole"), circle("ring-part"))
}

/**
 * @param {HTMLElement} node
 * @param {Upload} upload
 * @param {Words} words
 */
function update(node, {file, state, progress, refusal, attachment}, words) {
  const percent = Math.floor(progress * 100)
  node.className = `upload ${state}`
  node.querySelector(".ring-part")?.setAttribute("stroke-dasharray", `${percent} 100`)
  const about = /** @type {HTMLElement} */ (node.querySelector(".file-about"))
  const text = [aboutUpload(state, percent, sizeOf(file.size, words), refusal, words), attachment && isHeld(attachment) && words.say("upload_held")].filter(Boolean).join(" · ")
  if (about.textContent !== text) about.textContent = text
  // Only the end of it is worth to be read out.
  about.role = state === "refused" ? "alert" : null
  const again = /** @type {HTMLElement} */ (node.querySelector("[data-act=again]"))
  again.hidden = !refusal?.temporary
}

/**
 * @param {Upload["state"]} state
 * @param {number} percent
 * @param {string} size
 * @param {Upload["refusal"]} refusal
 * @param {Words} words
 */
export function aboutUpload(state, percent, size, refusal, words) {
  if (refusal) return reasonOf(refusal, words)
  // All of it is there, and is being looked into.
  const step = state === "going" && percent === 100 ? words.say("upload_checked") : words.say(`upload_${state}`, {percent})
  return [size, step].filter(Boolean).join(" · ")
}

/**
 * @param {{code: string, message: string}} refusal
 * @param {Words} words
 */
function reasonOf({code, message}, words) {
  return words.say(`refused_${code}`) || (UNREACHABLE.test(code) ? words.say("reason_unreachable") : message)
}
