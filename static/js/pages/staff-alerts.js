/** What the staff page does while nobody looks at it: a sound for what is new, and a mark on its icon. */

import {isLoud, Sound} from "../sound.js"
import {Claims} from "../tabs/claims.js"

/** @typedef {import("../client.js").Client} Client */
/** @typedef {import("./staff-view.js").StaffView} StaffView */

const SETTING = "parley:staff:sound"
const GESTURES = ["pointerup", "keydown"]

/**
 * @param {Client} client
 * @param {StaffView} view
 * @param {import("../store/storage.js").Keep} storage
 */
export function alertStaff(client, view, storage) {
  const isOn = () => storage.getItem(SETTING) !== "off"
  const sound = new Sound({claims: new Claims(/** @type {any} */ (navigator.locks ?? null)), isOn})
  for (const type of GESTURES) window.addEventListener(type, () => sound.allow(), {passive: true})
  client.addEventListener("change", () => markIcon(client.store.unread > 0))
  client.addEventListener("arrived", event => {
    const message = /** @type {CustomEvent<import("../wire.js").Message>} */ (event).detail
    const isWanted = isLoud(message, client.placeOf(message.conversation), client.me.id) && client.myself.chosen?.availability !== "busy"
    if (isWanted) sound.arrived(message, document.hasFocus() && view.selected === message.conversation)
  })
  view.settings.addEventListener("settings:sound", event => {
    storage.setItem(SETTING, /** @type {CustomEvent} */ (event).detail.isOn ? "on" : "off")
    sound.allow()
    if (isOn()) sound.ring()
  })
  view.settings.showSound(isOn())
}

/** @param {boolean} isMarked */
function markIcon(isMarked) {
  const icon = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=icon]"))
  if (!icon) return
  const now = icon.getAttribute("href") ?? ""
  const {plain = now, unread = now} = icon.dataset
  icon.dataset.plain = plain
  const wanted = isMarked ? unread : plain
  if (now !== wanted) icon.href = wanted
}
