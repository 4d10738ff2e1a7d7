/**
 * Makes and tames Content-Disposition [RFC6266 4]. File names come from clients: no quote, separator, control or
 * bidirectional override of theirs may reach the header's grammar, the disk of the person who downloads, or their eyes.
 */

// Bidirectional controls make `exe.fdp` out of `pdf.exe`; the rest of the set is invisible or ends lines.
// oxlint-disable-next-line no-control-regex -- control bytes are what it removes
const UNSAFE = /[\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g
const SEPARATORS = /[/\\:*?"<>|]/g
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i
const MAX_NAME_LENGTH = 200
const MAX_EXTENSION_LENGTH = 20

/** `attachment; filename="a.txt"`, with `filename*` where the name is not plain ASCII [RFC8187 3.2]. */
export function formatContentDisposition(type: 'attachment' | 'inline', filename: string): string {
  const name = safeFilename(filename)
  if (name === '') return type
  // A percent sign in the plain form is decoded by some browsers [RFC6266 D].
  const fallback = name.replaceAll(/[^\u0020-\u007E]|%/gu, '_')
  const plain = `${type}; filename="${fallback}"`
  return fallback === name ? plain : `${plain}; filename*=UTF-8''${encodeExtValue(name)}`
}

/** The name as a file on a stranger's disk may be called; may be empty. */
export function safeFilename(filename: string): string {
  const clean = filename.toWellFormed().replaceAll(UNSAFE, '').replaceAll(SEPARATORS, '_')
  const trimmed = shorten(clean.trim()).replace(/[. ]+$/, '')
  return WINDOWS_DEVICE.test(trimmed) ? `_${trimmed}` : trimmed
}

/** A disposition somebody else wrote, made to save the file instead of showing it; its parameters stay. */
export function asAttachment(disposition: string): string {
  const semicolon = disposition.indexOf(';')
  return semicolon === -1 ? 'attachment' : `attachment${disposition.slice(semicolon)}`
}

/** True if a browser that gets this header saves the body. */
export function isAttachment(disposition: string): boolean {
  return /^\s*attachment\s*(?:;|$)/i.test(disposition)
}

function shorten(name: string): string {
  const points = Array.from(name)
  if (points.length <= MAX_NAME_LENGTH) return name
  const dot = points.lastIndexOf('.')
  const extension = dot > 0 && points.length - dot <= MAX_EXTENSION_LENGTH ? points.slice(dot) : []
  return [...points.slice(0, MAX_NAME_LENGTH - extension.length), ...extension].join('')
}

/** `encodeURIComponent` leaves four characters bare that RFC8187 does not allow there. */
function encodeExtValue(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
