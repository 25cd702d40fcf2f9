/** How the pages speak: which language, what they say in it, and how they say times. No DOM. */

/** @typedef {Record<string, string | {one: string, other: string}>} Dictionary */

/** A page loads what it says in the one that it speaks. `locale`: as the server calls it. @type {Record<string, {tag: string, locale: string, load: () => Promise<{default: Dictionary}>}>} */
export const LANGUAGES = {
  en: {tag: "en-GB", locale: "en", load: () => import("./words/en.js")},
  es: {tag: "es", locale: "es", load: () => import("./words/es.js")},
  pt: {tag: "pt-BR", locale: "pt-br", load: () => import("./words/pt.js")},
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * @param {(string | null | undefined)[]} wishes  locales, the most wanted first
 * @param {{now?: () => number}} [options]
 */
export async function wordsFor(wishes, {now = Date.now} = {}) {
  const wish = wishes.find(tag => tag && Object.hasOwn(LANGUAGES, languageOf(tag)))
  const language = wish ? languageOf(wish) : "en"
  const {tag, load} = LANGUAGES[language]
  return new Words({language, tag: tagOf(wish, tag), dictionary: (await load()).default, now})
}

export class Words {
  #dictionary
  #plural
  #tag

  /** @param {{language: string, tag: string, dictionary: Dictionary, now: () => number}} options  as `wordsFor` chooses them */
  constructor({language, tag, dictionary, now}) {
    this.language = language
    this.now = now
    this.#tag = tag
    this.#dictionary = dictionary
    this.#plural = new Intl.PluralRules(tag)
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} [values]  `count` chooses between one and other
   */
  say(key, values = {}) {
    const phrase = this.#dictionary[key] ?? ""
    const text = typeof phrase === "string" ? phrase : phrase[this.#form(values.count)]
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""))
  }

  /** @param {Record<string, Dictionary>} dictionaries  what is rarely said, in each language */
  learn(dictionaries) {
    this.#dictionary = {...dictionaries[this.language], ...this.#dictionary}
  }

  /**
   * A size as people say it.
   *
   * @param {number} number
   * @param {string} unit
   */
  measure(number, unit) {
    return new Intl.NumberFormat(this.#tag, {
      style: "unit", unit, unitDisplay: unit === "byte" ? "long" : "short", maximumFractionDigits: number < 10 ? 1 : 0,
    }).format(number)
  }

  /**
   * As people say it: "just now", "2 min ago", "14:05", "yesterday 14:05", "3 Mar".
   *
   * @param {string} at  ISO 8601
   */
  ago(at) {
    const age = this.now() - Date.parse(at)
    if (age < MINUTE) return this.say("just_now")
    if (age < HOUR) return this.#relative(-Math.floor(age / MINUTE))
    return this.daysAgo(at) === 0 ? this.time(at) : this.#earlier(at)
  }

  /**
   * The shortest useful form, for lists.
   *
   * @param {string} at
   */
  brief(at) {
    const days = this.daysAgo(at)
    if (days <= 0) return this.time(at)
    if (days === 1) return this.say("yesterday")
    return this.#format(at, days < 7 ? {weekday: "short"} : {day: "numeric", month: "short"})
  }

  /** @param {string[]} names */
  list(names) {
    return new Intl.ListFormat(this.#tag).format(names)
  }

  /** @param {string} at */
  time(at) {
    return this.#format(at, {hour: "2-digit", minute: "2-digit"})
  }

  /** @param {string} at */
  exact(at) {
    return this.#format(at, {dateStyle: "full", timeStyle: "short"})
  }

  /** @param {string} at */
  moment(at) {
    return this.#format(at, {weekday: "short", hour: "2-digit", minute: "2-digit"})
  }

  /**
   * Of what is to come: "14:05", "Mon 09:00", "3 March 09:00".
   *
   * @param {string} at
   */
  ahead(at) {
    const days = -this.daysAgo(at)
    if (days <= 0) return this.time(at)
    return days < 7 ? this.moment(at) : this.#format(at, {day: "numeric", month: "long", hour: "2-digit", minute: "2-digit"})
  }

  /** @param {string} at */
  date(at) {
    return this.#format(at, {dateStyle: "long"})
  }

  /**
   * For day separators.
   *
   * @param {string} at
   */
  day(at) {
    const days = this.daysAgo(at)
    if (days === 0) return this.say("today")
    if (days === 1) return this.say("yesterday")
    const thisYear = new Date(at).getFullYear() === new Date(this.now()).getFullYear()
    return this.#format(at, {weekday: "long", day: "numeric", month: "long", year: thisYear ? undefined : "numeric"})
  }

  /** @param {string} at */
  daysAgo(at) {
    return Math.round((midnight(this.now()) - midnight(Date.parse(at))) / DAY)
  }

  /** @param {string} at */
  #earlier(at) {
    if (this.daysAgo(at) === 1) return this.say("yesterday_at", {time: this.time(at)})
    return this.#format(at, {day: "numeric", month: "short", hour: "2-digit", minute: "2-digit"})
  }

  /** @param {number} minutes */
  #relative(minutes) {
    return new Intl.RelativeTimeFormat(this.#tag, {style: "short", numeric: "always"}).format(minutes, "minute")
  }

  /** @param {string | number | undefined} count */
  #form(count) {
    return this.#plural.select(Number(count)) === "one" ? "one" : "other"
  }

  /**
   * @param {string} at
   * @param {Intl.DateTimeFormatOptions} options
   */
  #format(at, options) {
    return new Intl.DateTimeFormat(this.#tag, options).format(Date.parse(at))
  }
}

/** @param {string} tag */
function languageOf(tag) {
  return tag.toLowerCase().split(/[-_]/)[0]
}

/**
 * The wished region where the browser knows it ("es-MX"), else the language's usual one.
 *
 * @param {string | null | undefined} wish
 * @param {string} usual
 */
function tagOf(wish, usual) {
  try {
    const [tag] = Intl.getCanonicalLocales((wish ?? "").replaceAll("_", "-"))
    return tag?.includes("-") ? tag : usual
  } catch {
    return usual
  }
}

/** @param {number} time */
function midnight(time) {
  return new Date(time).setHours(0, 0, 0, 0)
}
