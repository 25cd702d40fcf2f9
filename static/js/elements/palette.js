/** One field that finds conversations, people and what can be done. The field keeps the focus; arrows choose, Enter does. */

import {build} from "./build.js"
import {icon} from "./icons.js"
import {adopt} from "./sheet.js"

/** @typedef {import("../words.js").Words} Words */
/**
 * @typedef {object} Choice
 * @property {string} id  the same for the same thing
 * @property {string} name
 * @property {string} [about]
 * @property {string[]} [keys]  that do the same
 * @property {() => Node} face
 * @property {() => unknown} act
 * @property {boolean} [isSlow]  it may fail: the palette stays until it is done
 */
/** @typedef {{word: string, choices: Choice[]}} Group */
/**
 * @typedef {object} Source
 * @property {(text: string) => Group[]} here  what is known here
 * @property {(text: string) => Promise<Group[]>} there  the same, with what the server knows
 */

const PAUSE_MS = 180

/**
 * @param {{words: Words, root: Element, source: Source, typed: () => string, label?: string}} options  `typed`: what was typed
 *   until it opens; `label`: what it is to find, where that is not anything
 */
export async function openPalette({words, root, source, typed, label}) {
  await adopt(root, "palette.css")
  new Palette(words, source, label).open(root, typed())
}

class Palette {
  #words
  #source
  #dialog
  #field
  #list
  #said
  /** @type {{choice: Choice, node: HTMLElement}[]} */
  #options = []
  #active = 0
  #asked = 0
  /** @type {any} */
  #pause = null

  /**
   * @param {Words} words
   * @param {Source} source
   * @param {string} [label]
   */
  constructor(words, source, label) {
    this.#words = words
    this.#source = source
    const say = (/** @type {string} */ key) => words.say(key)
    this.#list = build("div", {class: "palette-list", role: "listbox", id: "palette-list", "aria-label": say("palette_found")})
    this.#said = build("p", {class: "palette-said", role: "status"})
    this.#field = build("input", {
      type: "text", class: "palette-field", role: "combobox", "aria-label": label ?? say("key_palette"), placeholder: label ?? say("palette_find"), autocomplete: "off",
      spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "true", "aria-controls": "palette-list", maxlength: 100,
    })
    const close = build("button", {type: "button", class: "icon-button palette-close", "aria-label": say("keys_close"), title: say("keys_close")}, icon("x"))
    this.#dialog = build("dialog", {class: "palette", "aria-label": say("key_palette")},
      build("div", {class: "palette-head"}, icon("search"), this.#field, close), this.#list, this.#said)
    close.addEventListener("click", () => this.#dialog.close())
    this.#listen()
  }

  /** @param {Element} root @param {string} text */
  open(root, text) {
    root.append(this.#dialog)
    this.#field.value = text
    this.#dialog.showModal()
    this.#field.focus()
    this.#typed()
  }

  #listen() {
    this.#field.addEventListener("input", () => this.#typed())
    this.#field.addEventListener("keydown", event => this.#key(event))
    this.#dialog.addEventListener("click", ({target}) => target === this.#dialog && this.#dialog.close())
    this.#dialog.addEventListener("close", () => {
      this.#asked++
      clearTimeout(this.#pause)
      this.#dialog.remove()
    })
    // The field keeps the focus.
    this.#list.addEventListener("pointerdown", event => event.preventDefault())
    this.#list.addEventListener("click", ({target}) => this.#choose(this.#placeOf(target)))
    this.#list.addEventListener("pointermove", ({target}) => this.#activate(this.#placeOf(target), false))
  }

  #typed() {
    const text = this.#field.value.trim()
    const asked = ++this.#asked
    clearTimeout(this.#pause)
    this.#active = 0
    this.#show(this.#source.here(text), !text)
    if (!text) return
    this.#pause = setTimeout(async () => {
      const groups = await this.#source.there(text).catch(() => this.#source.here(text))
      if (asked === this.#asked) this.#show(groups, true)
    }, PAUSE_MS)
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const count = this.#options.length
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key]
    if (event.isComposing) return
    if (event.key === "k" && (event.ctrlKey || event.metaKey)) this.#dialog.close()
    else if (step && count) this.#activate((this.#active + step + count) % count)
    else if (event.key === "Enter") this.#choose(this.#active)
    else return
    event.preventDefault()
  }

  /** @param {EventTarget | null} target */
  #placeOf(target) {
    return this.#options.findIndex(({node}) => node.contains(/** @type {Node} */ (target)))
  }

  /**
   * @param {Group[]} groups
   * @param {boolean} isAll  nothing more is to come
   */
  #show(groups, isAll) {
    const before = this.#options[this.#active]?.choice.id
    this.#options = []
    const shown = groups.filter(({choices}) => choices.length)
    this.#list.replaceChildren(...shown.map(group => this.#group(group)))
    this.#list.hidden = !shown.length
    this.#said.textContent = isAll && !shown.length ? this.#words.say("no_matches", {text: this.#field.value.trim()}) : ""
    const same = this.#active && this.#options.findIndex(({choice}) => choice.id === before)
    this.#activate(Math.max(0, same))
  }

  /** @param {Group} group */
  #group({word, choices}) {
    const nodes = choices.map(choice => this.#option(choice))
    return build("div", {role: "group", "aria-labelledby": `palette-${word}`},
      build("p", {class: "palette-group", id: `palette-${word}`, role: "presentation"}, this.#words.say(word)), ...nodes)
  }

  /** @param {Choice} choice */
  #option(choice) {
    const {name, about = "", keys = [], face} = choice
    const node = build("div", {role: "option", class: "palette-option", id: `palette-option-${this.#options.length}`, "aria-selected": "false"},
      build("span", {class: "palette-face", "aria-hidden": "true"}, face()), build("span", {class: "palette-name", dir: "auto"}, name),
      about && build("span", {class: "palette-about"}, about),
      keys.length > 0 && build("span", {class: "palette-keys", "aria-hidden": "true"}, ...keys.map(key => build("kbd", {}, key))))
    this.#options.push({choice, node})
    return node
  }

  /**
   * @param {number} place
   * @param {boolean} [scrolls]
   */
  #activate(place, scrolls = true) {
    if (place < 0) return
    this.#active = place
    this.#options.forEach(({node}, other) => node.setAttribute("aria-selected", String(other === place)))
    const node = this.#options[place]?.node
    if (!node) return this.#field.removeAttribute("aria-activedescendant")
    this.#field.setAttribute("aria-activedescendant", node.id)
    if (scrolls) node.scrollIntoView({block: "nearest"})
  }

  /** @param {number} place */
  async #choose(place) {
    const choice = this.#options[place]?.choice
    if (!choice) return
    if (!choice.isSlow) {
      this.#dialog.close()
      return choice.act()
    }
    try {
      this.#dialog.ariaBusy = "true"
      await choice.act()
      this.#dialog.close()
    } catch {
      this.#said.textContent = this.#words.say("palette_failed")
    }
    this.#dialog.ariaBusy = null
  }
}
