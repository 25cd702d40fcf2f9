/** The login page: says things in the reader's language, and uses a one-time login that came in the address. */

import {decorate} from "../elements/decorate.js"
import loginWords from "../words/login.js"
import {wordsFor} from "../words.js"
import {part} from "./boot.js"

const words = await wordsFor([...navigator.languages])
words.learn(loginWords)
document.documentElement.lang = words.language
decorate(document, words)

const once = /^#once=([\w-]+\.[\w.:-]+)$/.exec(location.hash)?.[1]
if (once) {
  // The secret must not stay in the history, nor travel on with a bookmark.
  history.replaceState(null, "", location.pathname + location.search)
  const field = /** @type {HTMLInputElement} */ (part("once"))
  field.value = once
  part("once-notice").hidden = false
  part("login-form").hidden = true
  field.form?.submit()
}
