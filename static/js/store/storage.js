/** Where small things are kept between visits: what the browser gives, or memory where it gives nothing. */

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">} Keep */

/** @implements {Keep} */
export class MemoryStorage {
  /** @type {Map<string, string>} */
  #values = new Map()

  get length() {
    return this.#values.size
  }

  /** @param {number} index */
  key(index) {
    return [...this.#values.keys()][index] ?? null
  }

  /** @param {string} name */
  getItem(name) {
    return this.#values.get(name) ?? null
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  setItem(name, value) {
    this.#values.set(name, value)
  }

  /** @param {string} name */
  removeItem(name) {
    this.#values.delete(name)
  }
}

/**
 * Reading `localStorage` throws where storage is blocked; a page in private mode may read but not write.
 *
 * @param {() => Storage} open
 * @returns {Keep}
 */
export function openStorage(open) {
  try {
    const storage = open()
    storage.getItem("parley")
    return new ForgivingStorage(storage)
  } catch {
    return new MemoryStorage()
  }
}

/**
 * Writes to the browser, and remembers by itself what the browser refused.
 *
 * @implements {Keep}
 */
class ForgivingStorage {
  #storage
  #refused = new MemoryStorage()

  /** @param {Storage} storage */
  constructor(storage) {
    this.#storage = storage
  }

  get length() {
    return this.#storage.length + this.#refused.length
  }

  /** @param {number} index */
  key(index) {
    const {length} = this.#storage
    return index < length ? this.#storage.key(index) : this.#refused.key(index - length)
  }

  /** @param {string} name */
  getItem(name) {
    return this.#refused.getItem(name) ?? this.#storage.getItem(name)
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  setItem(name, value) {
    try {
      this.#storage.setItem(name, value)
      this.#refused.removeItem(name)
    } catch {
      this.#refused.setItem(name, value)
    }
  }

  /** @param {string} name */
  removeItem(name) {
    this.#storage.removeItem(name)
    this.#refused.removeItem(name)
  }
}

/**
 * @param {Keep} storage
 * @param {string} prefix
 */
export function namesIn(storage, prefix) {
  const names = Array.from({length: storage.length}, (_, index) => storage.key(index) ?? "")
  return names.filter(name => name.startsWith(prefix))
}

/**
 * @param {Keep} storage
 * @param {string} prefix
 */
export function wipe(storage, prefix) {
  namesIn(storage, prefix).forEach(name => storage.removeItem(name))
}
