/** The staff page as an app: its one worker, and the page that is shown while the server cannot be reached. */

export const WORKER = "/chat/push-worker.js"
/** The worker looks here; nothing else is ever kept. */
const KEPT = "parley-offline"
const OFFLINE = "/chat/offline/"

/** @returns {Promise<ServiceWorkerRegistration>} once it works */
export function registerWorker() {
  const {serviceWorker} = navigator
  return serviceWorker.register(WORKER, {scope: "/chat/"}).then(() => serviceWorker.ready)
}

/** @param {string} language  the reader's */
export async function install(language) {
  if (!navigator.serviceWorker || !globalThis.caches) return
  await registerWorker()
  const page = await fetch(`${OFFLINE}?language=${language}`, {credentials: "omit"})
  if (page.ok) await (await caches.open(KEPT)).put(OFFLINE, page)
}
