/** What stands beside the open conversation: asked for when another one is opened, and again when there is news of it. */

/** @typedef {import("../store/conversation.js").Conversation} Conversation */

/**
 * @template T
 * @param {object} options
 * @param {import("./staff-view.js").StaffView} options.view
 * @param {import("../client.js").Client} options.client
 * @param {(conversation: Conversation | null) => string} options.of  whose it is; "" where there is nothing to ask for
 * @param {(of: string) => Promise<T>} options.ask
 * @param {(found: T | null) => void} options.show  null while it is not known
 * @returns {() => Promise<void>} asks again
 */
export function keepBeside({view, client, of, ask, show}) {
  /** Whose is on the screen, or on its way. */
  let shown = ""
  let asked = 0

  /** @param {boolean} again */
  async function look(again) {
    const now = of(client.store.get(view.selected ?? ""))
    if (now === shown && !again) return
    if (now !== shown) show(null)
    shown = now
    const mine = ++asked
    const found = now ? await ask(now).catch(() => null) : null
    if (mine === asked && found) show(found)
  }

  client.addEventListener("change", () => look(false))
  window.addEventListener("hashchange", () => look(false))
  look(false)
  return () => look(true)
}
