/** How a file is spoken of, and how large it is on the screen. Pure. */

/** @typedef {import("./wire.js").Attachment} Attachment */
/** @typedef {import("./words.js").Words} Words */

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"]
/** The longest edge of a picture in a message, in CSS pixels: alone, and among others. */
const ALONE = 260
const AMONG = 124

/**
 * @param {number} bytes
 * @param {Words} words
 */
export function sizeOf(bytes, words) {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3))
  return words.measure(bytes / 1_000 ** step, UNITS[step])
}

/**
 * "PDF · 3 pages · 240 kB · Version 2"
 *
 * @param {{name: string, size: number, pages?: number | null, seconds?: number | null, version?: number}} file
 * @param {Words} words
 */
export function aboutFile({name, size, pages, seconds, version = 1}, words) {
  const extension = /\.(\w{1,5})$/.exec(name)?.[1].toUpperCase()
  const long = seconds ? lengthOf(Math.round(seconds)) : pages && words.say("pages", {count: pages})
  return [extension, long, sizeOf(size, words), version > 1 && words.say("version", {version})].filter(Boolean).join(" · ")
}

/** @param {number} seconds */
export function lengthOf(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
}

/** @param {Attachment} file */
export function isPicture({kind, thumbnails}) {
  return kind === "image" && thumbnails.length > 0
}

/**
 * Whether it was recorded here, in whichever language: its name says nothing else.
 *
 * @param {{name: string, kind: string}} file
 * @param {Record<string, import("./words.js").Dictionary>} dictionaries
 */
export function isVoice({name, kind}, dictionaries) {
  return kind === "audio" && Object.values(dictionaries).some(({voice_message: said}) => name.replace(/\.\w+$/, "") === said)
}

/**
 * How large a picture is shown, and which thumbnail is sharp enough for that.
 *
 * @param {Attachment} file
 * @param {boolean} isAlone
 * @param {number} density  of the screen
 */
export function shownAs({thumbnails, ...file}, isAlone, density) {
  const largest = /** @type {import("./wire.js").Thumbnail} */ (thumbnails.at(-1))
  const {width, height} = file.width && file.height ? /** @type {{width: number, height: number}} */ (file) : largest
  const scale = Math.min(1, (isAlone ? ALONE : AMONG) / Math.max(width, height))
  const shown = {width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale))}
  return {...shown, size: (thumbnails.find(one => one.width >= shown.width * density) ?? largest).size}
}

/**
 * What is served of a picture may be of another type than what was sent.
 *
 * @param {Attachment} file
 * @param {string} mime
 */
export function savedAs({name, kind, mime: sent}, mime) {
  if (kind !== "image" || mime === sent || !mime.startsWith("image/")) return name
  return `${name.replace(/\.\w+$/, "")}.${mime.slice(6).replace("jpeg", "jpg")}`
}

/**
 * Whether only its uploader and its reviewers may know what it is.
 *
 * @param {Attachment} file
 */
export function isHeld({state}) {
  return state === "scanning" || state === "pending"
}

/**
 * Where it stands, for whoever was told what it is, and for everybody else; nothing of one that is everybody's.
 *
 * @param {Attachment} file
 * @param {Words} words
 */
export function standingOf({state, name, held_for: why = "", reason = ""}, words) {
  if (state === "approved") return ""
  if (name === null || state === "infected") return words.say(`file_${state}`)
  if (state === "rejected") return words.say(reason ? "file_refused_for" : "file_refused", {reason})
  return words.say(`held_${why || "not_scanned"}`) || [words.say("held_review"), words.say(`refused_${why}`)].filter(Boolean).join(" ")
}

/**
 * @param {Attachment} file
 * @param {import("./store/rights.js").Person} person
 */
export function mayReview(file, {me, permissions}) {
  return isHeld(file) && permissions.includes("review_files") && (file.uploader !== me.id || permissions.includes("review_own_files"))
}

/**
 * Whether I am told more of it than its message says.
 *
 * @param {Attachment} file
 * @param {import("./store/rights.js").Person} person
 */
export function mayKnow({uploader}, {me, permissions}) {
  return uploader === me.id || permissions.includes("review_files")
}

/**
 * Whether a newer version waits, and I may know.
 *
 * @param {Attachment} file
 * @param {import("./store/rights.js").Person} person
 */
export function isReplaced(file, person) {
  return Boolean(file.waiting) && mayKnow(file, person)
}

/**
 * A document that I wrote, of which I may have a newer one.
 *
 * @param {Attachment} file
 * @param {import("./store/rights.js").Person} person
 */
export function mayReplace({uploader, kind, name}, {me, permissions}) {
  return name !== null && uploader === me.id && permissions.includes("send") && !["image", "audio", "video"].includes(kind)
}
