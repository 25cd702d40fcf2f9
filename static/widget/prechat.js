/** The form before the first message. Loaded for those who are asked. */

import {build} from "../js/elements/build.js"
import {adopt} from "../js/elements/sheet.js"
import dictionaries from "../js/words/prechat.js"

/** @typedef {import("./visit.js").Question} Question */
/** @typedef {import("../js/words.js").Words} Words */
/** @typedef {Record<string, string>} Answers */

const OF_THE_PERSON = ["name", "email"]
const MOST = {name: 120, email: 254, text: 500, choice: 500}
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/**
 * @param {HTMLElement} composer  before which it stands
 * @param {ConstructorParameters<typeof PrechatForm>} given
 */
export async function formBefore(composer, ...given) {
  const form = new PrechatForm(...given)
  composer.before(form.node)
  await adopt(form.node, "prechat.css")
  return form
}

export class PrechatForm {
  #words
  #draft
  #submit
  #shown = ""
  /** @type {Question[]} */
  #questions = []
  #isBusy = false

  /**
   * @param {Words} words
   * @param {() => Answers} draft  what was written, also in another language of the form
   * @param {(answers: Answers) => Promise<unknown>} submit
   */
  constructor(words, draft, submit) {
    words.learn(dictionaries)
    this.#words = words
    this.#draft = draft
    this.#submit = submit
    this.node = build("form", {class: "prechat", novalidate: true, "aria-labelledby": "prechat-title", hidden: true})
    this.node.addEventListener("submit", event => this.#submitted(event))
    this.node.addEventListener("input", ({target}) => this.#written(/** @type {HTMLInputElement} */ (target)))
  }

  /** @param {Question[]} questions  none hides it */
  show(questions) {
    const shown = JSON.stringify(questions)
    if (shown === this.#shown) return
    this.#shown = shown
    this.#questions = questions
    this.node.hidden = questions.length === 0
    this.node.replaceChildren(
      build("h3", {class: "prechat-title", id: "prechat-title"}, this.#words.say("prechat")),
      ...questions.map(question => this.#field(question)),
      build("p", {class: "form-error", role: "alert"}),
      build("button", {type: "submit", class: "button primary"}, this.#words.say("prechat_start")))
  }

  focus() {
    this.#inputs()[0]?.focus()
  }

  /** @param {Question} question */
  #field(question) {
    const {key, kind, required} = question
    const id = `prechat-${key}`
    const attributes = {id, name: key, "aria-describedby": `${id}-error`, "aria-required": required ? "true" : null}
    const input = kind === "choice" ? this.#select(question, attributes) : build("input", {...attributes, ...typeOf(kind), maxlength: MOST[kind]})
    input.value = this.#draft()[key] ?? ""
    const label = labelOf(question, this.#words)
    return build("div", {class: "field"},
      build("label", {for: id, dir: "auto"}, required ? label : `${label} (${this.#words.say("prechat_optional")})`),
      input, build("p", {class: "form-error", id: `${id}-error`}))
  }

  /**
   * @param {Question} question
   * @param {Record<string, string | null>} attributes
   */
  #select({choices}, attributes) {
    return build("select", attributes, build("option", {value: ""}, this.#words.say("prechat_choose")),
      ...choices.map(({key, label}) => build("option", {value: key}, saidIn(label, this.#words.language))))
  }

  /** @param {HTMLInputElement} input */
  #written(input) {
    this.#draft()[input.name] = input.value
    if (input.hasAttribute("aria-invalid")) this.#mark(input, problemOf(this.#question(input), input.value))
  }

  /** @param {Event} event */
  async #submitted(event) {
    event.preventDefault()
    const problems = this.#inputs().map(input => /** @type {const} */ ([input, problemOf(this.#question(input), input.value)]))
    if (this.#isBusy || this.#tell(problems)) return
    this.#isBusy = true
    const answers = Object.fromEntries(this.#inputs().map(({name, value}) => [name, value]))
    await this.#submit(answers).catch(error => this.#refused(error))
    this.#isBusy = false
  }

  /**
   * The server may know better.
   *
   * @param {any} error
   */
  #refused({fields = {}}) {
    const problems = this.#inputs().map(input => /** @type {const} */ ([input, fields[`prechat.${input.name}`] ? sayOf(this.#question(input), input.value) : ""]))
    if (!this.#tell(problems)) this.#say(this.#words.say("prechat_failed"))
  }

  /**
   * @param {(readonly [HTMLInputElement, string])[]} problems  "" is none
   * @returns {boolean} whether there is one
   */
  #tell(problems) {
    this.#say("")
    for (const [input, problem] of problems) this.#mark(input, problem)
    const wrong = problems.find(([, problem]) => problem)
    wrong?.[0].focus()
    return wrong !== undefined
  }

  /**
   * @param {HTMLInputElement} input
   * @param {string} problem
   */
  #mark(input, problem) {
    if (problem) input.setAttribute("aria-invalid", "true")
    else input.removeAttribute("aria-invalid")
    input.parentElement?.querySelector(".form-error")?.replaceChildren(problem && this.#words.say(problem))
  }

  /** @param {string} text */
  #say(text) {
    this.node.querySelector(":scope > .form-error")?.replaceChildren(text)
  }

  /** @param {HTMLInputElement} input */
  #question(input) {
    return /** @type {Question} */ (this.#questions.find(({key}) => key === input.name))
  }

  #inputs() {
    return /** @type {HTMLInputElement[]} */ ([...this.node.querySelectorAll("input, select")])
  }
}

/**
 * Which word says what is wrong with an answer; "" for one that is right.
 *
 * @param {Question} question
 * @param {string} answer
 */
export function problemOf(question, answer) {
  const text = answer.trim()
  if (!text) return question.required ? "prechat_missing" : ""
  if (text.length > MOST[question.kind]) return "prechat_too_long"
  return question.kind === "email" && !EMAIL.test(text) ? "prechat_wrong_email" : ""
}

/**
 * Which word says why the server refused what seemed right here.
 *
 * @param {Question} question
 * @param {string} answer
 */
function sayOf(question, answer) {
  return problemOf(question, answer) || (question.kind === "email" ? "prechat_wrong_email" : "prechat_refused")
}

/**
 * @param {Question} question
 * @param {Words} words
 */
function labelOf({kind, label}, words) {
  return label[words.language] || (OF_THE_PERSON.includes(kind) ? words.say(`prechat_${kind}`) : saidIn(label, words.language))
}

/**
 * In this language, else in any.
 *
 * @param {Record<string, string>} texts
 * @param {string} language
 */
function saidIn(texts, language) {
  return texts[language] || Object.values(texts).find(Boolean) || ""
}

/** @param {string} kind */
function typeOf(kind) {
  if (kind === "email") return {type: "email", autocomplete: "email", inputmode: "email"}
  return {type: "text", autocomplete: kind === "name" ? "name" : "off"}
}
