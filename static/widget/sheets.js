/**
 * Styles as constructed sheets: a host's `style-src 'none'` does not forbid them, and nothing leaks either way.
 */

import {accentOf} from "../js/accent.js"

const FILES = ["css/tokens.css", "css/base.css", "css/chat.css", "css/message.css", "widget/widget.css"]

/**
 * @param {string} root  where the static files are
 * @returns {Promise<CSSStyleSheet[]>}
 */
export function loadSheets(root) {
  return Promise.all(FILES.map(async file => {
    const response = await fetch(new URL(file, root), {credentials: "omit"})
    if (!response.ok) throw new Error(`${file}: ${response.status}`)
    return sheetOf(await response.text())
  }))
}

/**
 * @param {string} colour  as the organisation typed it
 * @returns {CSSStyleSheet[]} none for a colour that is none
 */
export function accentSheets(colour) {
  const accent = accentOf(colour)
  return accent ? [sheetOf(`:host { --accent-hue: ${accent.hue}; --accent-chroma: ${accent.chroma}; }`)] : []
}

/** @param {string} text */
export function sheetOf(text) {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  return sheet
}
