/** Outlines from Lucide (ISC licence, (c) Lucide Icons and Contributors), made as nodes: they need no request. */

import {buildSvg} from "./build.js"

/** @type {Record<string, string[]>} */
const PATHS = {
  "alert": ["M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20", "M12 8v4", "M12 16h.01"],
  "arrow-left": ["m12 19-7-7 7-7", "M19 12H5"],
  "arrow-up": ["m5 12 7-7 7 7", "M12 19V5"],
  "check": ["M20 6 9 17l-5-5"],
  "check-check": ["M18 6 7 17l-5-5", "m22 10-7.5 7.5L13 16"],
  "chevron-down": ["m6 9 6 6 6-6"],
  "clock": ["M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20", "M12 6v6l4 2"],
  "hash": ["M4 9h16", "M4 15h16", "M10 3 8 21", "M16 3l-2 18"],
  "log-out": ["m16 17 5-5-5-5", "M21 12H9", "M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4"],
  "message": [
    "M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719",
  ],
  "panel-right": ["M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2", "M15 3v18"],
  "plus": ["M5 12h14", "M12 5v14"],
  "search": ["m21 21-4.34-4.34", "M11 3a8 8 0 1 0 0 16 8 8 0 1 0 0-16"],
  "users": [
    "M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2", "M16 3.128a4 4 0 0 1 0 7.744", "M22 21v-2a4 4 0 0 0-3-3.87",
    "M9 3a4 4 0 1 0 0 8 4 4 0 1 0 0-8",
  ],
  "x": ["M18 6 6 18", "m6 6 12 12"],
}

/**
 * @param {string} name
 * @param {{label?: string, size?: number}} [options]  without a label it is decoration
 */
export function icon(name, {label = "", size = 20} = {}) {
  const said = label ? {role: "img", "aria-label": label} : {"aria-hidden": "true"}
  const paths = PATHS[name].map(d => buildSvg("path", {d}))
  return buildSvg("svg", {class: `icon icon-${name}`, viewBox: "0 0 24 24", width: size, height: size, ...said}, ...paths)
}
