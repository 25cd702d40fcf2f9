/**
 * What a host page does itself: it says who is signed in, with an identity that its own server signed; and, where it has
 * buttons for that, calls the widget and tells what it is told.
 */

const identity = document.querySelector("meta[name=parley-identity]")?.getAttribute("content")
/** @type {any} */
const page = window
page.Parley = page.Parley ?? []
if (identity) page.Parley.push(["setUser", identity])

const EVENTS = ["ready", "error", "opened", "closed", "unread", "message", "message-failed", "conversation-started", "conversation-status", "agent-assigned", "queue-position", "file-status", "request-status", "presence", "connection", "identity-expired"]
const told = document.querySelector(".told")

if (told) {
  for (const name of EVENTS) window.addEventListener(`parley:${name}`, event => tell(name, /** @type {CustomEvent} */ (event).detail))
  document.addEventListener("click", ({target}) => {
    const call = target instanceof HTMLElement && target.dataset.call
    if (call) page.Parley.push(JSON.parse(call))
  })
}

/**
 * @param {string} name
 * @param {object} detail
 */
function tell(name, detail) {
  const line = document.createElement("li")
  line.textContent = `${name} ${JSON.stringify(detail)}`
  told?.prepend(line)
}
