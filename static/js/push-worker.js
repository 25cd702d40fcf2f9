/**
 * The one worker of the staff page. Shows what is pushed to this browser, and what its pages hand over: nothing while one
 * of them is looked at. And a page that says so while the server cannot be reached: the only thing that is kept.
 */

/**
 * @typedef {object} Notice
 * @property {string} title
 * @property {string} [body]
 * @property {string} tag  a newer one replaces an older one
 * @property {string | null} [conversation]
 * @property {string} [url]  where it leads, on our own pages
 * @property {string} [kind]
 */

const worker = /** @type {any} */ (self)
/** Any: what a path is at one origin it is at another. */
const OURS = "https://ours.invalid"
const CHAT = "/chat/"
const KEPT = "parley-offline"
const OFFLINE = "/chat/offline/"
const ICON = "/static/img/parley.svg"

worker.addEventListener("install", () => worker.skipWaiting())
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(begin()))
worker.addEventListener("push", (/** @type {any} */ event) => event.waitUntil(pushed(event.data)))
worker.addEventListener("message", (/** @type {any} */ event) => {
  if (event.data?.type === "show") event.waitUntil(show(event.data.notice))
})
worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close()
  event.waitUntil(go(event.notification.data))
})

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  if (event.request.mode === "navigate" && event.request.method === "GET") event.respondWith(visit(event))
})

/** A page is asked for while the worker starts: it makes nobody wait. */
async function begin() {
  await worker.registration.navigationPreload?.enable()
  await worker.clients.claim()
}

/** @param {{request: Request, preloadResponse: Promise<Response | undefined>}} event */
async function visit({request, preloadResponse}) {
  try {
    return await preloadResponse ?? await fetch(request)
  } catch (error) {
    const page = await (await worker.caches.open(KEPT)).match(OFFLINE)
    if (page) return page
    throw error
  }
}

/** @param {any} data */
async function pushed(data) {
  try {
    await show(data.json())
  } catch {
    // What we cannot read, nobody of ours has sent.
  }
}

/** @returns {Promise<any[]>} our pages that are open */
function pages() {
  return worker.clients.matchAll({type: "window", includeUncontrolled: true})
}

/** @param {Notice} notice */
async function show({title, body, tag, conversation = null, url = "", kind = ""}) {
  if (typeof title !== "string" || !title) return
  if ((await pages()).some(page => page.focused)) return
  await worker.registration.showNotification(title, {
    body: body || undefined, tag, icon: ICON, renotify: Boolean(tag) && kind === "mention", data: {conversation, url},
  })
}

/** @param {{conversation: string | null, url: string}} to */
async function go({conversation, url}) {
  const open = (await pages()).find(page => new URL(page.url).pathname === CHAT)
  // A path of ours, whatever it says.
  const path = url.startsWith("/") && new URL(url, OURS).origin === OURS ? url : CHAT
  if (!open) return worker.clients.openWindow(path)
  // Of what is in no conversation, its address says where it is: "request=…".
  const place = conversation || new URL(path, OURS).hash.slice(1)
  if (place) open.postMessage({type: "go", conversation: place})
  return open.focus()
}
