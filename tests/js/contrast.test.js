/** Whatever colour an organisation chooses, text on it and in it keeps 4.5:1, and a dot 3:1: the tokens decide how light it is. */

import assert from "node:assert/strict"
import {readFileSync} from "node:fs"
import {test} from "node:test"

const css = readFileSync(new URL("../../static/css/tokens.css", import.meta.url), "utf8")
const COLOUR = /oklch\(([\d.]+) (?:calc\(var\(--accent-chroma\) \* ([\d.]+)\)|var\(--accent-chroma\)|([\d.]+)) (?:var\([\w-]+\)|([\d.]+))\)/g

/** @returns {{light: object, dark: object}} lightness, and how much of the accent's chroma */
function token(name) {
  const line = css.match(new RegExp(`--${name}: (.*);`))[1]
  const [light, dark = light] = [...line.matchAll(COLOUR)].map(([, l, part, fixed, fixedHue]) => ({l: Number(l), part: Number(part ?? 1), fixed, fixedHue}))
  return {light, dark}
}

function luminance({l, part, fixed, fixedHue}, chroma, hue) {
  const c = fixed === undefined ? chroma * part : Number(fixed)
  const turn = Number(fixedHue ?? hue) * Math.PI / 180
  const [a, b] = [c * Math.cos(turn), c * Math.sin(turn)]
  const [x, y, z] = [
    (l + 0.3963377774 * a + 0.2158037573 * b) ** 3, (l - 0.1055613458 * a - 0.0638541728 * b) ** 3, (l - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ]
  const rgb = [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z, -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ].map(channel => Math.min(1, Math.max(0, channel)))
  return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
}

const text = [["on-accent", "accent"], ["on-accent", "accent-strong"], ["accent-text", "neutral-1"], ["accent-text", "accent-tint"],
  ["warning", "warning-tint"], ["warning", "neutral-1"], ["neutral-12", "warning-tint"], ["text-quiet", "warning-tint"]]
const dots = ["online", "away", "busy", "offline"].flatMap(dot => ["neutral-1", "neutral-3", "accent-tint"].map(ground => [dot, ground]))

for (const [pairs, least] of [[text, 4.5], [dots, 3]]) {
  for (const [mark, ground] of pairs) {
    for (const scheme of ["light", "dark"]) {
      test(`${mark} on ${ground}, ${scheme}`, () => {
        for (let hue = 0; hue < 360; hue += 3) {
          for (const chroma of [0, 0.05, 0.1, 0.15]) {
            const [darker, lighter] = [mark, ground].map(name => luminance(token(name)[scheme], chroma, hue)).sort((a, b) => a - b)
            assert.ok((lighter + 0.05) / (darker + 0.05) >= least, `hue ${hue}, chroma ${chroma}`)
          }
        }
      })
    }
  }
}
