/** A dialog where a file's links are made, copied and ended. The address of a link is told once: when it is made. */

import {build} from "./build.js"
import {openDialog} from "./dialog.js"
import {emptyState} from "./empty.js"
import {icon} from "./icons.js"

/** @typedef {import("../wire.js").ShareLink} ShareLink */
/** @typedef {import("../words.js").Words} Words */
/**
 * @typedef {object} Options
 * @property {import("../wire.js").Attachment} file
 * @property {import("../filing.js").Filing} filing
 * @property {Words} words
 * @property {Element} root
 * @property {string} me
 */

const DAY = 86_400_000
const DAYS = [1, 7, 30, 90]
const USUAL = 7
const LONGEST = 365
const SHORTEST_PASSWORD = 4

/** @param {Options} options */
export function showShare({file, filing, words, root, me}) {
  const {say} = {say: words.say.bind(words)}
  const list = build("ul", {class: "links", "aria-label": say("share_links")})
  const note = build("p", {class: "share-note", role: "status"})
  const made = build("div", {class: "share-made", role: "group", "aria-label": say("share_made"), hidden: true})
  const form = linkForm(words)

  const load = async () => {
    try {
      const links = await filing.links(file.id)
      list.replaceChildren(...links.map(row))
      if (!links.length) list.replaceChildren(emptyState({tag: "li", symbol: "link", title: say("share_none"), text: say("share_none_text")}))
    } catch {
      note.textContent = say("share_failed")
    }
  }
  const row = (/** @type {ShareLink} */ link) => linkRow(link, words, me, async () => {
    await filing.revoke(link.id)
    note.textContent = say("share_ended")
    await load()
    close.focus()
  })
  form.addEventListener("submit", async event => {
    event.preventDefault()
    const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]"))
    button.disabled = true
    note.textContent = ""
    try {
      showMade(made, await filing.share(file.id, wantedIn(form)), words)
      await load()
    } catch (error) {
      note.textContent = /** @type {{code?: string}} */ (error).code === "conflict" ? say("share_refused") : say("share_not_made")
    }
    button.disabled = false
  })
  const dialog = openDialog({
    title: say("share_of", {name: file.name}), kind: "share-dialog", words, root,
    parts: [build("div", {class: "share-body"}, form, made, note, build("h3", {}, say("share_links")), list)],
  })
  const close = /** @type {HTMLElement} */ (dialog.querySelector(".viewer-head button"))
  load()
}

/** @param {Words} words */
function linkForm(words) {
  const say = words.say.bind(words)
  const mode = (/** @type {string} */ value, /** @type {string} */ symbol, isOn = false) => build("label", {class: "share-mode"},
    build("input", {type: "radio", name: "mode", value, checked: isOn}), icon(symbol, {size: 18}),
    build("span", {}, build("span", {class: "share-mode-name"}, say(`share_${value}`)), build("span", {class: "file-about"}, say(`share_${value}_hint`))))
  const until = build("input", {type: "date", name: "until", min: dayIn(1), max: dayIn(LONGEST), value: dayIn(USUAL)})
  const date = build("label", {class: "field", hidden: true}, build("span", {}, say("share_until")), until)
  const expiry = build("select", {name: "expiry"},
    ...DAYS.map(count => build("option", {value: count, selected: count === USUAL}, say("share_days", {count}))),
    build("option", {value: ""}, say("share_date")))
  expiry.addEventListener("change", () => {
    date.hidden = expiry.value !== ""
    until.required = !date.hidden
  })
  const field = (/** @type {string} */ word, /** @type {Node} */ input) => build("label", {class: "field"}, build("span", {}, say(word)), input)
  return build("form", {class: "share-form", "aria-label": say("share_new")},
    build("fieldset", {class: "share-modes"}, build("legend", {class: "visually-hidden"}, say("share_mode")), mode("view", "eye", true), mode("download", "download")),
    build("div", {class: "share-fields"},
      field("share_expiry", expiry), date,
      field("share_uses", build("input", {type: "number", name: "uses", min: 1, max: 1_000_000, step: 1, inputmode: "numeric", placeholder: say("share_no_limit")})),
      field("share_password", build("input", {type: "text", name: "password", minlength: SHORTEST_PASSWORD, maxlength: 200, autocomplete: "off", autocapitalize: "none", spellcheck: "false", placeholder: say("share_no_password")}))),
    build("button", {type: "submit", class: "button primary"}, icon("link", {size: 18}), say("share_make")))
}

