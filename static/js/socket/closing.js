/** What a close code asks of the client. */

/**
 * 4500 to 4999: stay away until something changes (a sign-in, an upgrade). Every other code means: come back.
 *
 * @param {number} code
 */
export const staysAway = code => code >= 4500 && code <= 4999

/**
 * The close code that a refused socket ticket stands for, or null when asking again may help.
 *
 * @param {any} error
 */
export function refusal(error) {
  if (error?.status === 401) return 4501
  if (error?.status === 403) return 4503
  return null
}
