/**
 * The types a browser may show in place. Everything else is saved: whatever a stranger uploaded must not run as a page of
 * this origin. The sandbox policy on every answer is the second lock.
 */
import type { MediaType } from './media-type.ts'

const INERT_TYPES: ReadonlySet<string> = new Set([
  'application/pdf',
  'audio/aac',
  'audio/flac',
  'audio/mp4',
  'audio/mpeg',
  'audio/ogg',
  'audio/wav',
  'audio/webm',
  'image/avif',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
  'text/plain',
  'video/mp4',
  'video/ogg',
  'video/webm',
])

export function isInertType({ essence }: MediaType): boolean {
  return INERT_TYPES.has(essence)
}
