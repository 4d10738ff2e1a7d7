/**
 * The value of a Content-Disposition as layers between signer and client write it anew.
 *
 * @module
 */
import { percentDecode } from '../../lib/percent-encode.ts'
import { safeEncode } from './v4-view.ts'

/** A download name as other layers write it: its escapes made or undone, its quotes taken off, one form of two. */
export function dispositionForms(text: string): string[] {
  const decoded = percentDecode(text) ?? text
  const extended = /^(.*''\s*)([^;]*)(.*)$/s.exec(text)
  const quoted = /^(.*filename="?)([^";]*)("?.*)$/is.exec(text)
  const within = [extended, quoted].flatMap((match) => {
    if (match === null) return []
    const [, before = '', name = '', after = ''] = match
    return [encodeName(name), safeEncode(name), percentDecode(name) ?? name].map(
      (other) => before + other + after,
    )
  })
  return [
    decoded,
    ...within,
    text.replaceAll('"', ''),
    text.replace(/(filename=)([^";]+)/i, '$1"$2"'),
    text.replace(/;\s*filename\*=[^;]*/i, ''),
    text.replaceAll(/;\s*/g, '; '),
    text.replaceAll(/;\s*/g, ';'),
    text.replace(/utf-8''/i, "UTF-8''"),
    text.replace(/utf-8''/i, "utf-8''"),
  ].filter((form) => form !== text)
}

/** As `encodeURIComponent` writes it. */
function encodeName(name: string): string {
  return encodeURIComponent(name.toWellFormed())
}
