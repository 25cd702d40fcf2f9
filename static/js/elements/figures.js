/** `<parley-figures>`: files in figures, for days that one chooses. What has a target says whether it is met. */

import {sizeOf} from "../files.js"
import {bar, barList, columnChart, table} from "./charts.js"
import {Base, build} from "./build.js"
import {emptyState} from "./empty.js"
import {addIcons, icon} from "./icons.js"

/** @typedef {import("../words.js").Words} Words */
/** @typedef {{since: string, until: string}} Period  days, of UTC */
/** @typedef {{views: number, downloads: number}} Readings */
/**
 * @typedef {object} Figures  as the server has them
 * @property {string} since
 * @property {string} until
 * @property {{taken: number, refused: Record<string, number>, failed: Record<string, number>, success_rate: number | null}} uploads
 * @property {number | null} availability
 * @property {{kind: string, files: number, bytes: number}[]} types
 * @property {{
 *   bytes: number, quota: number, spaces: {space: string, name: string, bytes: number}[],
 *   conversations: {conversation: string, files: number, bytes: number}[], trend: {day: string, files: number, bytes: number}[],
 * }} storage
 * @property {{pending: number, approved: number, rejected: number, median_s: number | null, p90_s: number | null, within_target: number | null}} reviews
 * @property {(Readings & {attachment: string, name: string})[]} opened
 * @property {(Readings & {member: import("../wire.js").Member})[]} readers
 */

