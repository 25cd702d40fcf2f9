/** Full jitter: a crowd that lost its server together must not come back together. */

/**
 * How long to wait before attempt number `attempt`, counted from 0.
 *
 * @param {number} attempt
 * @param {{base?: number, cap?: number, random?: () => number}} [options]
 * @returns {number} milliseconds
 */
export function backoff(attempt, {base = 500, cap = 30_000, random = Math.random} = {}) {
  return random() * Math.min(cap, base * 2 ** attempt)
}
