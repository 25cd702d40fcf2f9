/** What somebody says into a microphone: from the asking for it to a file. The microphone is let go of however it ends. No DOM. */

/** @typedef {"asking" | "going" | "done" | "refused" | "over"} State */
/**
 * @typedef {object} Means  what a browser has for it
 * @property {() => Promise<MediaStream>} listen
 * @property {(stream: MediaStream, mime: string) => MediaRecorder} record
 * @property {(stream: MediaStream) => Meter} measure
 * @property {() => number} now
 * @property {(act: () => void, ms: number) => () => void} every  gives what ends it
 */
/** @typedef {{level: () => number, close: () => void}} Meter  how loud it is, of 1 */

export const LONGEST_S = 300
export const TICK_MS = 100
/** Nobody says anything in less: the button was pressed twice. */
const SHORTEST_S = 0.4
/** Why there is no microphone. @type {Record<string, string>} */
const REFUSALS = {NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "absent", NotReadableError: "busy", AbortError: "busy"}

/**
 * The best that the browser makes of what is taken.
 *
 * @param {Record<string, string>} taken  types, each with the end of its name
 * @param {(mime: string) => boolean} makes
 */
export function typeFor(taken, makes) {
  return Object.keys(taken).find(makes) ?? ""
}

/** Announces `change` with another state, and `tick` while it goes. */
export class Recording extends EventTarget {
  #means
  #mime
  /** @type {MediaStream | null} */
  #stream = null
  /** @type {MediaRecorder | null} */
  #recorder = null
  /** @type {Meter | null} */
  #meter = null
  #began = 0
  #rest = () => {}
  /** @type {State} */
  state = "asking"
  /** Why it was refused, or ended by itself. */
  why = ""
  seconds = 0
  /** @type {Blob | null} */
  blob = null

  /**
   * @param {string} mime
   * @param {Means} means
   */
  constructor(mime, means) {
    super()
    this.#mime = mime
    this.#means = means
  }

  get level() {
    return this.#meter?.level() ?? 0
  }

  async begin() {
    try {
      const stream = await this.#means.listen()
      if (this.state === "asking") this.#record(stream)
      else release(stream)
    } catch (error) {
      this.#refuse(REFUSALS[/** @type {Error} */ (error).name] ?? "failed")
    }
  }

  /** What was said so far is kept. @param {string} [why]  if nobody has pressed a button */
  stop(why = "") {
    if (this.state !== "going" || this.#recorder?.state === "inactive") return
    this.why = why
    this.#measureTime()
    this.#recorder?.stop()
    this.#letGo()
  }

  /** Nothing is kept. */
  cancel() {
    if (this.state === "over") return
    this.#turn("over")
    if (this.#recorder && this.#recorder.state !== "inactive") this.#recorder.stop()
    this.blob = null
    this.#letGo()
  }

  /** @param {MediaStream} stream */
  #record(stream) {
    this.#stream = stream
    const parts = /** @type {Blob[]} */ ([])
    const recorder = this.#recorder = this.#means.record(stream, this.#mime)
    recorder.addEventListener("dataavailable", ({data}) => parts.push(data))
    recorder.addEventListener("error", () => this.stop("lost"))
    // Also by itself, when the microphone is pulled out.
    recorder.addEventListener("stop", () => this.#finish(parts))
    recorder.start()
    this.#began = this.#means.now()
    this.#meter = this.#means.measure(stream)
    this.#rest = this.#means.every(() => this.#tick(), TICK_MS)
    this.#turn("going")
  }

  #tick() {
    this.#measureTime()
    if (this.seconds >= LONGEST_S) this.stop("longest")
    else this.dispatchEvent(new Event("tick"))
  }

  #measureTime() {
    this.seconds = Math.min(LONGEST_S, (this.#means.now() - this.#began) / 1_000)
  }

  /** @param {Blob[]} parts */
  #finish(parts) {
    if (this.#stream) Object.assign(this, {why: this.why || "lost"})
    this.#letGo()
    if (this.state !== "going") return
    this.blob = new Blob(parts, {type: this.#mime})
    if (!this.blob.size || this.seconds < SHORTEST_S) this.#refuse("short")
    else this.#turn("done")
  }

  /** @param {string} why */
  #refuse(why) {
    this.#letGo()
    if (this.state === "over") return
    this.why = why
    this.#turn("refused")
  }

  #letGo() {
    this.#rest()
    this.#meter?.close()
    if (this.#stream) release(this.#stream)
    this.#stream = this.#meter = null
  }

  /** @param {State} state */
  #turn(state) {
    this.state = state
    this.dispatchEvent(new Event("change"))
  }
}

/** @param {MediaStream} stream */
function release(stream) {
  for (const track of stream.getTracks()) track.stop()
}
