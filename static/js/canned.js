/** Answers that are written once: asked for while somebody types "/", and kept for as long as that goes on. */

/** @typedef {{id: string, shortcut: string, body: string, text?: string}} CannedReply */

const FEW = 8

/**
 * @param {import("./api.js").Api} api
 * @param {() => string | null} conversation  where they are to be said: the server fills in who is who
 * @returns {(query: string) => Promise<CannedReply[]>}
 */
export function cannedOf(api, conversation) {
  return async query => {
    const place = conversation()
    return (await api.get("desk/canned-replies/", {q: query, limit: FEW, ...place && {conversation: place}})).results
  }
}