/** In so many days, as a date field has it. @param {number} days */
function dayIn(days) {
  const at = new Date(Date.now() + days * DAY)
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(part => String(part).padStart(2, "0")).join("-")
}

/** @param {HTMLFormElement} form */
function wantedIn(form) {
  const {mode, expiry, until, uses, password} = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)))
  const ends = expiry ? Date.now() + Number(expiry) * DAY : new Date(`${until}T23:59:59`).getTime()
  return {
    mode, expires_at: new Date(Math.min(ends, Date.now() + LONGEST * DAY)).toISOString(),
    ...uses ? {max_uses: Number(uses)} : {}, ...password ? {password} : {},
  }
}

/**
 * @param {HTMLElement} made
 * @param {ShareLink} link
 * @param {Words} words
 */
function showMade(made, {url = ""}, words) {
  const say = words.say.bind(words)
  const field = build("input", {type: "text", readonly: true, value: url, "aria-label": say("share_address")})
  const copied = build("span", {class: "share-copied", role: "status"})
  const copy = build("button", {type: "button", class: "button primary"}, icon("copy", {size: 18}), say("share_copy"))
  copy.addEventListener("click", async () => {
    field.select()
    const done = await navigator.clipboard?.writeText(url).then(() => true, () => false)
    copied.textContent = say(done ? "share_copied" : "share_copy_by_hand")
  })
  field.addEventListener("focus", () => field.select())
  made.replaceChildren(
    build("p", {class: "share-once"}, icon("check", {size: 16}), build("span", {}, say("share_once"))),
    build("div", {class: "share-copy"}, field, copy), copied)
  made.hidden = false
  copy.focus()
}

/**
 * @param {ShareLink} link
 * @param {Words} words
 * @param {string} me
 * @param {() => Promise<void>} end
 */
function linkRow(link, words, me, end) {
  const say = words.say.bind(words)
  const isUsedUp = link.max_uses !== null && link.uses >= link.max_uses
  const failed = build("p", {class: "form-error", role: "alert"})
  const act = (/** @type {string} */ word, kind = "", label = "") => build("button", {type: "button", class: `button small ${kind}`, "aria-label": label || null}, say(word))
  const ask = act("share_end", "", `${say("share_end")}: ${aboutLink(link, words)}`)
  const [sure, keep] = [act("share_end", "danger"), act("cancel")]
  const asked = build("span", {class: "link-asked", hidden: true}, build("span", {}, say("share_end_ask")), sure, keep)
  const turn = (/** @type {boolean} */ isAsking) => {
    ask.hidden = isAsking
    asked.hidden = !isAsking
    const next = isAsking ? keep : ask
    next.focus()
  }
  ask.addEventListener("click", () => turn(true))
  keep.addEventListener("click", () => turn(false))
  sure.addEventListener("click", () => {
    sure.disabled = true
    end().catch(() => {
      sure.disabled = false
      failed.textContent = say("share_not_ended")
    })
  })
  return build("li", {class: "link-row"},
    build("span", {class: "link-symbol"}, icon(link.mode === "view" ? "eye" : "download", {size: 18})),
    build("span", {class: "file-lines"},
      build("span", {class: "link-name"}, aboutLink(link, words), isUsedUp && build("span", {class: "chip"}, say("share_used_up"))),
      build("span", {class: "file-about"}, [usesOf(link, words), link.has_password && say("share_with_password"), link.creator === me && say("share_by_you"), words.ago(link.created_at)].filter(Boolean).join(" · ")),
      failed),
    build("span", {class: "link-acts"}, ask, asked))
}

/**
 * "To look at, until 3 December"
 *
 * @param {ShareLink} link
 * @param {Words} words
 */
export function aboutLink({mode, expires_at: until}, words) {
  return words.say("share_about", {mode: words.say(`share_${mode}`), until: words.date(until)})
}

/**
 * @param {ShareLink} link
 * @param {Words} words
 */
function usesOf({uses, max_uses: most}, words) {
  return most === null ? words.say("share_used", {count: uses}) : words.say("share_used_of", {count: uses, most})
}
