/**
 * Reads the fields of an HTML form from a request body, multipart or url-encoded, for the tools.
 * Never throws; a broken body gives the fields that could be read. Linear in the body.
 *
 * @module
 */
import type { ObservedRequest } from './dialect-facts.ts'
import { headerValue } from './detection.ts'
import { parseObservedQuery } from './observed-url.ts'

/** One field in order of arrival. A file has its size instead of a value. */
export interface ObservedField {
  readonly name: string
  readonly value: string
  readonly fileSize: number | null
}

/** Field values longer than this are cut: no control field is. */
const MAX_VALUE = 65_536
const MAX_FIELDS = 200

/** The fields of the body, or `null` if it is no form. */
export function observeForm(request: ObservedRequest): ObservedField[] | null {
  if (request.body === null) return null
  const type = headerValue(request, 'content-type') ?? ''
  const boundary = /boundary="?([^";\s]{1,200})"?/i.exec(type)?.[1]
  const isMultipart = /^\s*multipart\/form-data/i.test(type)
  if (isMultipart && boundary !== undefined) return readMultipart(latin1(request.body), boundary)
  if (!/^\s*application\/x-www-form-urlencoded/i.test(type)) return null
  return parseObservedQuery(latin1(request.body)).map(({ name, value }) => {
    return { name, value, fileSize: null }
  })
}

/** Bytes as characters of the same number, so that offsets stay byte offsets. */
function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 8192) {
    text += String.fromCharCode(...bytes.subarray(index, index + 8192))
  }
  return text
}

function readMultipart(text: string, boundary: string): ObservedField[] {
  const fields: ObservedField[] = []
  const delimiter = `--${boundary}`
  let start = text.indexOf(delimiter)
  while (start !== -1 && fields.length < MAX_FIELDS) {
    const from = start + delimiter.length
    if (text.startsWith('--', from)) break
    const end = text.indexOf(delimiter, from)
    const field = readPart(text.slice(from, end === -1 ? text.length : end))
    if (field !== null) fields.push(field)
    start = end
  }
  return fields
}

function readPart(part: string): ObservedField | null {
  const blank = part.indexOf('\r\n\r\n')
  if (blank === -1 || blank > 4096) return null
  const head = part.slice(0, blank)
  const name = /\bname="([^"\r\n]{0,1024})"/i.exec(head)?.[1]
  if (name === undefined) return null
  const content = part.slice(blank + 4, part.endsWith('\r\n') ? -2 : undefined)
  const isFile = /\bfilename=/i.test(head)
  return isFile
    ? { name, value: '', fileSize: content.length }
    : { name, value: fromLatin1(content.slice(0, MAX_VALUE)), fileSize: null }
}

function fromLatin1(text: string): string {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
  return new TextDecoder().decode(bytes)
}
