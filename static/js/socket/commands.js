/** Commands on one socket: numbered, answered once, or rejected after a time. */

/** @typedef {import("../wire.js").Frame} Frame */

/** Why a command was not done. `temporary` says that the same command may succeed later. */
export class CommandError extends Error {
  /**
   * @param {string} code
   * @param {{message?: string, temporary?: boolean, retryAfter?: number | null, current?: any}} [options]
   */
  constructor(code, {message = code, temporary = false, retryAfter = null, current = null} = {}) {
    super(message)
    this.name = "CommandError"
    this.code = code
    this.temporary = temporary
    /** Milliseconds, when the server named a time. */
    this.retryAfter = retryAfter
    /** The state that things have moved on to, where that is why. */
    this.current = current
  }
}

export class Commands {
  #next = 1
  /** @type {Map<number, {resolve: (frame: Frame) => void, reject: (error: Error) => void, timer: any}>} */
  #waiting = new Map()
  #write
  #timeout

  /**
   * @param {(frame: object) => void} write
   * @param {{timeout?: number}} [options]
   */
  constructor(write, {timeout = 10_000} = {}) {
    this.#write = write
    this.#timeout = timeout
  }

  /**
   * Sends what need not be answered.
   *
   * @param {string} type
   * @param {object} [data]
   */
  tell(type, data = {}) {
    this.#write({type, ...data})
  }

  /**
   * @param {string} type
   * @param {object} [data]
   * @returns {Promise<Frame>} the answering frame; rejects with a CommandError
   */
  request(type, data = {}) {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#expire(id), this.#timeout)
      this.#waiting.set(id, {resolve, reject, timer})
      this.#write({type, id, ...data})
    })
  }

  /**
   * @param {Frame} frame
   * @returns {boolean} whether the frame answered a command
   */
  settle(frame) {
    const waiting = this.#take(frame.re)
    if (!waiting) return false
    if (frame.type === "error") waiting.reject(toError(frame))
    else waiting.resolve(frame)
    return true
  }

  /** The socket is gone: nobody will answer. */
  rejectAll() {
    for (const id of [...this.#waiting.keys()]) {
      this.#take(id)?.reject(new CommandError("disconnected", {temporary: true}))
    }
  }

  /** @param {number} id */
  #expire(id) {
    this.#take(id)?.reject(new CommandError("timeout", {temporary: true}))
  }

  /** @param {number | null | undefined} id */
  #take(id) {
    const waiting = id == null ? undefined : this.#waiting.get(id)
    if (!waiting) return null
    this.#waiting.delete(/** @type {number} */ (id))
    clearTimeout(waiting.timer)
    return waiting
  }
}

/** @param {Frame} frame */
function toError(frame) {
  return new CommandError(frame.code, {
    message: frame.message,
    temporary: Boolean(frame.temporary),
    retryAfter: frame.retry_after_ms ?? null,
    current: frame.current ?? null,
  })
}
