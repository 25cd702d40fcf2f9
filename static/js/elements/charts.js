/** Small pictures of figures. What they show is said in words beside them, or in a table behind. No styles in the page. */

import {build, buildSvg} from "./build.js"

const WIDE = 600
const HIGH = 96
const GAP = 0.25

/**
 * One column a day.
 *
 * @param {{value: number, title: string}[]} columns
 * @param {string} label
 */
export function columnChart(columns, label) {
  const most = Math.max(1, ...columns.map(({value}) => value))
  const step = WIDE / Math.max(1, columns.length)
  const drawn = columns.map(({value, title}, place) => {
    const high = value && Math.max(2, value / most * (HIGH - 4))
    const ground = buildSvg("rect", {class: "column-ground", x: place * step, y: 0, width: step, height: HIGH})
    const column = buildSvg("rect", {class: "column", x: place * step + step * GAP / 2, y: HIGH - high, width: step * (1 - GAP), height: high, rx: Math.min(2, step / 4)})
    const said = buildSvg("title")
    said.textContent = title
    return buildSvg("g", {}, said, ground, column)
  })
  const line = buildSvg("line", {class: "base", x1: 0, x2: WIDE, y1: HIGH, y2: HIGH})
  return buildSvg("svg", {class: "columns", viewBox: `0 0 ${WIDE} ${HIGH + 1}`, preserveAspectRatio: "none", role: "img", "aria-label": label}, ...drawn, line)
}

/**
 * A part of a whole.
 *
 * @param {number} part  0 to 1
 * @param {string} [kind]
 */
export function bar(part, kind = "") {
  const width = `${Math.min(100, Math.max(part ? 1 : 0, part * 100))}%`
  return buildSvg("svg", {class: `bar ${kind}`, "aria-hidden": "true"},
    buildSvg("rect", {class: "bar-ground", width: "100%", height: "100%", rx: 4}), buildSvg("rect", {class: "bar-part", width, height: "100%", rx: 4}))
}

/**
 * One line each, as long as it is much, beside the longest.
 *
 * @param {{name: Node | string, value: number, said: string, kind?: string}[]} rows
 */
export function barList(rows) {
  const most = Math.max(1, ...rows.map(({value}) => value))
  return build("ul", {class: "bars"}, ...rows.map(({name, value, said, kind}) =>
    build("li", {}, build("span", {class: "bars-name", dir: "auto"}, name), build("span", {class: "bars-said"}, said), bar(value / most, kind))))
}

/**
 * @param {string[]} heads  the first is of the row's name
 * @param {(Node | string)[][]} rows
 * @param {string} caption
 */
export function table(heads, rows, caption) {
  const cell = (/** @type {Node | string} */ content, /** @type {number} */ place) => place ? build("td", {}, content) : build("th", {scope: "row", dir: "auto"}, content)
  return build("table", {class: "figures-table"}, build("caption", {class: "visually-hidden"}, caption),
    build("thead", {}, build("tr", {}, ...heads.map(head => build("th", {scope: "col"}, head)))),
    build("tbody", {}, ...rows.map(row => build("tr", {}, ...row.map(cell)))))
}
