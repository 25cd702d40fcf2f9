/** One file on its way. */

import {ApiError} from "./api.js"

/** @typedef {import("./wire.js").Attachment} Attachment */

/** What no answer says, or not ours: a proxy has limits of its own. @type {Record<number, string>} */
const UNSAID = {0: "unreachable", 413: "too_large"}

/**
 * @param {{url: string, headers: Record<string, string>, fields?: Record<string, string>}} target  `fields`: sent with it
 * @param {File} file
 * @param {Partial<import("./store/uploads.js").Course>} [course]
 * @returns {Promise<Attachment>} rejects with an ApiError
 */
export function upload({url, headers, fields = {}}, file, {progressed, signal} = {}) {
  const request = new XMLHttpRequest()
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append("files", file)
  return new Promise((resolve, reject) => {
    request.upload.onprogress = ({loaded, total}) => progressed?.(total ? loaded / total : 0)
    request.onloadend = () => {
      const {attachment, refusal} = outcomeOf(request.status, request.responseText, Number(request.getResponseHeader("Retry-After")))
      if (attachment) resolve(attachment)
      else reject(refusal)
    }
    signal?.addEventListener("abort", () => request.abort())
    request.open("POST", url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.send(form)
  })
}

/**
 * @param {number} status  0 when nothing was answered
 * @param {string} text
 * @param {number} [seconds]  until it may be tried again
 * @returns {{attachment?: Attachment, refusal?: ApiError}}
 */
export function outcomeOf(status, text, seconds = 0) {
  const answer = parsed(text)
  const [first] = answer?.results ?? []
  if (first?.id) return {attachment: first}
  const {code = UNSAID[status] ?? `http_${status}`, message} = first?.error ?? answer?.error ?? {}
  return {refusal: new ApiError({code, message, status, retryAfter: seconds > 0 ? seconds * 1_000 : null})}
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null // A proxy's error page; its status says enough.
  }
}
