/** What the palette of the staff page finds. Loaded when it is opened. */

import {SYMBOLS} from "../elements/act-symbols.js"
import {avatar, conversationAvatar} from "../elements/avatar.js"
import {icon} from "../elements/icons.js"
import {openPalette} from "../elements/palette.js"
import {keycaps, SHORTCUTS} from "../shortcuts.js"
import {fitting} from "../store/finding.js"
import {nameOf} from "../store/naming.js"
import {wantedWith} from "../store/starting.js"

/** @typedef {import("../elements/palette.js").Choice} Choice */
/** @typedef {import("../store/naming.js").Named} Named */

const MOST = 6

/**
 * @param {object} options
 * @param {import("../client.js").Client} options.client
 * @param {import("../words.js").Words} options.words
 * @param {Set<string>} options.acts  those that can be done now
 * @param {(act: string) => void} options.does
 * @param {(id: string) => void} options.go
 * @param {() => string} options.typed  what was typed until it opens
 * @param {boolean} options.isMac
 */
export function openStaffPalette({client, words, acts, does, go, typed, isMac}) {
  const {me, store} = client
  const commands = SHORTCUTS.filter(({act, isHidden}) => !isHidden && acts.has(act)).map(({act, keys}) => /** @type {Choice} */ ({
    id: act, name: words.say(`key_${act}`), keys: keycaps(keys[0], isMac), face: () => icon(SYMBOLS[act]), act: () => does(act),
  }))
  const nameIt = (/** @type {Named} */ one) => nameOf(one, me) || words.say("nameless")
  /** @param {Named} one */
  const conversation = one => /** @type {Choice} */ ({
    id: one.info.id, name: nameIt(one), about: words.say(`kind_${one.info.kind}`), face: () => conversationAvatar(/** @type {any} */ (one), me, nameIt(one)),
    act: () => go(one.info.id),
  })
  /** @param {import("../wire.js").Member} member */
  const person = member => /** @type {Choice} */ ({
    id: member.id, name: member.name, about: words.say(`role_${member.role}`), face: () => avatar(member), isSlow: true,
    act: async () => go(await client.begin(wantedWith([member], ""))),
  })

  /**
   * @param {string} text
   * @param {Named[]} [known]
   * @param {import("../wire.js").Member[]} [people]
   */
  const groups = (text, known = store.list(), people = []) => [
    {word: "palette_conversations", choices: fitting(known, nameIt, text, MOST).map(conversation)},
    {word: "palette_people", choices: people.slice(0, MOST).map(person)},
    {word: "palette_commands", choices: fitting(commands, ({name}) => name, text, commands.length)},
  ]
  return openPalette({words, root: document.body, typed, source: {
    here: text => groups(text),
    there: async text => {
      const [people, {results}] = await Promise.all([client.people(text), client.api.get("chat/conversations/", {q: text, limit: MOST})])
      const here = store.list()
      const older = results.filter((/** @type {{id: string}} */ {id}) => !store.get(id))
        .map((/** @type {import("../wire.js").ConversationInfo} */ info) => ({info, participants: info.participants}))
      return groups(text, [...here, ...older], people.filter(({id}) => id !== me.id))
    },
  }})
}
