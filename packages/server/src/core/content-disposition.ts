/**
 * The `Content-Disposition` of a download: an ASCII fallback for old clients and the exact name beside it
 * [RFC6266 4.3] [RFC8187 3.2]. A name can never break out of the header, and never turn its reading direction.
 */
import { percentEncode } from '@hallpass/signing/encoding'

const MAX_NAME_LENGTH = 200
// oxlint-disable-next-line no-control-regex -- control bytes are what it looks for
const CONTROL = /[\u0000-\u001F\u007F-\u009F]/g
/** Windows opens the device instead of a file of this name, whatever the ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i
const DIRECTION = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/** `attachment; filename="x"; filename*=UTF-8''x`, always a legal header value. */
export function formatContentDisposition(type: 'attachment' | 'inline', filename: string): string {
  const name = cleanFilename(filename)
  const fallback = name.replace(/[^\x20-\x7E]/g, '_').replace(/["\\%]/g, '_')
  if (fallback === name) return `${type}; filename="${fallback}"`
  return `${type}; filename="${fallback}"; filename*=UTF-8''${percentEncode(name)}`
}

/** The marks of DIRECTION as escapes of `filename*`. */
const WRITTEN_DIRECTION = /%D8%9C|%E2%80%(?:8[EF]|A[A-E])|%E2%81%A[6-9]/gi

/** A disposition that somebody else wrote, without what would turn the reading direction of its names. */
export function withoutDirectionMarks(disposition: string): string {
  const clean = disposition.replace(WRITTEN_DIRECTION, '').replace(DIRECTION, '')
  // What stood around a mark may make another.
  return clean === disposition ? clean : withoutDirectionMarks(clean)
}

/** What a file may be called on somebody's disk: no path, no control or direction marks, bounded. */
function cleanFilename(filename: string): string {
  const base = filename
    .toWellFormed()
    .replace(CONTROL, '')
    .replace(DIRECTION, '')
    .replace(/[/\\]/g, '_')
    .trim()
  if (base === '' || /^\.+$/.test(base)) return 'download'
  return shorten(DEVICE.test(base) ? `_${base}` : base)
}

/** Keeps the ending, by which people and systems know a file. */
function shorten(name: string): string {
  const characters = Array.from(name)
  if (characters.length <= MAX_NAME_LENGTH) return name
  const dot = name.lastIndexOf('.')
  const ending = dot > 0 && name.length - dot <= 20 ? name.slice(dot) : ''
  return characters.slice(0, MAX_NAME_LENGTH - ending.length).join('') + ending
}
