/**
 * A voice message that is being recorded, in the place of the composer's field: asked for, recorded, heard, sent or thrown
 * away. Each conversation keeps its own. Loaded with the first press of the microphone.
 */

import {lengthOf} from "../files.js"
import {LONGEST_S, Recording, typeFor} from "../recording.js"
import fileWords from "../words/files.js"
import dictionaries from "../words/voice.js"
import {build, buildSvg} from "./build.js"
import {defineElements} from "./define.js"
import {addIcons, icon} from "./icons.js"
import {MICROPHONE} from "./microphone.js"
import {PlayerElement} from "./player.js"
import {adopt} from "./sheet.js"

/** @typedef {import("../words.js").Words} Words */

addIcons({
  "stop": ["M7 5h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2"],
})

/** As many as the widest composer has room for. */
const BARS = 120
const STEP = 5
const HIGH = 24
/** With less motion, so many times fewer. */
const CALM = 10
/** How often it is read out how long it is already. */
const SAID_EACH_S = 30
const NEAR_END_S = 10

/**
 * @typedef {object} Around
 * @property {() => Record<string, string>} taken  the types of recordings that are taken, each with the end of its name
 * @property {(file: File) => Promise<boolean>} send  false where it could not even begin
 * @property {() => void} left  it is over: the field is there again
 */

export class Recorder {
  #form
  #words
  #around
  #means
  #conversation = ""
  /** @type {Map<string, Recording>} */
  #all = new Map()
  #status = build("span", {class: "visually-hidden", role: "status"})
  #main = build("div", {class: "recorder-main"})
  #note = build("p", {class: "recorder-note", role: "status"})
  /** Of what goes on now. */
  #time = build("span", {class: "recorder-time", role: "timer"})
  #bars = Array.from({length: BARS}, (_, place) => buildSvg("rect", {x: (place - BARS) * STEP, width: 3, rx: 1.5}))
  #levels = /** @type {number[]} */ ([])
  #ticks = 0
  #said = 0

  /**
   * @param {HTMLFormElement} form
   * @param {Words} words
   * @param {Around} around
   * @param {import("../recording.js").Means} [means]
   */
  constructor(form, words, around, means = MICROPHONE) {
    this.#form = form
    this.#words = words
    this.#around = around
    this.#means = means
    this.node = build("div", {class: "recorder", role: "group", "aria-label": words.say("voice_message"), hidden: true}, this.#main, this.#note, this.#status)
    this.node.addEventListener("click", this)
    this.node.addEventListener("keydown", this)
    document.addEventListener("visibilitychange", () => document.hidden && this.#here?.stop("hidden"))
    addEventListener("pagehide", () => this.#each(one => one.state !== "done" && one.cancel()))
  }

  /** @param {string} conversation  the one that is written to; each keeps its own */
  set conversation(conversation) {
    if (conversation === this.#conversation) return
    this.#leave()
    this.#conversation = conversation
    this.#show()
  }

  /** What is written to without being there yet is there now. @param {string} conversation */
  become(conversation) {
    const begun = this.#here
    this.#all.delete(this.#conversation)
    if (begun) this.#all.set(conversation, begun)
    this.#conversation = conversation
  }

  /** Another person is here now. */
  forget() {
    this.#each(one => one.cancel())
    this.#all.clear()
    this.#show()
  }

  begin() {
    const mime = typeFor(this.#around.taken(), type => MediaRecorder.isTypeSupported(type))
    const recording = new Recording(mime, this.#means)
    this.#here?.cancel()
    this.#all.set(this.#conversation, recording)
    recording.addEventListener("change", () => this.#changed(recording))
    recording.addEventListener("tick", () => this.#ticked(recording))
    this.#show()
    this.#focus("cancel")
    recording.begin()
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "keydown") return this.#key(/** @type {KeyboardEvent} */ (event))
    const does = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-voice]"))?.dataset.voice
    if (does === "stop") this.#here?.stop()
    else if (does === "send") this.#send()
    else if (does) this.#over()
  }

  get #here() {
    return this.#all.get(this.#conversation) ?? null
  }

  /** @param {(recording: Recording) => void} act */
  #each(act) {
    this.#all.forEach(act)
  }

  /** What goes on is not heard in another conversation. */
  #leave() {
    const here = this.#here
    if (here?.state === "going") here.stop("left")
    else if (here && here.state !== "done") {
      here.cancel()
      this.#all.delete(this.#conversation)
    }
  }

  /** What was said is not thrown away by a key that closes things. @param {KeyboardEvent} event */
  #key(event) {
    const state = this.#here?.state
    if (event.key !== "Escape" || state === "done" || !state) return
    event.preventDefault()
    event.stopPropagation()
    this.#over()
  }

  #over() {
    this.#here?.cancel()
    this.#all.delete(this.#conversation)
    this.#show()
    this.#around.left()
  }

  async #send() {
    const recording = this.#here
    if (!recording?.blob) return
    const {type} = recording.blob
    const file = new File([recording.blob], `${this.#words.say("voice_message")}.${this.#around.taken()[type] ?? "webm"}`, {type})
    if (!await this.#around.send(file)) return this.#tell("reason_unreachable")
    this.#over()
  }

  /** @param {Recording} recording */
  #changed(recording) {
    if (recording !== this.#here || recording.state === "over") return
    const hadFocus = this.node.contains(/** @type {Document | ShadowRoot} */ (this.node.getRootNode()).activeElement)
    this.#show()
    if (recording.state === "refused") {
      if (hadFocus) this.#around.left()
    } else if (hadFocus) this.#focus(recording.state === "going" ? "stop" : "play")
  }

  #show() {
    const recording = this.#here
    const {state = "over", why = ""} = recording ?? {}
    const isRefused = state === "refused"
    this.node.hidden = !recording
    this.#form.classList.toggle("recording", Boolean(recording) && !isRefused)
    this.#status.textContent = ""
    this.#levels = []
    this.#ticks = this.#said = 0
    this.node.dataset.state = state
    if (state === "asking") this.#main.replaceChildren(this.#button("cancel", "x", "cancel"), build("span", {class: "recorder-asks", role: "status"}, this.#words.say("voice_asks")))
    else if (recording && state === "going") this.#showGoing(recording)
    else if (recording?.blob && state === "done") this.#showDone(recording)
    else this.#main.replaceChildren()
    this.#tell(isRefused ? `voice_${why}` : why && `voice_ended_${why}`)
    if (isRefused) this.#note.append(this.#button("cancel", "x", "close_note", 16))
  }

