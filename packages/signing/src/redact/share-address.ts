/**
 * The address of a Hallpass share, `/s/` and a token: whoever has it has the share. It uploads behind `/-/tus/` and `/-/uppy/` as well, and so does
 * a presigned URL in base64url there. The token is the time and what was drawn, 30
 * letters of 62; until the year 2081 the first is `0`.
 *
 * @module
 */
import { readBase64UrlRun } from './value.ts'
import { UNDECIDED, plainSecret } from './verdict.ts'
import type { Verdict } from './verdict.ts'

const SLASH = String.raw`(?:\\{0,8}/|%(?:25){0,3}2[Ff]|\\{1,8}u002[Ff]|&(?:amp;){0,3}#(?:[xX]2[Ff]|47);)`
const UPLOADS = `-${SLASH}(?:tus|uppy)`
const PATH_OF_SHARES = new RegExp(`${SLASH}(?:s|${UPLOADS})${SLASH}$`)
const PATH_OF_UPLOADS = new RegExp(`${SLASH}${UPLOADS}${SLASH}$`)
/** Three slashes in their longest escapes. */
const MAX_PATH = 90

const TOKEN_LETTERS = 30
const TOKEN = /^[0-9A-Za-z]+$/
/** As names of files have them that say what is in them. */
const HASH = /^(?:[0-9a-f]+|[0-9A-F]+)$/

/** How a URL begins in base64url, and the least that a presigned one has. */
const URL_BEGINS = 'aHR0'
const MIN_URL_LETTERS = 100
const MAX_URL_LETTERS = 12_000

/** Whether a secret that begins at `start` is the token of a share. */
export function isShareToken(text: string, start: number): boolean {
  return PATH_OF_SHARES.test(text.slice(Math.max(0, start - MAX_PATH), start))
}

/** The verdict on a token whose first letter ends before `end`. */
export function judgeShareAddress(text: string, end: number, isFinal: boolean): Verdict {
  const start = end - 1
  if (!isShareToken(text, start)) return null
  const tokenEnd = readBase64UrlRun(text, start, TOKEN_LETTERS)
  if (tokenEnd === text.length && !isFinal) return UNDECIDED
  const token = text.slice(start, tokenEnd)
  if (tokenEnd - start !== TOKEN_LETTERS || !TOKEN.test(token) || HASH.test(token)) return null
  return plainSecret(start, { end: tokenEnd, isOpen: false })
}

/** The same of a presigned URL in base64url, whose first letters, `aHR0`, end before `end`. */
export function judgeUploadLink(text: string, end: number, isFinal: boolean): Verdict {
  const start = end - URL_BEGINS.length
  if (!PATH_OF_UPLOADS.test(text.slice(Math.max(0, start - MAX_PATH), start))) return null
  const linkEnd = readBase64UrlRun(text, start, MAX_URL_LETTERS)
  if (linkEnd === text.length && !isFinal) return UNDECIDED
  return linkEnd - start < MIN_URL_LETTERS
    ? null
    : plainSecret(start, { end: linkEnd, isOpen: false })
}
