/**
 * Brings in once what is rarely needed; without a connection, the next call tries again.
 *
 * @template T
 * @param {() => Promise<T>} load
 * @param {(loaded: T) => void} then
 */
export function lazily(load, then) {
  let isBegun = false
  return async () => {
    if (isBegun) return
    isBegun = true
    const loaded = await load().catch(() => null)
    isBegun = loaded !== null
    if (loaded) then(loaded)
  }
}
