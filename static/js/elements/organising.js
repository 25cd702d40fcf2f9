/** How a file is put in order: its category and its tags, for the staff. */

import {build} from "./build.js"
import {openDialog} from "./dialog.js"

/** @typedef {import("../filing.js").Filing} Filing */
/** @typedef {import("../wire.js").FileInfo} FileInfo */
/** @typedef {import("../words.js").Words} Words */

const CATEGORIES = ["client", "portfolio"]
/** As many as the server keeps. */
const MOST = 20

/**
 * @param {FileInfo} file
 * @param {Filing} filing
 * @param {Words} words
 * @param {() => void} [saved]
 */
export function orderForm({id, category, tags}, filing, words, saved) {
  const said = build("span", {class: "file-about", role: "status"})
  const form = build("form", {class: "order-form", "data-file": id, "aria-label": words.say("organise")},
    build("label", {class: "field"}, build("span", {}, words.say("category")),
      build("select", {name: "category"}, ...CATEGORIES.map(one => build("option", {value: one, selected: one === category}, words.say(`category_${one}`))))),
    build("label", {class: "field"}, build("span", {}, words.say("tags")),
      build("input", {type: "text", name: "tags", autocomplete: "off", value: tags.join(", "), placeholder: words.say("tags_hint")})),
    build("button", {type: "submit", class: "button"}, words.say("save")), said)
  form.addEventListener("submit", async event => {
    event.preventDefault()
    const data = new FormData(form)
    said.textContent = ""
    const saving = filing.organise(id, {category: String(data.get("category")), tags: tagsIn(String(data.get("tags")))})
    const isSaved = await saving.then(() => true, () => false)
    said.textContent = words.say(isSaved ? "saved" : "decision_failed")
    if (isSaved) saved?.()
  })
  return form
}

/** @param {string} text  as people write them: "roof, terrace" */
export function tagsIn(text) {
  return [...new Set(text.split(",").map(tag => tag.trim()).filter(Boolean))].slice(0, MOST)
}

/** @param {{file: FileInfo, filing: Filing, words: Words, root: Element}} options */
export function showOrder({file, filing, words, root}) {
  const dialog = openDialog({
    title: words.say("organise_of", {name: file.name}), kind: "order-dialog", words, root, parts: [orderForm(file, filing, words, () => dialog.close())],
  })
}
