/**
 * Builds what a decoder returns: everything not said has its neutral value.
 *
 * @module
 */
import type { Detection, ObservedRequest } from './dialect-facts.ts'
import type { ObservedParameter, ObservedUrl } from './observed-url.ts'
import { hostHeader } from './observed-url.ts'

/** Longer texts are cut where people read them. */
const MAX_TEXT = 300

type Said<Name extends string> = Pick<Detection<Name>, 'dialect' | 'scheme'> &
  Partial<Detection<Name>>

/** A detection with neutral values for what is not given. */
export function createDetection<Name extends string>(said: Said<Name>): Detection<Name> {
  const { startsAt = null, expiresAt = null } = said
  return {
    form: 'url',
    methods: [],
    resource: { scope: 'unknown', text: '' },
    audience: { ip: null, protocol: null, principal: null },
    keyId: null,
    signedHeaders: [],
    secrets: [],
    issues: [],
    ...said,
    startsAt: possible(startsAt),
    expiresAt: possible(expiresAt),
  }
}

/** A moment no calendar has is none. */
function possible(moment: Date | null): Date | null {
  return moment === null || Number.isNaN(moment.getTime()) ? null : moment
}

/** The moment of whole epoch seconds written in decimal, or `null`. */
export function parseEpochSeconds(text: string | null | undefined): Date | null {
  if (text === null || text === undefined || !/^\d{1,13}$/.test(text)) return null
  return new Date(Number(text) * 1000)
}

/** Which of `names` (any case) the URL has, as it spells them. */
export function presentNames(url: ObservedUrl, names: readonly string[]): string[] {
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  const found = url.parameters.filter(({ name }) => wanted.has(name.toLowerCase()))
  return [...new Set(found.map(({ rawName }) => rawName))]
}

/** Controls, also those that turn the direction of text, become blanks, and long text is cut: for people to read. */
export function showText(text: string, maxLength: number = MAX_TEXT): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text
  // eslint-disable-next-line no-control-regex -- control characters are exactly what must not be shown
  return cut.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, ' ')
}

/** Host and path without query: what a URL points to, without what opens it. */
export function resourceText(url: ObservedUrl): string {
  return showText(hostHeader(url) + url.path)
}

/** The first value of a header, in any case of its name, or `null`. */
export function headerValue(
  request: Pick<ObservedRequest, 'headers'>,
  name: string,
): string | null {
  const wanted = name.toLowerCase()
  return request.headers.find(([header]) => header.toLowerCase() === wanted)?.[1] ?? null
}

/** Cookies of the request in order, names and values as sent. */
export function cookiePairs(request: ObservedRequest): [name: string, value: string][] {
  const pairs: [string, string][] = []
  for (const [name, value] of request.headers) {
    if (name.toLowerCase() !== 'cookie') continue
    for (const piece of value.slice(0, 65_536).split(';')) {
      const equals = piece.indexOf('=')
      if (equals > 0) pairs.push([piece.slice(0, equals).trim(), piece.slice(equals + 1).trim()])
    }
  }
  return pairs
}

/** The first value by parameter name, in any case of the name. */
export function valuesByName(
  parameters: readonly Pick<ObservedParameter, 'name' | 'value'>[],
): Map<string, string> {
  const values = new Map<string, string>()
  for (const { name, value } of parameters) {
    const key = name.toLowerCase()
    if (!values.has(key)) values.set(key, value)
  }
  return values
}