const DAY = 86_400_000
const PERIODS = [7, 30, 90]
const USUAL = 30
const TARGET = {success: 0.95, availability: 0.999, review_s: 7_200}
const UNITS = /** @type {const} */ ([["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]])

addIcons({
  "download": ["M12 15V3", "M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4", "m7 10 5 5 5-5"],
  "chart": ["M3 3v16a2 2 0 0 0 2 2h16", "M18 17V9", "M13 17V5", "M8 17v-3"],
})

export class FiguresElement extends Base {
  words = /** @type {Words} */ (/** @type {unknown} */ (null))
  /** @type {(period: Period) => Promise<Figures>} */
  ask = () => Promise.reject(new Error("nobody to ask"))
  /** @type {(period: Period) => string} */
  exportOf = () => ""
  /** @type {(id: string) => Promise<{name: string, href: string}>} */
  placeOf = async () => ({name: "", href: ""})
  #question = 0
  #body = build("div", {class: "figures-body"})
  #note = build("p", {class: "visually-hidden", role: "status"})
  #form = build("form", {class: "figures-period"})
  #link = build("a", {class: "button small", download: ""})

  connectedCallback() {
    if (this.firstChild) return
    this.#form.ariaLabel = this.words.say("figures_period")
    this.#form.append(...this.#choices())
    this.#form.addEventListener("change", () => this.#load())
    this.#form.addEventListener("submit", event => event.preventDefault())
    this.#link.append(icon("download", {size: 16}), this.words.say("figures_export"))
    this.append(build("div", {class: "figures-tools"}, this.#form, this.#link), this.#note, this.#body)
    this.#load()
  }

  #choices() {
    const {words} = this
    const choice = (/** @type {number | string} */ value, /** @type {string} */ said) => build("label", {class: "figures-choice"},
      build("input", {type: "radio", name: "days", value, checked: value === USUAL, class: "visually-hidden"}), build("span", {}, said))
    const day = (/** @type {string} */ name, /** @type {string} */ value) => build("label", {class: "figures-day"}, build("span", {}, words.say(`figures_${name}`)),
      build("input", {type: "date", name, value, max: daysAgo(0), min: "2020-01-01"}))
    return [
      build("div", {class: "figures-choices", role: "radiogroup", "aria-label": words.say("figures_period")},
        ...PERIODS.map(count => choice(count, words.say("figures_days", {count}))), choice("own", words.say("figures_own"))),
      build("div", {class: "figures-own", hidden: true}, day("since", daysAgo(USUAL)), day("until", daysAgo(0))),
    ]
  }

  /** @returns {Period | null} null while it is not chosen, or ends before it begins */
  get #period() {
    const {days, since, until} = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(this.#form)))
    if (days !== "own") return {since: daysAgo(Number(days) - 1), until: daysAgo(0)}
    return since && until && since <= until ? {since, until} : null
  }

  async #load() {
    const own = /** @type {HTMLElement} */ (this.#form.querySelector(".figures-own"))
    own.hidden = new FormData(this.#form).get("days") !== "own"
    const period = this.#period
    this.#link.hidden = !period
    if (!period) return this.#body.replaceChildren(build("p", {class: "form-error", role: "alert"}, this.words.say("figures_period_wrong")))
    this.#link.href = this.exportOf(period)
    const question = ++this.#question
    this.#body.ariaBusy = "true"
    if (!this.#body.firstChild) this.#body.append(build("div", {class: "figures-wait"}, ...Array.from({length: 4}, () => build("span"))))
    try {
      const figures = await this.ask(period)
      if (question === this.#question) this.#show(figures)
    } catch {
      if (question === this.#question) this.#fail()
    }
    this.#body.ariaBusy = "false"
  }

  #fail() {
    const again = build("button", {type: "button", class: "button"}, this.words.say("try_again"))
    again.addEventListener("click", () => this.#load())
    this.#body.replaceChildren(build("div", {class: "figures-failed"}, build("p", {class: "form-error", role: "alert"}, this.words.say("figures_failed")), again))
  }

  /** @param {Figures} figures */
  #show(figures) {
    const {words} = this
    const days = {since: words.date(`${figures.since}T12:00:00`), until: words.date(`${figures.until}T12:00:00`)}
    this.#note.textContent = words.say("figures_shown", days)
    const {uploads, storage, opened, readers, reviews} = figures
    const isEmpty = !uploads.taken && !storage.bytes && !opened.length && !readers.length && !reviews.pending && !Object.keys({...uploads.refused, ...uploads.failed}).length
    if (isEmpty) return this.#body.replaceChildren(emptyState({symbol: "chart", title: words.say("figures_empty"), text: words.say("figures_empty_text")}))
    this.#body.replaceChildren(
      build("section", {class: "figures-tiles", "aria-label": words.say("figures_short")}, ...this.#tiles(figures)),
      build("div", {class: "figures-cards"}, ...this.#cards(figures)))
    return undefined
  }

  /** @param {Figures} figures */
  #tiles({uploads, availability, reviews, storage}) {
    const {words} = this
    const {success, availability: available, review_s: within} = TARGET
    const refused = sum(uploads.refused) + sum(uploads.failed)
    return [
      this.#tile("figures_success", rate(uploads.success_rate, words), this.#target(uploads.success_rate, uploads.success_rate !== null && uploads.success_rate > success, `> ${percent(success, words)}`),
        words.say("figures_of_uploads", {taken: number(uploads.taken, words), all: number(uploads.taken + refused, words)})),
      this.#tile("figures_availability", rate(availability, words), this.#target(availability, availability !== null && availability >= available, percent(available, words)),
        words.say("figures_failures", {count: sum(uploads.failed)})),
      this.#tile("figures_review", duration(reviews.median_s, words), this.#target(reviews.median_s, reviews.median_s !== null && reviews.median_s <= within, duration(within, words)),
        reviews.p90_s === null ? words.say("figures_no_reviews") : words.say("figures_p90", {long: duration(reviews.p90_s, words), share: rate(reviews.within_target, words, 0)})),
      this.#tile("figures_storage", sizeOf(storage.bytes, words), bar(storage.quota ? storage.bytes / storage.quota : 0, storage.bytes > storage.quota * 0.8 ? "full" : ""),
        words.say("figures_of_quota", {quota: sizeOf(storage.quota, words), share: percent(storage.quota ? storage.bytes / storage.quota : 0, words, 0)})),
    ]
  }

  /**
   * @param {string} word
   * @param {string} figure
   * @param {Node | null} target
   * @param {string} about
   */
  #tile(word, figure, target, about) {
    return build("div", {class: "tile"}, build("h2", {}, this.words.say(word)), build("p", {class: "tile-figure"}, figure), target, build("p", {class: "tile-about"}, about))
  }

  /**
   * @param {number | null} value
   * @param {boolean} isMet
   * @param {string} target
   */
  #target(value, isMet, target) {
    const [kind, symbol, word] = value === null ? ["", "clock", "figures_target"] : isMet ? ["met", "check", "figures_met"] : ["missed", "alert", "figures_missed"]
    return build("p", {class: `tile-target ${kind}`}, icon(symbol, {size: 14}), build("span", {}, this.words.say(word, {target})))
  }

  /** @param {Figures} figures */
  #cards({since, until, uploads, types, storage, reviews, opened, readers}) {
    const {words} = this
    const refused = Object.entries(uploads.refused).sort(byNumber)
    const failed = Object.entries(uploads.failed).sort(byNumber)
    return [
      this.#card("figures_trend", this.#trend(storage.trend, since, until), "wide"),
      this.#card("figures_types", types.length ? barList(types.map(({kind, files, bytes}) => ({
        name: words.say(`file_kind_${kind}`), value: bytes, kind, said: `${sizeOf(bytes, words)} · ${words.say("gallery_count", {count: files})}`,
      }))) : null),
      this.#card("figures_conversations", storage.conversations.length ? barList(storage.conversations.map(({conversation, files, bytes}) => ({
        name: this.#place(conversation), value: bytes, said: `${sizeOf(bytes, words)} · ${words.say("gallery_count", {count: files})}`,
      }))) : null),
      storage.spaces.length > 0 && this.#card("figures_spaces", barList(storage.spaces.map(({name, bytes}) => ({name, value: bytes, said: sizeOf(bytes, words)})))),
      this.#card("figures_refused", refused.length + failed.length ? barList([
        ...refused.map(([code, count]) => ({name: words.say(`refused_${code}`) || code, value: count, said: number(count, words), kind: "refused"})),
        ...failed.map(([code, count]) => ({name: words.say(`refused_${code}`) || words.say("figures_failed_by_us", {code}), value: count, said: number(count, words), kind: "refused"})),
      ]) : null),
      this.#card("figures_reviews", this.#reviews(reviews)),
      this.#card("figures_opened", opened.length ? this.#readings("figures_opened", "figures_file", opened.map(one => [one.name, one])) : null),
      this.#card("figures_readers", readers.length ? this.#readings("figures_readers", "figures_who", readers.map(one => [`${one.member.name} · ${words.say(`role_${one.member.role}`)}`, one])) : null),
    ].filter(card => card !== false)
  }

  /**
   * @param {string} word
   * @param {Node | null} content
   * @param {string} [kind]
   */
  #card(word, content, kind = "") {
    return build("section", {class: `card-figures ${kind}`}, build("h2", {}, this.words.say(word)), content ?? build("p", {class: "figures-none"}, this.words.say("figures_none")))
  }

  /**
   * @param {{day: string, files: number, bytes: number}[]} trend
   * @param {string} since
   * @param {string} until
   */
  #trend(trend, since, until) {
    const {words} = this
    const known = new Map(trend.map(one => [one.day, one]))
    const days = daysBetween(since, until).map(day => known.get(day) ?? {day, files: 0, bytes: 0})
    const said = (/** @type {string} */ day) => words.date(`${day}T12:00:00`)
    const all = days.reduce((whole, {bytes}) => whole + bytes, 0)
    const most = days.reduce((one, other) => other.bytes > one.bytes ? other : one)
    const about = words.say("figures_trend_about", {size: sizeOf(all, words), most: sizeOf(most.bytes, words), day: said(most.day)})
    return build("div", {class: "trend"},
      build("p", {class: "trend-about"}, all ? about : words.say("figures_none")),
      columnChart(days.map(({day, files, bytes}) => ({value: bytes, title: `${said(day)}: ${sizeOf(bytes, words)}, ${words.say("gallery_count", {count: files})}`})), about),
      build("div", {class: "trend-ends", "aria-hidden": "true"}, build("span", {}, said(since)), build("span", {}, said(until))),
      trend.length ? build("details", {}, build("summary", {}, words.say("figures_as_table")),
        table([words.say("figures_day"), words.say("figures_files"), words.say("figures_size")], trend.map(({day, files, bytes}) => [said(day), number(files, words), sizeOf(bytes, words)]), words.say("figures_trend"))) : null)
  }

  /** @param {Figures["reviews"]} reviews */
  #reviews({pending, approved, rejected, median_s: half, p90_s: nine, within_target: within}) {
    const {words} = this
    const fact = (/** @type {string} */ word, /** @type {string} */ said) => build("div", {}, build("dt", {}, words.say(word)), build("dd", {}, said))
    return build("dl", {class: "figures-facts"},
      fact("figures_pending", number(pending, words)), fact("figures_approved", number(approved, words)), fact("figures_rejected", number(rejected, words)),
      fact("figures_median", duration(half, words)), fact("figures_ninety", duration(nine, words)),
      fact("figures_within", rate(within, words, 0)))
  }

  /**
   * @param {string} word
   * @param {string} head
   * @param {[string, Readings][]} rows
   */
  #readings(word, head, rows) {
    const {words} = this
    return table([words.say(head), words.say("figures_views"), words.say("figures_downloads")],
      rows.map(([name, {views, downloads}]) => [name, number(views, words), number(downloads, words)]), words.say(word))
  }

  /** @param {string} id */
  #place(id) {
    const link = build("a", {}, this.words.say("nameless"))
    this.placeOf(id).then(({name, href}) => {
      link.href = href
      if (name) link.textContent = name
    }, () => {})
    return link
  }
}

