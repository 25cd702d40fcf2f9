/** The page with files in figures. */

import {Api} from "../api.js"
import {decorate} from "../elements/decorate.js"
import {FiguresElement} from "../elements/figures.js"
import {nameOf} from "../store/naming.js"
import fileWords from "../words/files.js"
import figureWords from "../words/figures.js"
import galleryWords from "../words/gallery.js"
import reviewWords from "../words/review.js"
import {wordsFor} from "../words.js"
import {part, readBoot} from "./boot.js"
import {tabsOf} from "./file-tabs.js"

const boot = readBoot()
const {slug, name, locale} = boot.organisation
const words = await wordsFor([boot.locale, locale, navigator.language])
for (const dictionaries of [fileWords, figureWords, galleryWords, reviewWords]) words.learn(dictionaries)
const api = new Api({base: boot.api, organisation: slug, cookies: () => document.cookie})
const chat = `/chat/?organisation=${encodeURIComponent(slug)}`
const back = /** @type {HTMLAnchorElement} */ (part("back"))

document.documentElement.lang = words.language
document.title = `${words.say("figures")} · ${name}`
back.href = chat
decorate(document, words)
part("tabs").append(...tabsOf(boot, words))
customElements.define("parley-figures", FiguresElement)

/** @param {string} id */
async function placeOf(id) {
  const info = await api.get(`chat/conversations/${id}/`)
  return {name: nameOf({info, participants: info.participants}, boot.member), href: `${chat}#${id}`}
}

/** @param {import("../elements/figures.js").Period} period */
function exportOf(period) {
  return `${boot.api}chat/file-figures.csv?${new URLSearchParams({...period, organisation: slug})}`
}

const figures = /** @type {FiguresElement} */ (document.createElement("parley-figures"))
part("figures").append(Object.assign(figures, {words, ask: (/** @type {any} */ period) => api.get("chat/file-figures/", period), exportOf, placeOf}))
