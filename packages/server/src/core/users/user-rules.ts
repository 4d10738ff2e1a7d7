/**
 * What end users may, by rules over the claims of their tokens: `users/{sub}/**` → read, write, share. A claim stands for text inside
 * one segment, whatever it holds, and never for a segment more: what could lead elsewhere is escaped.
 */
import type { Action } from '../../catalog/records.ts'
import { formatPath, parseBucketName, parseObjectKey } from '../paths.ts'
import type { ObjectPath } from '../paths.ts'

/** No token manages the server or looks at its metrics. */
export const USER_ACTIONS = ['read', 'write', 'delete', 'list', 'share', 'publish'] as const
export type UserAction = (typeof USER_ACTIONS)[number]

export type Claims = Readonly<Record<string, unknown>>

export interface UserRule {
  readonly segments: readonly RuleSegment[]
  /** `/**` at the end: everything below; otherwise the one file. */
  readonly isFolder: boolean
  readonly actions: readonly UserAction[]
  /** Claims that must have one of the values; every one of them. */
  readonly when: readonly { readonly claim: string; readonly values: readonly string[] }[]
}

/** One segment of a path: the text around a claim. */
export interface RuleSegment {
  readonly before: string
  /** `null`: the segment is what stands in `before`. */
  readonly claim: string | null
  readonly after: string
}

/** A rule with the claims put in. */
export interface UserRight {
  /** `bucket/users/ann/` with all below, `''` with everything, or the path of one file. */
  readonly place: string
  readonly isFolder: boolean
  readonly actions: readonly UserAction[]
}

/** Of a claim with many values, groups for one, those that are looked at. */
const MAX_VALUES = 100
const MAX_VALUE_LENGTH = 256

/** What the rules say for whoever has these claims. A rule whose claim is missing or no text says nothing. */
export function findRights(rules: readonly UserRule[], claims: Claims): readonly UserRight[] {
  return rules
    .filter(({ when }) => when.every(({ claim, values }) => hasOneOf(claims, claim, values)))
    .flatMap(({ segments, isFolder, actions }) =>
      placesOf(segments, isFolder, claims).map((place) => ({ place, isFolder, actions })),
    )
}

/** True if one of the rights lets its holder do this here. */
export function isCovered(rights: readonly UserRight[], action: Action, path: ObjectPath): boolean {
  const asked = formatPath(path)
  return rights.some(
    ({ place, isFolder, actions }) =>
      actions.some((known) => known === action) &&
      (isFolder ? asked.startsWith(place) : asked === place),
  )
}

/** The folder that holds every place of the rights; `''` for none. */
export function commonFolder(rights: readonly UserRight[]): string {
  const [first, ...rest] = rights.map(({ place }) => place.slice(0, place.lastIndexOf('/') + 1))
  let common = first ?? ''
  for (const folder of rest) {
    while (!folder.startsWith(common)) {
      common = common.slice(0, common.lastIndexOf('/', common.length - 2) + 1)
    }
  }
  return common
}

function placesOf(
  segments: readonly RuleSegment[],
  isFolder: boolean,
  claims: Claims,
): readonly string[] {
  let places: readonly string[] = ['']
  for (const [index, segment] of segments.entries()) {
    const texts = textsOf(segment, claims, index === 0)
    places = places.flatMap((place) => texts.map((text) => `${place}${text}/`)).slice(0, MAX_VALUES)
  }
  const ended = isFolder ? places : places.map((place) => place.slice(0, -1))
  return ended.filter((place) => place === '' || isPath(place))
}

function textsOf(
  { before, claim, after }: RuleSegment,
  claims: Claims,
  isBucket: boolean,
): readonly string[] {
  if (claim === null) return [before]
  const values = valuesOf(claims, claim)
  // Nothing can be escaped in the name of a bucket: one that is no name is nobody's.
  if (isBucket) return values.map((value) => before + value + after).filter(isBucketName)
  return values.map((value) => escapeDots(before + escapeValue(value) + after))
}

/** What separates segments, and the sign of the escapes themselves, so that two values never become one. */
function escapeValue(value: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  return value.replaceAll(/[%/\\\u0000-\u001F\u007F]/g, (letter) => {
    const code = letter.charCodeAt(0).toString(16).toUpperCase()
    return `%${code.padStart(2, '0')}`
  })
}

function escapeDots(segment: string): string {
  return segment === '.' || segment === '..' ? segment.replaceAll('.', '%2E') : segment
}

function isBucketName(text: string): boolean {
  return !text.includes('/') && isValid(() => parseBucketName(text))
}

function isPath(place: string): boolean {
  const key = place.slice(place.indexOf('/') + 1)
  return key === '' || isValid(() => parseObjectKey(key))
}

function isValid(parse: () => string): boolean {
  try {
    parse()
    return true
  } catch {
    return false
  }
}

function hasOneOf(claims: Claims, claim: string, wanted: readonly string[]): boolean {
  return valuesOf(claims, claim).some((value) => wanted.includes(value))
}

/** The texts of a claim, which may hold a list of them; whole numbers and truths are written as JSON writes them. */
function valuesOf(claims: Claims, name: string): readonly string[] {
  const value = readClaim(claims, name)
  const values: readonly unknown[] = Array.isArray(value) ? value.slice(0, MAX_VALUES) : [value]
  return values.flatMap((item) => {
    const text = Number.isSafeInteger(item) || typeof item === 'boolean' ? String(item) : item
    const isText = typeof text === 'string' && text !== '' && text.length <= MAX_VALUE_LENGTH
    return isText && text.isWellFormed() ? [text] : []
  })
}

/** By its whole name first: some names have dots. Then `a.b` is what stands inside of `a`. */
function readClaim(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  const dot = name.indexOf('.')
  if (dot === -1) return undefined
  const inner = Object.hasOwn(claims, name.slice(0, dot)) ? claims[name.slice(0, dot)] : undefined
  return isRecord(inner) ? readClaim(inner, name.slice(dot + 1)) : undefined
}

function isRecord(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
