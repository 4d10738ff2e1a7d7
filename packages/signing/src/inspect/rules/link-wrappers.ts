/**
 * Link rewriters of mail filters that keep the address in the path, or in an encoding of their own.
 *
 * @module
 */
import type { CauseFacts } from '../facts/dialect-facts.ts'
import { fromBase64Url } from '../../lib/bytes.ts'
import { percentDecode } from '../../lib/percent-encode.ts'

/** Proofpoint's third form: the address between `__` and `__;`, and behind it the characters its stars stand for. */
const STARRED =
  /^https?:\/\/(urldefense\.(?:com|us|proofpoint\.com))\/v3\/__(.{1,16384}?)__;([A-Za-z0-9_-]{0,4096}=*)(?:!|$)/
/** Its second form: `-` for a percent sign and `_` for a slash. */
const DASHED =
  /^https?:\/\/(urldefense\.proofpoint\.com)\/v2\/url\?(?:[^#]{0,400}&)?u=([^&#]{1,16384})/
const IN_PATH = /^https?:\/\/([^/?#]{1,100})\/[^?#]{0,400}?(https?%3A(?:%2F){2}[^?#]{1,16384})/i

/** The inner address, or `null` where nothing is wrapped so. */
export function unwrapLink(text: string): { text: string; facts: CauseFacts } | null {
  return unwrapStars(text) ?? unwrapDashes(text) ?? unwrapPath(text)
}

function unwrapStars(text: string): ReturnType<typeof unwrapLink> {
  const [, host = '', starred, characters = ''] = STARRED.exec(text) ?? []
  return starred === undefined ? null : wrapped(fillStars(starred, characters), host)
}

function unwrapDashes(text: string): ReturnType<typeof unwrapLink> {
  const [, host = '', dashed] = DASHED.exec(text) ?? []
  return wrapped(percentDecode(dashed?.replaceAll('-', '%').replaceAll('_', '/') ?? ''), host)
}

function unwrapPath(text: string): ReturnType<typeof unwrapLink> {
  const [, host = '', encoded] = IN_PATH.exec(text) ?? []
  return wrapped(percentDecode(encoded ?? ''), host)
}

/** What holds no query is no signed URL. */
function wrapped(inner: string | null, host: string): ReturnType<typeof unwrapLink> {
  if (inner?.includes('?') !== true) return null
  return { text: inner.replace(/^(https?:)\/+/, '$1//'), facts: { host } }
}

/** A star stands for the next character, `**` with a letter for a run of them: A for two, B for three. */
function fillStars(text: string, encoded: string): string {
  const characters = new TextDecoder().decode(
    fromBase64Url(encoded.replace(/=+$/, '')) ?? undefined,
  )
  let taken = 0
  const take = (count: number): string => {
    taken += count
    return characters.slice(taken - count, taken)
  }
  return text.replace(/\*(?:\*([A-Za-z0-9_-]))?/g, (whole, run?: string) =>
    taken >= characters.length ? whole : take(run === undefined ? 1 : RUNS.indexOf(run) + 2),
  )
}

const RUNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