/** As a date field and the server have it. @param {number} days */
function daysAgo(days) {
  return new Date(Date.now() - days * DAY).toISOString().slice(0, 10)
}

/**
 * @param {string} since
 * @param {string} until
 */
export function daysBetween(since, until) {
  const first = Date.parse(since)
  return Array.from({length: Math.max(1, Math.round((Date.parse(until) - first) / DAY) + 1)}, (_, place) => new Date(first + place * DAY).toISOString().slice(0, 10))
}

/** @param {Record<string, number>} counts */
function sum(counts) {
  return Object.values(counts).reduce((whole, count) => whole + count, 0)
}

/**
 * @param {[string, number]} one
 * @param {[string, number]} other
 */
function byNumber([, one], [, other]) {
  return other - one
}

/**
 * @param {number} value
 * @param {Words} words
 */
function number(value, {language}) {
  return new Intl.NumberFormat(language).format(value)
}

/**
 * @param {number} value
 * @param {Words} words
 * @param {number} [digits]
 */
function percent(value, {language}, digits = 2) {
  return new Intl.NumberFormat(language, {style: "percent", maximumFractionDigits: digits}).format(value)
}

/**
 * @param {number | null} value  null where there was nothing to count
 * @param {Words} words
 * @param {number} [digits]
 */
function rate(value, words, digits = 2) {
  return value === null ? "–" : percent(value, words, digits)
}

/**
 * @param {number | null} seconds
 * @param {Words} words
 */
export function duration(seconds, words) {
  if (seconds === null) return "–"
  const [unit, length] = UNITS.find(([, long]) => seconds >= long) ?? UNITS[UNITS.length - 1]
  return words.measure(seconds / length, unit)
}
