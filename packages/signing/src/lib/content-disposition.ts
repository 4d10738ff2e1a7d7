/**
 * The `Content-Disposition` of a download: an ASCII fallback for old clients and the exact name beside it
 * [RFC6266 4.3] [RFC8187 3.2]. A name can never break out of the header, and never turn its reading direction.
 *
 * @module
 */
import { percentEncode } from './percent-encode.ts'
import { wrongOption } from './wrong-option.ts'

/** What a download is called, and whether it is saved. */
export interface DownloadOptions {
  /** The name a download is saved under, any text: it is made into a `response-content-disposition`. */
  readonly filename?: string | undefined
  /** Show in the browser in place of saving. Off by default. */
  readonly isInline?: boolean | undefined
}

const MAX_NAME_LENGTH = 200
/** Control bytes, and what turns the direction of reading. */
// oxlint-disable-next-line no-control-regex -- control bytes are what it looks for
const UNSEEN = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g
/** Windows opens the device instead of a file of this name, whatever the ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i
/** What the short form cannot hold. */
const UNUSUAL = /[^\x20-\x7E]|["\\%]/g

/**
 * `attachment; filename="x"; filename*=UTF-8''x`, always a legal header value: for the parameter or option by which a
 * service sets the `Content-Disposition` of its answer.
 */
export function responseContentDisposition(
  filename: string,
  type: 'attachment' | 'inline' = 'attachment',
): string {
  if (type !== 'attachment' && type !== 'inline') {
    throw wrongOption("type must be 'attachment' or 'inline'")
  }
  if (typeof filename !== 'string') throw wrongOption('filename must be of type string')
  return formatDisposition(filename, type)
}

function formatDisposition(filename: string, type: string): string {
  const name = cleanFilename(filename)
  const fallback = name.replace(UNUSUAL, '_')
  if (fallback === name) return `${type}; filename="${fallback}"`
  return `${type}; filename="${fallback}"; filename*=UTF-8''${percentEncode(name)}`
}

/** The disposition of the options, or `undefined` if they ask for none. */
export function dispositionOf({ filename, isInline }: DownloadOptions): string | undefined {
  const type = isInline === true ? 'inline' : undefined
  return filename === undefined ? type : formatDisposition(filename, type ?? 'attachment')
}

/** What a file may be called on somebody's disk: no path, no control or direction marks, bounded. */
function cleanFilename(filename: string): string {
  const base = filename.toWellFormed().replace(UNSEEN, '').replace(/[/\\]/g, '_').trim()
  if (/^\.*$/.test(base)) return 'download'
  return shorten(DEVICE.test(base) ? `_${base}` : base)
}

const STEM_AND_ENDING = /^(.+?)(\.[^.]{0,19})?$/s

/** Keeps the ending, by which people and systems know a file. */
function shorten(name: string): string {
  const [, stem = '', ending = ''] = STEM_AND_ENDING.exec(name) ?? []
  const characters = Array.from(stem).slice(0, MAX_NAME_LENGTH - ending.length)
  return characters.join('') + ending
}
