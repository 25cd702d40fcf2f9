/** What one key does on the staff page: the handler, the help and the palette read the same table. Pure. */

/**
 * @typedef {object} Shortcut
 * @property {string} act  what it does; its word is `key_<act>`
 * @property {string[]} keys  as `KeyboardEvent.key` names them; with `Mod+`, Ctrl or Cmd
 * @property {"list" | "conversation" | "page"} where  `conversation`: the one whose row has the focus, else the open one
 * @property {boolean} [repeats]  while the key is held down
 * @property {boolean} [isHeard]  by the element itself: the table only tells of it
 * @property {boolean} [isHidden]  of no use in the palette
 */
/** @typedef {{key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, shiftKey: boolean, repeat?: boolean, isComposing?: boolean}} Press */
/**
 * Where it is pressed. `isBusy`: a dialog is open, or something that closes by itself. `isMeant`: there is a conversation to do it to.
 *
 * @typedef {{isTyping: boolean, isBusy: boolean, isMeant: boolean, isOn: boolean}} Place
 */

export const PLACES = /** @type {const} */ (["list", "conversation", "page"])

/** @type {Shortcut[]} */
export const SHORTCUTS = [
  {act: "next", keys: ["j"], where: "list", repeats: true, isHidden: true},
  {act: "previous", keys: ["k"], where: "list", repeats: true, isHidden: true},
  {act: "move", keys: ["ArrowUp", "ArrowDown"], where: "list", isHeard: true, isHidden: true},
  {act: "search", keys: ["/"], where: "list", isHidden: true},
  {act: "new", keys: ["n"], where: "list"},
  {act: "write", keys: ["r"], where: "conversation"},
  {act: "note", keys: ["Mod+i"], where: "conversation"},
  {act: "take", keys: ["t"], where: "conversation"},
  {act: "resolve", keys: ["s"], where: "conversation"},
  {act: "release", keys: ["l"], where: "conversation"},
  {act: "assign", keys: ["a"], where: "conversation"},
  {act: "read", keys: ["u"], where: "conversation"},
  {act: "archive", keys: ["e"], where: "conversation"},
  {act: "mute", keys: ["m"], where: "conversation"},
  {act: "files", keys: ["f"], where: "conversation"},
  {act: "find", keys: ["h"], where: "conversation"},
  {act: "details", keys: ["d"], where: "conversation"},
  {act: "palette", keys: ["Mod+k"], where: "page", isHidden: true},
  {act: "requests", keys: ["q"], where: "page"},
  {act: "help", keys: ["?"], where: "page"},
  {act: "leave", keys: ["Escape"], where: "page", isHidden: true},
]

/**
 * A single key does nothing while somebody types, with a modifier (those are the browser's), or where it was switched off.
 *
 * @param {Press} press
 * @param {Place} place
 * @returns {string | null} the act
 */
export function actOf(press, {isTyping, isBusy, isMeant, isOn}) {
  if (isBusy || press.isComposing) return null
  const found = SHORTCUTS.find(({keys, isHeard}) => !isHeard && keys.includes(nameOf(press)))
  if (!found || press.repeat && !found.repeats) return null
  const isSingle = nameOf(press).length === 1
  if (isSingle && (isTyping || !isOn)) return null
  return found.where === "conversation" && !isMeant ? null : found.act
}

/**
 * As people read them on their keyboard.
 *
 * @param {string} key
 * @param {boolean} isMac
 * @returns {string[]} what is pressed together
 */
export function keycaps(key, isMac) {
  if (key.startsWith("Mod+")) return [isMac ? "⌘" : "Ctrl", key.slice(4).toUpperCase()]
  return [{ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc"}[key] ?? (/^[a-z]$/.test(key) ? key.toUpperCase() : key)]
}

/** @param {Press} press */
function nameOf({key, ctrlKey, metaKey, altKey, shiftKey}) {
  // Caps lock changes nothing.
  const plain = shiftKey || key.length > 1 ? key : key.toLowerCase()
  if (!ctrlKey && !metaKey && !altKey) return plain
  return ctrlKey !== metaKey && !altKey && !shiftKey ? `Mod+${plain}` : ""
}
