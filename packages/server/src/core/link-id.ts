/**
 * Ids of links. Each says when it was issued, to the millisecond, which a signature's own time cannot:
 *
 *     link_ T R            a link with a record behind it
 *     share_ T H           a page for people, whose address has T R: H is what R hashes to, so that the id opens nothing
 *     auto_ T R . F . K    an automatic one, without a record until it is revoked; F is the file's id without `file_`, and
 *                          K the key it was made for
 *
 * T are eight letters of time, R 22 random ones. The id is signed into the URL, so that nobody changes it.
 */
import type { Clock } from '../platform/clock.ts'
import { createId, createOrderedId, timeOfId } from '../platform/ids.ts'
import { drawnFrom } from '../platform/drawn-from.ts'
import type { Random } from '../platform/random.ts'

const GRANT = 'link_'
const SHARE = 'share_'
const AUTOMATIC = 'auto_'
const FILE = 'file_'
const AUTOMATIC_FORM = /^auto_[0-9A-Za-z]{30}\.([0-9A-Za-z]+)\.([0-9A-Za-z._-]+)$/

export function createLinkId(issuedAt: number, random: Random): string {
  return createOrderedId(at(issuedAt), random, GRANT)
}

const TOKEN_FORM = /^[0-9A-Za-z]{30}$/
const TIME_LETTERS = 8

/** What the address of a share ends in. Whoever has it has the share. */
export function createShareToken(issuedAt: number, random: Random): string {
  return createOrderedId(at(issuedAt), random, '')
}

/** The id of the share with that address; `null` for what is none. */
export function shareIdOf(token: string): string | null {
  if (!TOKEN_FORM.test(token)) return null
  return createId(drawnFrom(token), SHARE + token.slice(0, TIME_LETTERS))
}

/** `fileId` must be one of this server's own, which begin with `file_`. */
export function createAutomaticLinkId(
  issuedAt: number,
  random: Random,
  { fileId, createdBy }: { readonly fileId: string; readonly createdBy: string },
): string {
  const id = createOrderedId(at(issuedAt), random, AUTOMATIC)
  return `${id}.${fileId.slice(FILE.length)}.${createdBy}`
}

export function isAutomaticLink(id: string): boolean {
  return AUTOMATIC_FORM.test(id)
}

/** The file an automatic link is for; `null` for all others, whose record knows it. */
export function fileIdOfLink(id: string): string | null {
  const rest = AUTOMATIC_FORM.exec(id)?.[1]
  return rest === undefined ? null : FILE + rest
}

/** The key an automatic link was made for; `null` for all others, whose record knows it. */
export function creatorOfLink(id: string): string | null {
  return AUTOMATIC_FORM.exec(id)?.[2] ?? null
}

/** A planned upload and the link behind it have one id, of which the link's says in front what it is. */
export function uploadOfLink(linkId: string): string {
  return linkId.slice(GRANT.length)
}

export function linkOfUpload(uploadId: string): string {
  return GRANT + uploadId
}

/** When the link was issued; `null` for an id that does not say. */
export function issuedAtOfLink(id: string): number | null {
  if (id.startsWith(GRANT)) return timeOfId(id, GRANT)
  if (id.startsWith(SHARE)) return timeOfId(id, SHARE)
  return isAutomaticLink(id) ? timeOfId(id.slice(0, id.indexOf('.')), AUTOMATIC) : null
}

function at(ms: number): Clock {
  return { now: () => ms }
}
