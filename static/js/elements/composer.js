/**
 * `<parley-composer>`: where a message is written. Announces `composer:send` ({body, replyTo, mentions, attachments, kind});
 * refused, the text stays. Editing, `composer:edit` ({id, version, body, mentions}), and `composer:last` when the last one is wanted.
 * Also `composer:write` ({draft}) with each key, and `composer:rest` when it is left.
 */

import {lazily} from "../lazily.js"
import {announce, Base, build} from "./build.js"
import {ComposerBar} from "./composer-bar.js"
import {icon} from "./icons.js"

/** @typedef {import("../store/items.js").Item} Item */
/** @typedef {import("../words.js").Words} Words */
/** @typedef {{id: string, version: number, body: string, sender: {name: string}, mine: boolean, attachments?: import("../wire.js").Attachment[]}} About  what is answered or edited */

const LIMIT = 5_000
const MOST_ROWS = 6
const HEARD = ["submit", "input", "keydown", "focusin", "focusout", "click", "change", "paste"]
const DRAGGED = ["dragenter", "dragover", "drop"]
const nothing = /** @type {any} */ (null)

export class ComposerElement extends Base {
  /** @type {Words | null} */
  words = null
  limit = LIMIT
  /** What may be named. @type {import("./suggestions.js").Source} */
  source = {people: () => [], entities: async () => []}
  /** Who takes files. @type {import("./attaching.js").Server} */
  files = {target: () => Promise.reject(new Error("nobody")), takeBack() {}, atOnce: () => Promise.reject(new Error("nobody"))}
  /** What is written but not sent, for each conversation. @type {Pick<import("../store/drafts.js").Drafts, "get" | "set" | "delete" | "clear">} */
  drafts = /** @type {any} */ (new Map())
  /** Of what is sent, where it is no usual message. @type {string | undefined} */
  kind
  #context = ""
  /** What was being written when an edit began. */
  #aside = ""
  #form = /** @type {HTMLFormElement} */ (nothing)
  #text = /** @type {HTMLTextAreaElement} */ (nothing)
  #input = /** @type {HTMLInputElement} */ (nothing)
  #over = /** @type {HTMLElement} */ (nothing)
  #send = /** @type {HTMLElement} */ (nothing)
  #mic = /** @type {HTMLElement} */ (nothing)
  #bar = /** @type {ComposerBar} */ (nothing)
  /** Loaded when somebody begins to write. @type {import("./suggestions.js").Suggestions | null} */
  #suggestions = null
  #loadSuggestions = lazily(() => import("./suggestions.js"), ({Suggestions}) => this.#suggest(Suggestions))
  /** Loaded with the first file that is to be sent. @type {import("./attaching.js").Attaching | null} */
  #attaching = null
  #loadAttaching = lazily(async () => (await import("./attaching.js")).attachingIn(this.#form, /** @type {Words} */ (this.words), this.files, () => this.#changed()),
    attaching => this.#attachTo(attaching))
  /** Files are chosen, and what takes them is not here yet. */
  #isAttaching = false
  /** Which recordings are taken: types, each with the end of its name. @type {Record<string, string>} */
  #voice = {}
  /** Loaded with the first press of the microphone. @type {import("./recorder.js").Recorder | null} */
  #recorder = null
  #loadRecorder = lazily(async () => (await import("./recorder.js")).recorderIn(this.#form, /** @type {Words} */ (this.words), {
    taken: () => this.#voice, send: file => this.#sendVoice(file), left: () => this.#leftVoice(),
  }), recorder => {
    this.#recorder = recorder
    recorder.conversation = this.#context
    this.#form.append(recorder.node)
  })
  /** Where files may be dropped. @type {Element | null} */
  #zone = null

  connectedCallback() {
    if (!this.#form) this.#make()
    this.#text.value ||= this.drafts.get(this.#context) ?? ""
    this.#changed()
    for (const type of HEARD) this.#form.addEventListener(type, this)
    this.#zone = this.closest(".panel, .conversation")
    for (const type of DRAGGED) this.#zone?.addEventListener(type, this)
  }

  disconnectedCallback() {
    for (const type of HEARD) this.#form.removeEventListener(type, this)
    for (const type of DRAGGED) this.#zone?.removeEventListener(type, this)
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "submit") this.#submit(/** @type {SubmitEvent} */ (event))
    else if (event.type === "input") this.#written()
    else if (event.type === "focusin") this.#loadSuggestions()
    else if (event.type === "focusout") this.#left()
    else if (event.type === "click") this.#clicked(/** @type {Element} */ (event.target))
    else if (event.type === "change") this.#chosen()
    else if (event.type === "paste") this.#pasted(/** @type {ClipboardEvent} */ (event))
    else if (DRAGGED.includes(event.type)) this.#dragged(/** @type {DragEvent} */ (event))
    else this.#key(/** @type {KeyboardEvent} */ (event))
  }

  /** The conversation that is written to; each keeps its own draft. @param {string} context */
  set context(context) {
    if (context === this.#context) return
    this.#endEdit()
    this.#bar.clear()
    this.#suggestions?.forget()
    // What was begun while there was no conversation belongs to the one that it made.
    if (this.#context) {
      this.#keep()
      this.#turn(context)
    } else this.become(context)
  }

  get context() {
    return this.#context
  }

  /** What is written to without being there yet is there now. @param {string} context */
  become(context) {
    const begun = this.#text.value
    this.#attaching?.become(context)
    this.#recorder?.become(context)
    this.drafts.delete(this.#context)
    this.#turn(context, begun)
    if (begun) this.#keep()
  }

  /** Another person writes here now. */
  forget() {
    this.#bar.clear()
    this.#suggestions?.forget()
    this.#attaching?.forget()
    this.#recorder?.forget()
    this.drafts.clear()
    this.#context = ""
    this.value = ""
  }

  /** @param {ComposerElement} other  whose place this one takes */
  takeOver(other) {
    this.drafts = other.drafts
    this.#context = other.#context
    this.value = other.value
  }

  /** @param {Record<string, string>} voice */
  set voice(voice) {
    this.#voice = voice
    if (this.#form) this.#changed()
  }

  /** @param {About} message  what the next message answers */
  reply(message) {
    this.#endEdit()
    this.#bar.show("reply", message)
    this.focus()
  }

  /**
   * @param {About} message
   * @param {string} [body]  what it is to say, if that was written before
   */
  edit(message, body = message.body) {
    this.#endEdit()
    this.#aside = this.value
    this.#bar.show("edit", message)
    this.value = body
    this.focus()
    this.#text.setSelectionRange(body.length, body.length)
  }

  /** @param {string} value */
  set value(value) {
    this.#text.value = value
    this.#changed()
  }

  get value() {
    return this.#text.value
  }

  /** @param {boolean} disabled */
  set disabled(disabled) {
    this.#text.disabled = disabled
  }

  /** @override */
  focus() {
    this.#text.focus()
  }

  #make() {
    const words = /** @type {Words} */ (this.words)
    const write = words.say("write")
    this.#text = build("textarea", {rows: 1, "aria-label": write, placeholder: write, enterkeyhint: "send", dir: "auto"})
    this.#over = build("span", {class: "composer-over", role: "status"})
    this.#bar = new ComposerBar(words)
    this.#send = build("button", {type: "submit", class: "send", "aria-label": words.say("send")}, icon("arrow-up"))
    this.#mic = roundButton("mic", words.say("record"))
    this.#input = build("input", {type: "file", multiple: true, hidden: true})
    this.#form = build("form", {class: "composer"}, this.#bar.node,
      roundButton("paperclip", words.say("attach")), this.#input, this.#text, this.#over, this.#mic, this.#send)
    this.append(this.#form)
    this.#changed()
  }

  /** @param {typeof import("./suggestions.js").Suggestions} Suggestions */
  #suggest(Suggestions) {
    this.#suggestions = new Suggestions(this.#text, /** @type {Words} */ (this.words), () => this.source, () => this.#written())
    this.#form.append(this.#suggestions.node)
    this.#suggestions.update()
  }

  /** @param {import("./attaching.js").Attaching} attaching */
  #attachTo(attaching) {
    this.#attaching = attaching
    attaching.conversation = this.#context
    this.#bar.node.after(attaching.node)
  }

  #chosen() {
    this.#attach([...this.#input.files ?? []])
    this.#input.value = ""
  }

  /** Who copies from a document wants its text, not a picture of it. @param {ClipboardEvent} event */
  #pasted(event) {
    const {files = [], types = []} = event.clipboardData ?? {}
    if (!files.length || types.includes("text/plain")) return
    event.preventDefault()
    this.#attach([...files])
  }

  /** Until what takes files is here. @param {DragEvent} event */
  #dragged(event) {
    if (this.#attaching || !hasFiles(event)) return
    // A file that is dropped takes the place of the page.
    event.preventDefault()
    if (event.type === "drop") this.#attach([...event.dataTransfer?.files ?? []])
    else this.#loadAttaching()
  }

  /** @param {File[]} files */
  async #attach(files) {
    this.#isAttaching = true
    await this.#loadAttaching()
    this.#isAttaching = false
    if (this.#attaching) this.#attaching.add(files)
    else this.#over.textContent = this.words?.say("reason_unreachable") ?? ""
  }

  async #record() {
    await this.#loadRecorder()
    if (this.#recorder) this.#recorder.begin()
    else this.#over.textContent = this.words?.say("reason_unreachable") ?? ""
  }

  /** @param {File} file */
  async #sendVoice(file) {
    await this.#attach([file])
    if (this.#attaching) this.#form.requestSubmit()
    return this.#attaching !== null
  }

  #leftVoice() {
    if (this.#mic.hidden) this.focus()
    else this.#mic.focus()
  }

  /**
   * @param {string} context
   * @param {string} [begun]  what was written before it was there
   */
  #turn(context, begun = "") {
    this.#context = context
    if (this.#attaching) this.#attaching.conversation = context
    if (this.#recorder) this.#recorder.conversation = context
    this.value = [this.drafts.get(context), begun].filter(Boolean).join("\n")
  }

  /** An edit is no draft. */
  #keep() {
    if (this.#bar.what !== "edit") this.drafts.set(this.#context, this.#text.value)
  }

  #written() {
    this.#changed()
    this.#keep()
    this.#suggestions?.update()
    announce(this, "composer:write", {draft: this.value})
  }

  #left() {
    this.#suggestions?.close()
    announce(this, "composer:rest")
  }

  /** @param {Element} target */
  #clicked(target) {
    if (target.closest("[data-act=cancel]")) this.#cancel()
    else if (target.closest("[data-act=mic]")) this.#record()
    else if (target.closest("[data-act=paperclip]")) {
      this.#loadAttaching()
      this.#input.click()
    } else if (target === this.#text) this.#suggestions?.update()
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.#suggestions?.key(event)) return
    if (event.key === "Escape" && this.#bar.about) {
      event.stopPropagation()
      this.#cancel()
    } else if (event.key === "ArrowUp" && !this.value && !this.#bar.about) {
      // Refused, there was one to edit.
      if (!announce(this, "composer:last")) event.preventDefault()
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === this.#text) {
      // While an input method composes, Enter chooses a word.
      event.preventDefault()
      this.#form.requestSubmit()
    }
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault()
    const {submitter} = event
    if (this.#isAttaching) return void this.#loadAttaching().then(() => this.#attaching && this.#form.requestSubmit())
    const body = this.#text.value.trim()
    const {about, what} = this.#bar
    const files = what === "edit" ? null : this.#attaching
    if (!body && !files?.hasSome || this.#excess > 0) return
    if (files?.isBusy) return files.hold()
    const mentions = this.#suggestions?.meantIn(body) ?? []
    const said = what === "edit" && about
      ? announce(this, "composer:edit", {id: about.id, version: about.version, body, mentions})
      : announce(this, "composer:send", {body, replyTo: about?.id ?? null, mentions, attachments: files?.ready ?? [], kind: this.kind})
    if (said) this.#done()
    // Held back before, it goes by itself: wherever the focus is by then, it stays.
    if (submitter) this.#text.focus()
  }

  #done() {
    if (this.#bar.what === "edit") this.#endEdit()
    else {
      this.value = ""
      this.#keep()
      this.#attaching?.said()
    }
    this.#bar.clear()
    this.#suggestions?.forget()
  }

  #cancel() {
    this.#endEdit()
    this.#bar.clear()
    this.#text.focus()
  }

  /** What was being written before comes back. */
  #endEdit() {
    if (this.#bar.what !== "edit") return
    this.#bar.clear()
    this.value = this.#aside
    this.#aside = ""
  }

  /** Characters as the server counts them. */
  get #excess() {
    return Array.from(this.#text.value.trim()).length - this.limit
  }

  #changed() {
    const isEditing = this.#bar.what === "edit"
    const hasSome = !isEditing && this.#attaching?.hasSome || this.#text.value.trim() !== ""
    this.#form.classList.toggle("editing", isEditing)
    this.#form.classList.toggle("ready", hasSome && this.#excess <= 0)
    this.#mic.hidden = isEditing || hasSome || this.#text.value !== "" || !mayRecord(this.#voice)
    this.#send.hidden = !this.#mic.hidden
    this.#over.textContent = this.#excess > 0 ? this.words?.say("too_long", {over: this.#excess}) ?? "" : ""
    if (!CSS.supports("field-sizing", "content")) this.#fit()
  }

  #fit() {
    this.#text.rows = 1
    const {lineHeight, paddingTop, paddingBottom} = getComputedStyle(this.#text)
    const height = this.#text.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom)
    this.#text.rows = Math.min(MOST_ROWS, Math.max(1, Math.round(height / parseFloat(lineHeight))))
  }
}

/**
 * @param {string} symbol  and what it does
 * @param {string} label
 */
function roundButton(symbol, label) {
  return build("button", {type: "button", class: "attach", "data-act": symbol, "aria-label": label, title: label}, icon(symbol))
}

/** @param {Record<string, string>} taken */
function mayRecord(taken) {
  const {featurePolicy} = /** @type {any} */ (document)
  // A page that forbids it says so in Chromium only; elsewhere the asking fails.
  return Boolean(navigator.mediaDevices) && featurePolicy?.allowsFeature("microphone") !== false
    && Object.keys(taken).some(type => globalThis.MediaRecorder?.isTypeSupported(type))
}

/** @param {DragEvent} event */
export function hasFiles({dataTransfer}) {
  return Boolean(dataTransfer?.types.includes("Files"))
}
