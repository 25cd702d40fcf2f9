/** What a host page does itself: it says who is signed in, with an identity that its own server signed. */

const identity = document.querySelector("meta[name=parley-identity]")?.getAttribute("content")
/** @type {any} */
const page = window
page.Parley = page.Parley ?? []
if (identity) page.Parley.push(["setUser", identity])
