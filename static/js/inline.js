/** One run of text, with what is marked in it. Pure; the time is that of its length. */

/** @typedef {import("./formatting.js").Token} Token */

const ADDRESS = /^https?:\/\/[^\s<>"'`]+/
const TRAILING = ".,;:!?)]}'\"»”*_"
const SAFE = ["http:", "https:", "mailto:"]
/** Deeper than anybody means it. */
const DEEPEST = 6

/**
 * @param {string} text
 * @param {import("./wire.js").Mention[]} named  the longest first
 * @returns {Token[]}
 */
export function inline(text, named) {
  return new Inline(text, named).tokens(0, text.length, 0)
}

/** One run of text: where each marker stands next is looked up, not looked for again. */
class Inline {
  #text
  #named
  /** @type {Map<string, number[]>} */
  #places = new Map()

  /**
   * @param {string} text
   * @param {import("./wire.js").Mention[]} named
   */
  constructor(text, named) {
    this.#text = text
    this.#named = named
  }

  /**
   * @param {number} from
   * @param {number} to
   * @param {number} depth
   * @returns {Token[]}
   */
  tokens(from, to, depth) {
    /** @type {Token[]} */
    const tokens = []
    let said = from
    const flush = (/** @type {number} */ end) => end > said && tokens.push({type: "text", text: this.#text.slice(said, end)})
    for (let place = from; place < to;) {
      const found = this.#found(place, to, depth)
      if (!found) place++
      else {
        flush(place)
        tokens.push(found.token)
        place = said = found.next
      }
    }
    flush(to)
    return tokens
  }

  /**
   * What begins here.
   *
   * @param {number} place
   * @param {number} to
   * @param {number} depth
   * @returns {{token: Token, next: number} | null}
   */
  #found(place, to, depth) {
    switch (this.#text[place]) {
      case "`": return this.#code(place, to)
      case "*": return this.#marked(place, to, depth, "**", "strong") ?? this.#marked(place, to, depth, "*", "strong")
      case "_": return this.#marked(place, to, depth, "_", "em")
      case "[": return this.#link(place, to, depth)
      case "h": return this.#address(place, to)
      case "@": return this.#mention(place, to)
      default: return null
    }
  }

  /**
   * @param {number} place
   * @param {number} to
   */
  #code(place, to) {
    const end = this.#next("`", place + 1)
    if (end < 0 || end >= to || end === place + 1) return null
    return {token: /** @type {Token} */ ({type: "code", text: this.#text.slice(place + 1, end)}), next: end + 1}
  }

  /**
   * Markers hold on to what they mark: `2 * 3 * 4` and `snake_case_name` have none.
   *
   * @param {number} place
   * @param {number} to
   * @param {number} depth
   * @param {string} marker
   * @param {"strong" | "em"} type
   */
  #marked(place, to, depth, marker, type) {
    if (depth >= DEEPEST || !this.#text.startsWith(marker, place) || isWord(this.#text[place - 1])) return null
    const inside = place + marker.length
    if (isBlank(this.#text[inside]) || this.#text[inside] === marker[0]) return null
    const end = this.#closing(marker, inside + 1, to)
    if (end < 0) return null
    return {token: /** @type {Token} */ ({type, children: this.tokens(inside, end, depth + 1)}), next: end + marker.length}
  }

  /**
   * @param {string} marker
   * @param {number} from
   * @param {number} to
   */
  #closing(marker, from, to) {
    const end = this.#next(`closing ${marker}`, from)
    return end < to ? end : -1
  }

  /**
   * @param {number} place
   * @param {number} to
   * @param {number} depth
   */
  #link(place, to, depth) {
    const middle = this.#next("](", place + 1)
    const end = middle < 0 ? -1 : this.#next(")", middle)
    if (end < 0 || end >= to || middle === place + 1 || depth >= DEEPEST || this.#next("[", place + 1) >= 0 && this.#next("[", place + 1) < middle) return null
    const href = safe(this.#text.slice(middle + 2, end))
    if (!href) return null
    return {token: /** @type {Token} */ ({type: "link", href, children: [{type: "text", text: this.#text.slice(place + 1, middle)}]}), next: end + 1}
  }

  /**
   * @param {number} place
   * @param {number} to
   */
  #address(place, to) {
    if (!this.#text.startsWith("http", place)) return null
    const [found] = ADDRESS.exec(this.#text.slice(place, to)) ?? [""]
    let {length} = found
    while (length && TRAILING.includes(found[length - 1])) length--
    const address = found.slice(0, length)
    if (!length || !URL.canParse(address)) return null
    return {token: /** @type {Token} */ ({type: "link", href: address, children: [{type: "text", text: address}]}), next: place + length}
  }

  /**
   * @param {number} place
   * @param {number} to
   */
  #mention(place, to) {
    const mention = this.#named.find(({text}) => this.#text.startsWith(text, place) && place + text.length <= to && !isWord(this.#text[place + text.length]))
    return mention ? {token: /** @type {Token} */ ({type: "mention", mention}), next: place + mention.text.length} : null
  }

  /**
   * Where it stands next, or -1.
   *
   * @param {string} what
   * @param {number} from
   */
  #next(what, from) {
    const places = this.#placesOf(what)
    let [low, high] = [0, places.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (places[middle] < from) low = middle + 1
      else high = middle
    }
    return places[low] ?? -1
  }

  /** @param {string} what */
  #placesOf(what) {
    const known = this.#places.get(what)
    if (known) return known
    const isClosing = what.startsWith("closing ")
    const marker = isClosing ? what.slice("closing ".length) : what
    /** @type {number[]} */
    const places = []
    for (let at = this.#text.indexOf(marker); at >= 0; at = this.#text.indexOf(marker, at + 1)) {
      if (!isClosing || this.#closes(marker, at)) places.push(at)
    }
    this.#places.set(what, places)
    return places
  }

  /**
   * @param {string} marker
   * @param {number} at
   */
  #closes(marker, at) {
    const [before, behind] = [this.#text[at - 1], this.#text[at + marker.length]]
    const isOther = marker === "*" && (before === "*" || behind === "*")
    return !isBlank(before) && !isWord(behind) && !isOther
  }
}

/** @param {string | undefined} character */
function isBlank(character) {
  return character === undefined || /\s/.test(character)
}

/** @param {string | undefined} character */
function isWord(character) {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character)
}

/** @param {string} address */
function safe(address) {
  return URL.canParse(address) && SAFE.includes(new URL(address).protocol) && !/\s/.test(address) ? address : null
}
