/**
 * Other spellings of a path that signers, clients and proxies are known to make of it.
 *
 * @module
 */
import type { CauseCode } from '../causes.ts'
import { percentDecode, percentEncode } from '../../lib/percent-encode.ts'

/** A path as it may have been when it was signed. */
export interface PathVariant {
  readonly path: string
  readonly code: CauseCode
}

/** Positions tried when a slash or dot segment may be missing; more would only cost time. */
const MAX_SLASHES = 24
const MAX_MIXED_SPACES = 6
const MAX_PREFIX_SEGMENTS = 3

/** The raw path in other spellings, each still percent-encoded; the same text is never given twice. */
export function* pathVariants(path: string): Generator<PathVariant> {
  const seen = new Set([path])
  for (const variant of candidates(path)) {
    if (seen.has(variant.path)) continue
    seen.add(variant.path)
    yield variant
  }
}

function* candidates(path: string): Generator<PathVariant> {
  yield* spaceVariants(path)
  yield* unicodeVariants(path)
  yield* encodingVariants(path)
  yield* slashVariants(path)
  yield* dotVariants(path)
  yield* encoderVariants(path)
  yield* slashEscapes(path)
}

function* spaceVariants(path: string): Generator<PathVariant> {
  const code = 'path-plus-for-space'
  yield { code, path: path.replaceAll('+', '%20') }
  yield { code, path: path.replaceAll('+', '%2B') }
  yield { code, path: path.replace(/%2B/gi, '%20') }
  yield { code, path: path.replaceAll('%20', '%2B') }
  yield { code, path: path.replaceAll('%20', '+') }
  yield* mixedSpaces(path)
}

/** Where a name has blanks and pluses, each may have been taken for the other. */
function* mixedSpaces(path: string): Generator<PathVariant> {
  const pieces = path.split(/%20|%2B|\+/i)
  const gaps = pieces.length - 1
  if (gaps < 2 || gaps > MAX_MIXED_SPACES) return
  for (let mask = 0; mask < 2 ** gaps; mask += 1) {
    const joined = pieces.reduce((text, piece, index) => {
      return text + ((mask >> (index - 1)) & 1 ? '%2B' : '%20') + piece
    })
    yield { code: 'path-plus-for-space', path: joined }
  }
}

function* unicodeVariants(path: string): Generator<PathVariant> {
  const text = percentDecode(path)
  if (text === null) return
  for (const form of ['NFC', 'NFD'] as const) {
    const other: string = text.normalize(form)
    if (other !== text) yield { code: 'path-unicode-form', path: encodeLikePath(other) }
  }
}

function* encodingVariants(path: string): Generator<PathVariant> {
  const once = percentDecode(path)
  if (once !== null && once !== path && /%[0-9a-f]{2}/i.test(once)) {
    yield { code: 'path-double-encoded', path: once }
  }
  yield { code: 'path-double-encoded', path: path.replaceAll('%', '%25') }
  yield { code: 'path-escape-case', path: path.replace(/%[0-9a-f]{2}/g, upperCase) }
  yield { code: 'path-escape-case', path: path.replace(/%[0-9A-F]{2}/g, lowerCase) }
  if (once !== null) {
    // A path without a single escape, where its characters need some, was decoded on the way.
    const code = once === path ? 'path-decoded' : 'path-escape-case'
    yield { code, path: encodeLikePath(once) }
    yield { code, path: encodeURI(once.toWellFormed()) }
  }
}

/** What other encoders leave bare or write otherwise: WHATWG URL, Go, Java, and those that keep a slash as %2F. */
function* encoderVariants(path: string): Generator<PathVariant> {
  const once = percentDecode(path)
  const code = 'path-escape-case'
  if (once === null) return
  const whole = encodeLikePath(once)
  const bare = (characters: string): string =>
    whole.replace(/%[0-9A-F]{2}/g, (escape) => {
      const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
      return characters.includes(character) ? character : escape
    })
  yield { code, path: bare("!$&'()*+,;=:@|[]^") }
  yield { code, path: bare('$&+=:@') }
  yield { code, path: bare("!'()*") }
  yield { code, path: bare("!$&'()*+,;=:@") }
  yield { code, path: whole.replaceAll('%20', '+').replaceAll('%2A', '*').replaceAll('~', '%7E') }
  yield { code, path: whole.replaceAll('~', '%7E') }
}

/** A slash inside a name: escaped once, twice, or bare. */
function* slashEscapes(path: string): Generator<PathVariant> {
  const code = 'path-double-encoded'
  yield { code, path: path.replace(/%2F/gi, '/') }
  yield { code, path: path.replace(/%2F/gi, '%252F') }
  yield { code, path: path.replace(/%252F/gi, '%2F') }
  yield { code, path: path.replace(/%252F/gi, '/') }
  for (const index of slashPositions(path).slice(1)) {
    yield { code, path: `${path.slice(0, index)}%2F${path.slice(index + 1)}` }
    yield { code, path: `${path.slice(0, index)}%252F${path.slice(index + 1)}` }
  }
  const [first = '', ...rest] = path.slice(1).split('/')
  if (rest.length > 1) yield { code, path: `/${first}/${rest.join('%2F')}` }
  if (rest.length > 0) yield { code, path: `/${[first, ...rest].join('%2F')}` }
}

function upperCase(escape: string): string {
  return escape.toUpperCase()
}

function lowerCase(escape: string): string {
  return escape.toLowerCase()
}

function* slashVariants(path: string): Generator<PathVariant> {
  const code = 'path-trailing-slash'
  if (path.endsWith('/') && path.length > 1) yield { code, path: path.slice(0, -1) }
  else yield { code, path: `${path}/` }
  yield { code: 'path-slashes-merged', path: path.replace(/\/{2,}/g, '/') }
  yield { code: 'path-slashes-merged', path: path.replace(/(?<=.)\/+/g, '//') }
  for (const index of slashPositions(path)) {
    yield { code: 'path-slashes-merged', path: `${path.slice(0, index)}/${path.slice(index)}` }
  }
}

function* dotVariants(path: string): Generator<PathVariant> {
  const folded = foldDots(path)
  if (folded !== path) yield { code: 'path-dots-folded', path: folded }
  for (const index of slashPositions(path)) {
    yield { code: 'path-dots-folded', path: `${path.slice(0, index)}/.${path.slice(index)}` }
  }
}

function slashPositions(path: string): number[] {
  const positions: number[] = []
  let index = path.indexOf('/')
  while (index !== -1 && positions.length < MAX_SLASHES) {
    positions.push(index)
    index = path.indexOf('/', index + 1)
  }
  return positions
}

function foldDots(path: string): string {
  if (!/(?:^|\/)\.\.?(?:\/|$)/.test(path)) return path
  const out: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') out.pop()
    else if (segment !== '.') out.push(segment)
  }
  return out.join('/') || '/'
}

/** Text as a path: every byte but the unreserved ones and slashes escaped. */
export function encodeLikePath(text: string): string {
  try {
    return percentEncode(text).replaceAll('%2F', '/')
  } catch {
    return text
  }
}

/** A path without each of its first segments in turn, and what was taken away. */
export function* shorterPaths(path: string): Generator<{ path: string; prefix: string }> {
  let rest = path
  for (let count = 0; count < MAX_PREFIX_SEGMENTS; count += 1) {
    const slash = rest.indexOf('/', 1)
    if (slash === -1) return
    rest = rest.slice(slash)
    yield { path: rest, prefix: path.slice(0, path.length - rest.length) }
  }
}
