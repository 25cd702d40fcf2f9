/** What sounds and films have in common. */

/** @typedef {{pause(): void}} Playing */

/** @type {Playing | null} */
let heard = null

/** One is heard at a time: whatever was heard before it pauses. @param {Playing} one */
export function hearOnly(one) {
  if (heard !== one) heard?.pause()
  heard = one
}

/**
 * Rejects where it cannot be played.
 *
 * @param {HTMLMediaElement} media
 * @returns {Promise<void>}
 */
export function loaded(media) {
  return new Promise((resolve, reject) => {
    media.onerror = reject
    media.onloadedmetadata = () => resolve()
  })
}
