/** The panel's tab of requests. Loaded for those who belong to a space. */

import {requestsIn as wired} from "../js/requesting.js"

/** @typedef {import("../js/client.js").Client} Client */

/**
 * @param {Element} root  of the shadow in which it is going to be
 * @param {import("./visit.js").Visit} visit
 * @param {import("../js/words.js").Words} words
 * @param {import("../js/store/rights.js").Person} person
 */
export function requestsIn(root, visit, words, person) {
  const place = document.createElement("div")
  place.className = "requests-place"
  /** Whose they are. @type {Client | null} */
  let shown = null
  const requests = {
    nodes: [place],
    /** Another person may have come. */
    async show() {
      const {client} = visit
      if (!client || client === shown) return
      shown = client
      const requesting = await wired(root, {client, words, person: {...person, me: visit.me}})
      if (client !== visit.client) return
      place.replaceChildren(requesting.node)
      await requesting.load()
    },
  }
  return requests
}
