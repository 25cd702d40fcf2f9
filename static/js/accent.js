/** An organisation's colour as hue and chroma; how light it may be is the tokens' matter, so text on it stays legible. */

const MOST_CHROMA = 0.15

/**
 * @param {string} colour  "#rgb" or "#rrggbb"; anything else is refused
 * @returns {{hue: number, chroma: number} | null}
 */
export function accentOf(colour) {
  const channels = channelsOf(colour)
  if (!channels) return null
  const [a, b] = toOklab(channels.map(toLinear))
  const hue = (Math.atan2(b, a) * 180 / Math.PI + 360) % 360
  return {hue: round(hue), chroma: round(Math.min(Math.hypot(a, b), MOST_CHROMA))}
}

/** @param {string} colour */
function channelsOf(colour) {
  const [, short, long] = /^#(?:([0-9a-f]{3})|([0-9a-f]{6}))$/i.exec(colour) ?? []
  const digits = long ?? (short && [...short].map(digit => digit + digit).join(""))
  return digits ? [0, 2, 4].map(at => parseInt(digits.slice(at, at + 2), 16) / 255) : null
}

/** @param {number} channel */
function toLinear(channel) {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}

/**
 * @param {number[]} linear  red, green, blue
 * @returns {[a: number, b: number]}
 */
function toOklab([red, green, blue]) {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  return [1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s]
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 1_000) / 1_000
}
