/**
 * What a customer pastes: `<script async src="https://chat.example/static/widget/loader.js" data-site="KEY"></script>`
 *
 * It asks for nothing but the widget's code, and turns `window.Parley`, which may be a list of calls made before it
 * came, into the API. It stores nothing, sets no cookie, and survives being included twice.
 */
(() => {
  "use strict"

  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript)
  /** @type {any} */
  const page = window
  const site = script?.dataset.site
  if (!script || !site || page.Parley?.ready) return

  const here = new URL(script.src)
  // Where the script comes from a CDN, it says whose it is.
  const {server = here.origin, locale = "", colorScheme = "", position = ""} = script.dataset
  const listeners = new EventTarget()
  /** @type {unknown[][]} */
  const queue = Array.isArray(page.Parley) ? page.Parley : []

  /**
   * @param {string} name
   * @param {unknown} [detail]
   */
  const emit = (name, detail = null) => listeners.dispatchEvent(new CustomEvent(name, {detail}))

  const started = import(new URL("widget.js", here).href)
    .then(({start}) => start({base: new URL(server, here).origin, root: new URL("..", here).href, site, locale, colorScheme, position, emit}))

  /** Calls keep their order and never throw into the host page; what went wrong is told to `on("error")`. */
  const call = (/** @type {string} */ name) => async (/** @type {unknown[]} */ ...args) => {
    try {
      return await (await started)[name](...args)
    } catch (error) {
      emit("error", error)
      return null
    }
  }

  /** @type {Record<string, any>} */
  const api = {
    ready: started.then(() => api),
    setUser: call("setUser"),
    show: call("show"),
    hide: call("hide"),
    toggle: call("toggle"),
    shutdown: call("shutdown"),

    /**
     * Names: open, close, message, unread, identity-expired, error.
     *
     * @param {string} name
     * @param {(detail: unknown) => void} listen
     * @returns {() => void} takes the listener away again
     */
    on(name, listen) {
      const heard = (/** @type {Event} */ event) => listen(/** @type {CustomEvent} */ (event).detail)
      listeners.addEventListener(name, heard)
      return () => listeners.removeEventListener(name, heard)
    },

    /** @param {...unknown[]} calls  each is [name, ...arguments] */
    push(...calls) {
      for (const [name, ...args] of calls) {
        const method = COMMANDS.includes(String(name)) ? api[String(name)] : null
        if (method) method(...args)
      }
    },
  }
  const COMMANDS = ["setUser", "show", "hide", "toggle", "shutdown", "on"]

  api.ready.catch((/** @type {unknown} */ error) => {
    console.warn("Parley could not start:", error)
    emit("error", error)
  })
  page.Parley = api
  api.push(...queue)
})()
