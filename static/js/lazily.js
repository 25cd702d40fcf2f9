/**
 * Brings in once what is rarely needed; without a connection, the next call tries again.
 *
 * @template T
 * @param {() => Promise<T>} load
 * @param {(loaded: T) => void} then
 */
export function lazily(load, then) {
  /** @type {Promise<void> | null} */
  let loading = null
  return () => loading ??= load().then(then, () => void (loading = null))
}
