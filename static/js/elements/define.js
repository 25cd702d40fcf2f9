/** Registers the elements; importing their modules alone does not. */

import {ComposerElement} from "./composer.js"
import {ConnectionElement} from "./connection.js"
import {ConversationListElement} from "./conversation-list.js"
import {NewConversationElement} from "./new-conversation.js"
import {PeopleElement} from "./people.js"
import {SettingsElement} from "./settings.js"
import {TimelineElement} from "./timeline.js"
import {TypingElement} from "./typing.js"

const ELEMENTS = {
  "parley-composer": ComposerElement,
  "parley-connection": ConnectionElement,
  "parley-conversation-list": ConversationListElement,
  "parley-new-conversation": NewConversationElement,
  "parley-people": PeopleElement,
  "parley-settings": SettingsElement,
  "parley-timeline": TimelineElement,
  "parley-typing": TypingElement,
}

/**
 * @param {import("../words.js").Words} words  what elements that are already in the page say
 */
export function defineElements(words) {
  for (const [name, element] of Object.entries(ELEMENTS)) {
    if (customElements.get(name)) continue
    const Parent = /** @type {any} */ (element)
    const Spoken = /** @type {any} */ (class extends Parent { words = words })
    customElements.define(name, Spoken)
  }
}
