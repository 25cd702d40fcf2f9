/** What a browser says of itself, in short words: as much as can be told for sure. Pure. */

/** The first that fits: many say that they are others, too. @type {[RegExp, string][]} */
const BROWSERS = [
  [/\bEdg(e|A|iOS)?\//, "Edge"], [/\bOPR\/|\bOpera\b/, "Opera"], [/\bSamsungBrowser\//, "Samsung Internet"], [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(HeadlessChrome|Chrome|CriOS|Chromium)\//, "Chrome"], [/\bVersion\/[\d.]+.*\bSafari\//, "Safari"],
]
/** @type {[RegExp, string][]} */
const SYSTEMS = [
  [/\biPhone\b/, "iPhone"], [/\biPad\b/, "iPad"], [/\bAndroid\b/, "Android"], [/\bWindows NT\b/, "Windows"], [/\bCrOS\b/, "ChromeOS"],
  [/\bMacintosh\b/, "Mac"], [/\bLinux\b/, "Linux"],
]

/**
 * @param {string} agent
 * @returns {string} as in "Chrome · Windows"; "" for what nobody knows
 */
export function deviceOf(agent) {
  return [BROWSERS, SYSTEMS].map(known => known.find(([pattern]) => pattern.test(agent))?.[1]).filter(Boolean).join(" · ")
}
