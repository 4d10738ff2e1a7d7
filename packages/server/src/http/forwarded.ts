/**
 * The chain of addresses that proxies write: `X-Forwarded-For: client, proxy` and `Forwarded: for=client, for=proxy` [RFC7239 4].
 * The last entry was written by the proxy next to us; what is left of it may be anybody's invention.
 */

/** One entry: an address as it was written, without its port; `null` if it hides it or cannot be read. */
export type Hop = string | null

/** The entries in the order they were written. */
export function parseForwardedFor(text: string): Hop[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(readNode)
}

const PAIR =
  /[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;\\]*))[ \t]*(,|;|$)/y

/**
 * The `for` of each element. A text that does not keep to the grammar to its very end says nothing, `[null]`: a quote that
 * a client left open would swallow what the proxy wrote behind it.
 */
export function parseForwarded(text: string): Hop[] {
  const hops: Hop[] = []
  let element: string[] = []
  let lastEnd = ''
  let at = 0
  while (at < text.length) {
    PAIR.lastIndex = at
    const match = PAIR.exec(text)
    if (match === null) return [null]
    const [whole, name = '', quoted, plain = '', end = ''] = match
    lastEnd = end
    if (name.toLowerCase() === 'for') element.push(quoted?.replaceAll(/\\(.)/g, '$1') ?? plain)
    at += whole.length
    if (end === ';') continue
    const [node] = element
    hops.push(element.length === 1 && node !== undefined ? readNode(node) : null)
    element = []
  }
  return lastEnd === '' ? hops : [null]
}

/** `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`. */
function readNode(text: string): Hop {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)
  if (bracketed !== null) return bracketed[1] ?? null
  const withPort = /^([\d.]+):\d{1,5}$/.exec(text)
  return withPort === null ? text : (withPort[1] ?? null)
}
