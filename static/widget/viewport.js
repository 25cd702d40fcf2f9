/** Keeps the panel above a phone's keyboard: the layout viewport does not shrink for it, the visual one does. */

import {sheetOf} from "./sheets.js"

export class ViewportObserver {
  sheet = sheetOf("")

  start() {
    for (const type of ["resize", "scroll"]) visualViewport?.addEventListener(type, this.#changed)
    this.#changed()
  }

  stop() {
    for (const type of ["resize", "scroll"]) visualViewport?.removeEventListener(type, this.#changed)
  }

  #changed = () => {
    if (!visualViewport) return
    const {height, offsetTop} = visualViewport
    this.sheet.replaceSync(`:host { --viewport-height: ${height}px; --viewport-top: ${offsetTop}px; }`)
  }
}
