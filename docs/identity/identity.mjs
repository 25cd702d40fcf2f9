/** Who is signed in, signed for Parley's widget. Node 16 or newer, nothing else. */

import {createHmac} from "node:crypto"

/**
 * @param {string} site
 * @param {string} kid
 * @param {string} secret
 * @param {{sub: string, name?: string, email?: string}} person  `sub` never changes for them
 * @param {number} [lifetime]  in seconds, at most an hour
 */
export function parleyIdentity(site, kid, secret, person, lifetime = 600) {
  const issued = Math.floor(Date.now() / 1000)
  const header = {alg: "HS256", typ: "JWT", kid}
  const claims = {...person, aud: site, iat: issued, exp: issued + lifetime}
  const signed = [header, claims].map(part => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`
}
