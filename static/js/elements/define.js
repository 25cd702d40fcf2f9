/** Registers elements; importing their modules alone does not. */

import {ComposerElement} from "./composer.js"
import {ConnectionElement} from "./connection.js"
import {PinsElement} from "./pins.js"
import {TimelineElement} from "./timeline.js"
import {TypingElement} from "./typing.js"

/** What every page with conversations has. */
const SHARED = {
  "parley-composer": ComposerElement,
  "parley-connection": ConnectionElement,
  "parley-pins": PinsElement,
  "parley-timeline": TimelineElement,
  "parley-typing": TypingElement,
}

/**
 * @param {import("../words.js").Words} words  what elements that are already in the page say
 * @param {Record<string, typeof import("./build.js").Base>} [own]  the page's own, by name
 */
export function defineElements(words, own = {}) {
  for (const [name, element] of Object.entries({...SHARED, ...own})) {
    if (customElements.get(name)) continue
    const Parent = /** @type {any} */ (element)
    const Spoken = /** @type {any} */ (class extends Parent { words = words })
    customElements.define(name, Spoken)
  }
}
