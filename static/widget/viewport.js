/**
 * Keeps the panel above a phone's keyboard: the layout viewport does not shrink for it, the visual one does. And says
 * whether the window is a phone's.
 */

import {sheetOf} from "./sheets.js"

const NARROW = "(max-width: 479px)"

export class ViewportObserver {
  sheet = sheetOf("")
  #narrow = matchMedia(NARROW)
  #tell

  /** @param {(isNarrow: boolean) => void} tell */
  constructor(tell) {
    this.#tell = tell
  }

  start() {
    for (const type of ["resize", "scroll"]) visualViewport?.addEventListener(type, this.#changed)
    this.#narrow.addEventListener("change", this.#turned)
    this.#changed()
    this.#turned()
  }

  stop() {
    this.#narrow.removeEventListener("change", this.#turned)
    for (const type of ["resize", "scroll"]) visualViewport?.removeEventListener(type, this.#changed)
  }

  #turned = () => this.#tell(this.#narrow.matches)

  #changed = () => {
    if (!visualViewport) return
    const {height, offsetTop} = visualViewport
    this.sheet.replaceSync(`:host { --viewport-height: ${height}px; --viewport-top: ${offsetTop}px; }`)
  }
}