  /** @param {Recording} recording */
  #showGoing(recording) {
    this.#main.replaceChildren(
      this.#button("cancel", "x", "voice_cancel"),
      build("span", {class: "recorder-dot", "aria-hidden": "true"}), this.#time,
      // From the end to the start, however much room there is.
      buildSvg("svg", {"class": "recorder-level", "aria-hidden": "true"}, buildSvg("svg", {x: "100%", overflow: "visible"}, ...this.#bars)),
      this.#button("stop", "stop", "voice_stop"))
    this.#ticked(recording)
    this.#status.textContent = this.#words.say("voice_going")
  }

  /** @param {Recording} recording */
  #showDone({blob, seconds}) {
    const player = /** @type {PlayerElement} */ (document.createElement("parley-player"))
    Object.assign(player, {seconds, label: this.#words.say("voice_message"), load: async () => blob})
    player.addEventListener("player:fail", () => this.#tell("voice_unheard"))
    this.#main.replaceChildren(this.#button("discard", "trash", "voice_discard"), player, this.#button("send", "arrow-up", "send"))
    this.#status.textContent = this.#words.say("voice_done", {time: lengthOf(Math.floor(seconds))})
  }

  /** @param {Recording} recording */
  #ticked(recording) {
    // Where nobody sees that it goes on, it does not.
    if (this.node.offsetParent === null) return recording.stop("left")
    const text = lengthOf(Math.floor(recording.seconds))
    if (this.#time.textContent !== text) this.#time.textContent = text
    this.#sayTime(Math.floor(recording.seconds))
    this.#showLevel(recording.level)
  }

  /** Now and then: a voice that counts would be recorded, too. @param {number} seconds */
  #sayTime(seconds) {
    const rest = LONGEST_S - seconds
    const isTime = seconds > 0 && seconds % SAID_EACH_S === 0 || rest === NEAR_END_S
    if (!isTime || seconds === this.#said) return
    this.#said = seconds
    this.#status.textContent = rest === NEAR_END_S ? this.#words.say("voice_rest", {seconds: rest}) : this.#words.say("voice_going_for", {time: lengthOf(seconds)})
  }

  /** The newest at the end. @param {number} level */
  #showLevel(level) {
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches
    if (isCalm && this.#ticks++ % CALM) return
    this.#levels = [...this.#levels, level].slice(-BARS)
    const none = BARS - this.#levels.length
    this.#bars.forEach((bar, place) => {
      const height = Math.max(3, HIGH * (this.#levels[place - none] ?? 0))
      bar.setAttribute("height", String(height))
      bar.setAttribute("y", String((HIGH - height) / 2))
    })
  }

  /** @param {string} word */
  #tell(word) {
    const text = word ? this.#words.say(word) : ""
    this.#note.replaceChildren(...text ? [build("span", {}, text)] : [])
  }

  /**
   * @param {string} does
   * @param {string} symbol
   * @param {string} word
   * @param {number} [size]
   */
  #button(does, symbol, word, size = 20) {
    const label = this.#words.say(word)
    return build("button", {type: "button", class: `recorder-${does}`, "data-voice": does, "aria-label": label, title: label}, icon(symbol, {size}))
  }

  /** @param {string} what */
  #focus(what) {
    const next = what === "play" ? this.#main.querySelector("parley-player") : this.#main.querySelector(`[data-voice=${what}]`)
    const node = /** @type {HTMLElement | null} */ (next)
    node?.focus()
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {Words} words
 * @param {Around} around
 */
export async function recorderIn(form, words, around) {
  await Promise.all([adopt(form, "files.css"), adopt(form, "voice.css")])
  words.learn(fileWords)
  words.learn(dictionaries)
  defineElements(words, {"parley-player": PlayerElement})
  return new Recorder(form, words, around)
}
