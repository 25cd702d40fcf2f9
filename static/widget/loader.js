/**
 * What a customer pastes: `<script async src="https://chat.example/static/widget/loader.js" data-site="KEY"></script>`
 *
 * It asks for nothing but the widget's code, and turns `window.Parley`, which may be a list of calls made before it
 * came, into the API. It stores nothing, sets no cookie, and survives being included twice; where a page embeds several
 * sites, `Parley` is the first of them and `Parley.sites` has each by its key.
 */
(() => {
  "use strict"

  /** Answered by the widget, once it is there. */
  const METHODS = ["update", "shutdown", "setUser", "setLocale", "setColorScheme", "show", "hide", "toggle", "showMessages", "showNewMessage", "showConversation", "showRequests", "setContext", "setCustomAttributes", "setConversationAttributes"]
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript)
  /** @type {any} */
  const page = window
  const before = page.Parley
  const site = script?.dataset.site
  if (!script || !site || before?.sites && Object.hasOwn(before.sites, site)) return

  const here = new URL(script.src)
  // Where the script comes from a CDN, it says whose it is.
  const {server = here.origin, locale = "", colorScheme = "", position = "", identity = "", mode, boot} = script.dataset
  /** @type {Map<string, Set<(detail: any) => void>>} */
  const listeners = new Map()
  /** What is in the page now. @type {any} */
  let widget = null
  /** @type {Promise<any> | null} */
  let started = null
  /** @type {(api: any) => void} */
  let isReady = () => {}

  /**
   * @param {string} name
   * @param {object} [about]
   */
  function tell(name, about = {}) {
    const detail = {site, ...about}
    for (const listen of [...listeners.get(name) ?? []]) {
      try {
        listen(detail)
      } catch (error) {
        reportError(error)
      }
    }
    window.dispatchEvent(new CustomEvent(`parley:${name}`, {detail}))
  }

  /** @param {any} error */
  function fail(error) {
    console.warn("Parley:", error)
    tell("error", {code: error?.code ?? "internal", message: String(error?.message ?? error)})
    return null
  }

  /** @param {object} settings */
  async function start(settings) {
    const {start} = await import(new URL(mode === "iframe" ? "framed.js" : "widget.js", here).href)
    widget = await start({base: new URL(server, here).origin, root: new URL("..", here).href, site, locale, colorScheme, position, identity, ...settings, tell})
    isReady(api)
    tell("ready")
    return widget
  }

  /** Calls keep their order and never throw into the host page; what went wrong is told to `on("error")`. */
  const call = (/** @type {string} */ name) => async (/** @type {unknown[]} */ ...args) => {
    try {
      if (!started) throw new Error(`${name}() before boot()`)
      return await (await started)[name](...args)
    } catch (error) {
      return fail(error)
    }
  }

  /** @type {Record<string, any>} */
  const api = {
    ...Object.fromEntries(METHODS.map(name => [name, call(name)])),
    site,
    ready: new Promise(resolve => isReady = resolve),

    /** @param {object} [settings]  as `update` takes them */
    async boot(settings = {}) {
      if (started) return api.update(settings)
      started = start(settings)
      // Another try is another boot.
      return started.then(() => null, error => (started = null, fail(error)))
    },

    /** Takes it out of the page; whoever was signed in stays so. */
    async destroy() {
      const last = started
      started = null
      await last?.then(made => made.destroy(), () => {})
      if (!started) widget = null
    },

    isVisible: () => widget?.isOpen ?? false,
    getUnreadCount: () => widget?.unread ?? 0,

    /**
     * @param {string} name
     * @param {(detail: any) => void} listen
     * @returns {() => void} takes the listener away again
     */
    on(name, listen) {
      listeners.set(name, (listeners.get(name) ?? new Set()).add(listen))
      if (name === "ready" && widget) queueMicrotask(() => listen({site}))
      return () => api.off(name, listen)
    },

    /**
     * @param {string} name
     * @param {(detail: any) => void} listen
     */
    off(name, listen) {
      listeners.get(name)?.delete(listen)
    },

    /** @param {...unknown[]} calls  each is [name, ...arguments] */
    push(...calls) {
      for (const [name, ...args] of calls) if (COMMANDS.has(String(name))) api[String(name)](...args)
    },
  }
  const COMMANDS = new Set([...METHODS, "boot", "destroy", "on", "off"])

  api.sites = before?.sites ?? {}
  api.sites[site] = api
  if (boot !== "manual") api.boot()
  if (before?.sites) return
  page.Parley = api
  api.push(...Array.isArray(before) ? before : [])
})()
