/** Keeps the outboxes of all tabs equal. Every tab shows what is on its way; only the leader's sends. */

/** @typedef {import("../store/outbox.js").Outbox} Outbox */
/** @typedef {import("./tabs.js").Tabs} Tabs */

/**
 * @param {Outbox} outbox
 * @param {Tabs} tabs
 */
export function shareOutbox(outbox, tabs) {
  for (const type of ["kept", "dropped", "sent"]) {
    outbox.addEventListener(type, event => tabs.post(type, /** @type {CustomEvent} */ (event).detail))
  }
  tabs.hear("kept", sending => outbox.take(sending))
  tabs.hear("dropped", clientId => outbox.drop(clientId))
  // Where storage is blocked, a new leader knows of other tabs' words only what they tell it.
  tabs.hear("lead", () => outbox.all.forEach(sending => tabs.post("kept", sending)))
  tabs.addEventListener("role", () => outbox.allow(tabs.isLeader))
  outbox.allow(tabs.isLeader)
}
