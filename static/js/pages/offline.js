/** While the server cannot be reached: asks for it now and then, and goes back as soon as it answers. */

const FIRST_MS = 2_000
const LAST_MS = 30_000

let pause = FIRST_MS
/** @type {any} */
let timer = null

async function ask() {
  clearTimeout(timer)
  const answer = await fetch("/healthz", {cache: "no-store"}).catch(() => null)
  if (answer?.ok) return location.reload()
  timer = setTimeout(ask, pause)
  pause = Math.min(LAST_MS, pause * 1.5)
}

function askAnew() {
  pause = FIRST_MS
  ask()
}

document.getElementById("again")?.addEventListener("click", askAnew)
addEventListener("online", askAnew)
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && askAnew())
timer = setTimeout(ask, pause)
