/** A short, quiet sound for what has come: in one tab, and not where somebody reads it already. */

/** @typedef {import("./wire.js").Message} Message */
/** @typedef {import("./tabs/claims.js").Claims} Claims */

/** Two soft tones, in Hz, and when they begin. */
const TONES = [[659.25, 0], [880, 0.09]]
const LOUDNESS = 0.05
const SECONDS = 0.35
/** Several at once sound once. */
const APART_MS = 1_000

/**
 * What one wants to hear of: as notices are wanted.
 *
 * @param {Message} message
 * @param {{kind: string, notify?: string}} place
 * @param {string} me
 */
export function isLoud({kind, mentions = []}, place, me) {
  const level = place.notify || (place.kind === "channel" ? "mentions" : "all")
  return kind === "text" && (level === "all" || level === "mentions" && mentions.some(({member}) => member === me))
}

export class Sound {
  #claims
  #isOn
  #open
  #mayPlay
  /** @type {AudioContext | null} */
  #context = null
  #last = 0

  /**
   * @param {object} options
   * @param {Claims} options.claims
   * @param {() => boolean} options.isOn
   * @param {() => AudioContext} [options.open]
   * @param {() => boolean} [options.mayPlay]  whether somebody has done something on this page
   */
  constructor({claims, isOn, open = () => new AudioContext(), mayPlay = () => navigator.userActivation?.hasBeenActive ?? false}) {
    this.#claims = claims
    this.#isOn = isOn
    this.#open = open
    this.#mayPlay = mayPlay
  }

  /** Somebody has just done something here: some browsers want it asked then. */
  allow() {
    if (!this.#isOn()) return
    this.#context ??= this.#open()
    if (this.#context.state === "suspended") this.#context.resume().catch(() => {})
  }

  /**
   * @param {Message} message
   * @param {boolean} isSeen  in front of somebody, here
   */
  async arrived({id}, isSeen) {
    if (isSeen) return void await this.#claims.take(`rang:${id}`)
    if (!this.#isOn() || !this.#isAble || !await this.#claims.takeLater(`rang:${id}`)) return
    this.ring()
  }

  /** Also to let it be heard when it is turned on. */
  ring() {
    const context = this.#context
    if (!context || Date.now() - this.#last < APART_MS) return
    this.#last = Date.now()
    for (const [tone, at] of TONES) play(context, tone, context.currentTime + at)
  }

  get #isAble() {
    if (this.#mayPlay()) this.#context ??= this.#open()
    return this.#context?.state === "running"
  }
}

/**
 * @param {AudioContext} context
 * @param {number} tone
 * @param {number} at
 */
function play(context, tone, at) {
  const [source, volume] = [context.createOscillator(), context.createGain()]
  source.frequency.value = tone
  volume.gain.setValueAtTime(0, at)
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.012)
  volume.gain.exponentialRampToValueAtTime(0.0001, at + SECONDS)
  source.connect(volume).connect(context.destination)
  source.start(at)
  source.stop(at + SECONDS)
}
