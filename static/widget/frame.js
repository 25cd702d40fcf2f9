/**
 * The widget in a page of ours, framed by a host's page that may not read it. Calls come in, events and whether they
 * were obeyed go out; the server lets nobody frame this page but the origin that it was asked for.
 */

import {CALLS} from "./calls.js"
import {start} from "./widget.js"

const asked = new URLSearchParams(location.search)
const site = asked.get("site") ?? ""
const host = asked.get("origin") ?? ""

/** @param {object} message */
const say = message => parent.postMessage({parley: site, ...message}, host)

/** @type {import("./telling.js").Tell} */
const tell = (name, about = {}) => say({event: name, about})

/** @type {Promise<any> | null} */
let widget = null

/** @param {MessageEvent} event */
async function hear({origin, source, data}) {
  if (origin !== host || source !== parent || data?.parley !== site) return
  if (data.begin) widget ??= begin(data.begin)
  else if (data.id && CALLS.includes(data.call)) say({id: data.id, ...await obey(data)})
  else if ("isNarrow" in data) (await widget)?.toggleAttribute("data-narrow", data.isNarrow)
}

/** @param {any} settings */
async function begin(settings) {
  const root = new URL("..", import.meta.url).href
  const made = await start({...settings, base: location.origin, root, site, tell, isFramed: true})
  say({event: "begun"})
  return made
}

/** @param {{call: string, args: unknown[]}} asked  what it returns stays here: it may say who somebody is */
async function obey({call, args}) {
  try {
    await (await widget)[call](...args)
    return {}
  } catch (/** @type {any} */ error) {
    return {error: {code: error?.code ?? "internal", message: String(error?.message ?? error)}}
  }
}

window.addEventListener("message", hear)
say({event: "loaded"})
