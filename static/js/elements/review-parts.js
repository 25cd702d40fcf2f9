/** What the page where files are looked at is made of. */

import {build} from "./build.js"
import {icon} from "./icons.js"
import {versionRow} from "./versions.js"

/** @typedef {import("../wire.js").FileInfo} FileInfo */
/** @typedef {import("../words.js").Words} Words */

const KEYS = [["j", "↓", "next"], ["k", "↑", "previous"], ["x", "", "select"], ["a", "", "approve"], ["r", "", "reject"], ["Esc", "", "leave"], ["?", "", "help"]]
const MAX_REASON = 500

/**
 * @param {FileInfo} file
 * @param {import("./review.js").Place} place
 * @param {Words} words
 */
export function factsOf(file, {name, href}, words) {
  const {by, metadata = {}} = file
  const says = Object.entries(metadata).filter(([, value]) => ["string", "number"].includes(typeof value))
  return build("div", {class: "review-facts"},
    facts([
      [words.say("review_from"), build("span", {dir: "auto"}, `${by.name} · ${words.say(`role_${by.role}`)}`)],
      [words.say("review_where"), build("a", {href, dir: "auto"}, name || words.say("nameless"))],
      [words.say("review_when"), build("time", {datetime: file.created_at}, words.exact(file.created_at))],
    ]),
    ...says.length ? [build("details", {}, build("summary", {}, words.say("review_says")), facts(says.map(([key, value]) => [key, build("span", {dir: "auto"}, String(value))])))] : [])
}

/** @param {[string, HTMLElement][]} all */
function facts(all) {
  return build("dl", {class: "facts"}, ...all.map(([term, value]) => build("div", {}, build("dt", {}, term), build("dd", {}, value))))
}

/**
 * Of one that has none it says nothing.
 *
 * @param {FileInfo} file
 * @param {import("../filing.js").Filing} filing
 * @param {Words} words
 */
export function historyOf(file, filing, words) {
  const list = build("ul", {class: "versions"})
  const whole = build("section", {class: "review-history", hidden: (file.version ?? 1) === 1}, build("h3", {}, words.say("versions")), list)
  if (!whole.hidden) {
    filing.versions(file.id).then(
      versions => list.replaceChildren(...versions.map(one => versionRow(one, filing, words))),
      () => list.replaceChildren(build("li", {class: "form-error"}, words.say("versions_failed"))))
  }
  return whole
}

/**
 * @param {FileInfo[]} files
 * @param {Words} words
 * @param {HTMLElement} around
 * @returns {Promise<string | null>} null when it was left
 */
export function askReason(files, words, around) {
  const title = words.say("review_reject", {count: files.length, name: files[0].name})
  const text = build("textarea", {name: "reason", rows: 3, maxlength: MAX_REASON, required: true, "aria-describedby": "reason-hint"})
  const leave = build("button", {type: "button", class: "button"}, words.say("cancel"))
  const form = build("form", {method: "dialog"},
    build("h2", {dir: "auto"}, title),
    build("label", {class: "field"}, build("span", {}, words.say("reason")), text),
    build("p", {class: "file-about", id: "reason-hint"}, words.say("reason_hint")),
    build("footer", {}, leave, build("button", {type: "submit", class: "button danger"}, words.say("reject"))))
  const dialog = build("dialog", {class: "review-dialog", "aria-label": title}, form)
  text.autofocus = true
  leave.addEventListener("click", () => dialog.close())
  form.addEventListener("submit", event => {
    event.preventDefault()
    if (text.value.trim()) dialog.close(text.value.trim())
    else text.value = ""
  })
  text.addEventListener("keydown", event => (event.ctrlKey || event.metaKey) && event.key === "Enter" && form.requestSubmit())
  around.append(dialog)
  dialog.showModal()
  return new Promise(resolve => dialog.addEventListener("close", () => {
    dialog.remove()
    resolve(dialog.returnValue || null)
  }))
}

/**
 * @param {Words} words
 * @param {HTMLElement} around
 */
export function showKeys(words, around) {
  const close = build("button", {type: "button", class: "icon-button", "aria-label": words.say("close"), title: words.say("close")}, icon("x"))
  const said = (/** @type {string} */ key) => words.say(key === "approve" || key === "reject" ? key : `keys_${key}`)
  const dialog = build("dialog", {class: "review-dialog", "aria-label": words.say("keys")},
    build("div", {class: "review-dialog-head"}, build("h2", {}, words.say("keys")), close),
    build("dl", {class: "keys"}, ...KEYS.map(([key, other, word]) => build("div", {}, build("dt", {}, build("kbd", {}, key), other && " ", other && build("kbd", {}, other)), build("dd", {}, said(word))))))
  close.autofocus = true
  close.addEventListener("click", () => dialog.close())
  dialog.addEventListener("click", ({target}) => target === dialog && dialog.close())
  dialog.addEventListener("close", () => dialog.remove())
  around.append(dialog)
  dialog.showModal()
}
