/**
 * `make static`: what a browser loads first, in few small files, at the addresses of their sources.
 *
 *   node deploy/bundle.js [DIRECTORY]     build/static unless told otherwise
 *
 * `config.bundle` serves it in place of the sources for as long as those are what it was made of (STAMP).
 */

import {createHash} from "node:crypto"
import {mkdir, readdir, readFile, rename, rm, writeFile} from "node:fs/promises"
import {dirname, join, relative, sep} from "node:path"
import {argv} from "node:process"
import {fileURLToPath, pathToFileURL} from "node:url"
import {gzipSync} from "node:zlib"
import {build} from "esbuild"

export const ROOT = fileURLToPath(new URL("..", import.meta.url))
const STATIC = join(ROOT, "static")
const STAMP = "made-of.txt"
/** A classic script. */
const LOADER = "widget/loader.js"
/** Which of our modules a page names. */
const NAMED = /(?:js\/pages|widget)\/[\w-]+\.js/g
const TARGET = ["chrome110", "firefox115", "safari16.4"]
const OPTIONS = {
  outdir: "", outbase: STATIC, bundle: true, minify: true, charset: /** @type {const} */ ("utf8"), legalComments: /** @type {const} */ ("none"),
  target: TARGET, logLevel: /** @type {const} */ ("warning"), metafile: true,
}

/**
 * @param {string} into
 * @returns {Promise<import("esbuild").Metafile["outputs"]>} paths are relative to where this runs
 */
export async function bundle(into) {
  const files = (await filesBelow(STATIC)).filter(file => !file.endsWith(".map"))
  const made = `${into}.new`
  await rm(made, {recursive: true, force: true})
  // As deep as the modules of static/js/elements: what is beside them is found from here, too.
  const modules = {...OPTIONS, outdir: made, format: /** @type {const} */ ("esm"), splitting: true, chunkNames: "js/made/[name]-[hash]"}
  const names = await entries()
  const built = await Promise.all([
    // No page has both; what they shared would be many small files.
    ...["widget/", "js/"].map(home => build({
      ...modules, entryPoints: names.filter(name => name.startsWith(home)).map(name => join(STATIC, name)),
    })),
    build({...OPTIONS, outdir: made, entryPoints: [join(STATIC, LOADER)], bundle: false}),
    build({...OPTIONS, outdir: made, entryPoints: files.filter(file => file.endsWith(".css")), bundle: false}),
  ])
  for (const file of await filesBelow(made)) await writeFile(`${file}.gz`, gzipSync(await readFile(file), {level: 9}))
  await writeFile(join(made, STAMP), await digestOf(files))
  await rm(into, {recursive: true, force: true})
  await mkdir(dirname(into), {recursive: true})
  await rename(made, into)
  return Object.fromEntries(built.flatMap(({metafile}) => Object.entries(metafile.outputs)).map(([path, about]) => [path.replace(".new", ""), about]))
}

/** Those that a page or the loader asks for by name. */
async function entries() {
  const pages = (await filesBelow(join(ROOT, "templates"))).filter(file => file.endsWith(".html"))
  const texts = await Promise.all(pages.map(file => readFile(file, "utf8")))
  const named = texts.flatMap(text => text.match(NAMED) ?? []).filter(name => name !== LOADER)
  return [...new Set([...named, "widget/widget.js", "widget/framed.js"])].sort()
}

/** @param {string} directory */
async function filesBelow(directory) {
  const found = await readdir(directory, {recursive: true, withFileTypes: true})
  return found.filter(one => one.isFile()).map(one => join(one.parentPath, one.name)).sort()
}

/**
 * As `config.bundle.digest` counts it.
 *
 * @param {string[]} files
 */
async function digestOf(files) {
  const hash = createHash("sha256")
  const names = files.filter(file => /\.(?:js|css)$/.test(file)).map(file => relative(STATIC, file).replaceAll(sep, "/"))
  for (const name of names.sort()) hash.update(`${name}\n`).update(await readFile(join(STATIC, name)))
  return hash.digest("hex")
}

if (import.meta.url === pathToFileURL(argv[1]).href) {
  const into = argv[2] ?? join(ROOT, "build", "static")
  const outputs = await bundle(into)
  const bytes = Object.values(outputs).reduce((sum, {bytes}) => sum + bytes, 0)
  console.log(`${Object.keys(outputs).length} files, ${Math.round(bytes / 1000)} kB, in ${relative(".", into)}`)
}
