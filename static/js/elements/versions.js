/** A dialog with all versions of a document, where whoever wrote it adds the next. */

import {sizeOf, standingOf} from "../files.js"
import {build} from "./build.js"
import {save} from "./files.js"
import {icon} from "./icons.js"

/** @typedef {import("../filing.js").Filing} Filing */
/** @typedef {import("../wire.js").Attachment} Attachment */
/** @typedef {import("../wire.js").FileInfo} FileInfo */
/** @typedef {import("../words.js").Words} Words */

/** @param {{file: Attachment, filing: Filing, words: Words, root: Element, adds: boolean}} options */
export function showVersions({file, filing, words, root, adds}) {
  const close = build("button", {type: "button", class: "icon-button", "aria-label": words.say("close"), title: words.say("close")}, icon("x"))
  const list = build("ul", {class: "versions"})
  const note = build("p", {class: "versions-note", role: "status"})
  const input = build("input", {type: "file", hidden: true})
  const add = build("button", {type: "button", class: "button"}, icon("upload", {size: 18}), words.say("version_add"))
  const title = words.say("versions_of", {name: file.name})
  const dialog = build("dialog", {class: "versions-dialog", "aria-label": title},
    build("div", {class: "viewer-head"}, build("h2", {class: "viewer-name", dir: "auto"}, title), close),
    list, note, ...adds ? [build("div", {class: "versions-foot"}, add, input)] : [])
  close.autofocus = true

  const load = async () => {
    try {
      const versions = await filing.versions(file.id)
      list.replaceChildren(...versions.map(one => versionRow(one, filing, words)))
    } catch {
      note.textContent = words.say("versions_failed")
    }
  }
  const changed = () => load()
  add.addEventListener("click", () => input.click())
  input.addEventListener("change", async () => {
    const [chosen] = input.files ?? []
    input.value = ""
    if (!chosen) return
    add.disabled = true
    try {
      const progressed = (/** @type {number} */ part) => note.textContent = words.say("upload_going", {percent: Math.floor(part * 100)})
      await filing.addVersion(file.id, chosen, {progressed, signal: new AbortController().signal})
      note.textContent = words.say("version_added")
      await load()
    } catch (error) {
      const {code, message} = /** @type {{code: string, message: string}} */ (error)
      note.textContent = words.say(`refused_${code}`) || message
    }
    add.disabled = false
    add.focus()
  })
  filing.addEventListener("change", changed)
  close.addEventListener("click", () => dialog.close())
  dialog.addEventListener("keydown", event => event.stopPropagation())
  dialog.addEventListener("click", ({target}) => target === dialog && dialog.close())
  dialog.addEventListener("close", () => {
    filing.removeEventListener("change", changed)
    dialog.remove()
  })
  root.append(dialog)
  load()
  dialog.showModal()
}

/**
 * @param {FileInfo} file
 * @param {Filing} filing
 * @param {Words} words
 */
export function versionRow(file, filing, words) {
  const about = [file.by.name, words.ago(file.created_at), file.size !== null && sizeOf(file.size, words)].filter(Boolean).join(" · ")
  const label = `${words.say("download")}: ${words.say("version", {version: file.version ?? 1})}`
  const saving = build("button", {type: "button", class: "icon-button", "aria-label": label, title: label}, icon("download", {size: 18}))
  const standing = build("span", {class: "file-about"}, standingOf(file, words))
  saving.addEventListener("click", () => save(filing, file).catch(() => standing.textContent = words.say("file_failed")))
  const isServed = file.name !== null && file.state !== "rejected" && file.state !== "infected"
  return build("li", {class: `version ${file.state}`},
    build("span", {class: "version-number"}, words.say("version", {version: file.version ?? 1})),
    build("span", {class: "file-lines"}, build("span", {class: "file-name", dir: "auto"}, file.name ?? ""), build("span", {class: "file-about"}, about), standing),
    isServed && saving)
}
