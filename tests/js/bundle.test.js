import assert from "node:assert/strict"
import {mkdtemp, readFile, rm} from "node:fs/promises"
import {tmpdir} from "node:os"
import {join, relative} from "node:path"
import {after, before, test} from "node:test"
import {gzipSync} from "node:zlib"
import {bundle} from "../../deploy/bundle.js"

const KILOBYTE = 1000
const BUDGET = {loader: 5 * KILOBYTE, app: 45 * KILOBYTE, styles: 8 * KILOBYTE}
const WORDS = ["en", "es", "pt"]

let into = ""
/** @type {import("esbuild").Metafile["outputs"]} */
let outputs = {}

before(async () => {
  into = await mkdtemp(join(tmpdir(), "parley-bundle-"))
  const made = await bundle(join(into, "static"))
  outputs = Object.fromEntries(Object.entries(made).map(([path, about]) => [relative(join(into, "static"), path), about]))
})
after(() => rm(into, {recursive: true}))

/** As they go over the line. @param {Iterable<string>} names */
async function weigh(names) {
  const texts = await Promise.all([...names].map(name => readFile(join(into, "static", name))))
  return texts.reduce((sum, text) => sum + gzipSync(text, {level: 9}).length, 0)
}

/** All that must be there before the first line of it runs. @param {string} name @param {Set<string>} [found] */
function needed(name, found = new Set()) {
  found.add(name)
  for (const {path, kind} of outputs[name].imports) {
    const next = relative(join(into, "static"), path.replace("static.new", "static"))
    if (kind === "import-statement" && !found.has(next)) needed(next, found)
  }
  return found
}

/** @param {string} of */
const wordsOf = of => Object.keys(outputs).find(name => outputs[name].entryPoint?.endsWith(`static/js/words/${of}.js`)) ?? ""

test("the loader", async () => {
  const size = await weigh(["widget/loader.js"])
  assert.ok(size <= BUDGET.loader, `${size} bytes`)
})

test("all that a first open loads, in the longest language", async t => {
  const app = await weigh(needed("widget/widget.js"))
  const words = await Promise.all(WORDS.map(of => weigh([wordsOf(of)])))
  t.diagnostic(`app ${app}, words ${words.join(" ")} bytes`)
  assert.ok(app + Math.max(...words) <= BUDGET.app, `${app} bytes, and ${Math.max(...words)} of words`)
})

test("its styles", async t => {
  const source = await readFile(new URL("../../static/widget/sheets.js", import.meta.url), "utf8")
  const files = [...source.matchAll(/"([\w/]+\.css)"/g)].map(([, name]) => name)
  assert.ok(files.includes("widget/widget.css"))
  const size = await weigh(files)
  t.diagnostic(`${size} bytes in ${files.length} files`)
  assert.ok(size <= BUDGET.styles, `${size} bytes`)
})

test("what is made says what it was made of, and is there in few bytes, too", async () => {
  const stamp = await readFile(join(into, "static", "made-of.txt"), "utf8")
  assert.match(stamp, /^[0-9a-f]{64}$/)
  const loader = await readFile(join(into, "static", "widget/loader.js"))
  assert.deepEqual(await readFile(join(into, "static", "widget/loader.js.gz")), gzipSync(loader, {level: 9}))
})
