/**
 * The text an EdgeAuth 2.0 token is the HMAC of [AKAMAI-EDGEAUTH].
 *
 * ```text
 * sent    ip=…~st=…~exp=…~acl=…~id=…~data=…            ~hmac=hex
 * hashed  ip=…~st=…~exp=…~acl=…~id=…~data=…~url=…~salt=…
 * ```
 *
 * @module
 */

const LEFT_ALONE = /[~'*]/g
const ESCAPE = /%../g

/**
 * "Escape early": `encodeURIComponent` and the characters `~ ' *`, escapes in lower case. A lone surrogate throws a
 * `URIError`.
 */
export function escapeEarly(text: string): string {
  return encodeURIComponent(text)
    .replace(LEFT_ALONE, (character) => `%${character.charCodeAt(0).toString(16)}`)
    .replace(ESCAPE, (escape) => escape.toLowerCase())
}

/** The text hashed: the fields as sent, then what is not sent. `url` is `null` for a token with an ACL. */
export function formatAkamaiText(fields: string, url: string | null, salt: string): string {
  const path = url === null ? '' : `~url=${url}`
  return salt === '' ? fields + path : `${fields}${path}~salt=${salt}`
}
