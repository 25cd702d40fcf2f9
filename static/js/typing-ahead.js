/**
 * Keeps what somebody types until the field it is meant for is there: meanwhile it would reach another one, or act as a shortcut.
 *
 * @param {EventTarget} place  above all that hears keys
 * @returns {() => string} lets go, and gives what was typed
 */
export function holdTyping(place) {
  let typed = ""
  const hold = (/** @type {any} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (event.key === "Backspace") typed = typed.slice(0, -1)
    else if ([...event.key].length === 1) typed += event.key
    else return
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  place.addEventListener("keydown", hold, {capture: true})
  return () => {
    place.removeEventListener("keydown", hold, {capture: true})
    return typed
  }
}
