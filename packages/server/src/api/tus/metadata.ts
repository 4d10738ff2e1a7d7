/** `Upload-Metadata`: names and values in base64, which say what the file is called and what it is [TUS-1 creation]. */
import { MAX_METADATA_BYTES } from '../../platform/s3-limits.ts'
import { guessContentType } from '../content-type.ts'
import { invalid } from './read-headers.ts'

export interface Announced {
  /** As it came, for whoever asks. */
  readonly text: string
  /** What the sender calls the file; `null` if it says nothing. */
  readonly filename: string | null
  /** Where it is to go, bucket first; `null` if it says nothing. */
  readonly path: string | null
  readonly contentType: string | null
}

const FIELD = 'Upload-Metadata'
/** Printable, without what separates. */
const NAME = /^[\x21-\x2B\x2D-\x7E]+$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Throws `field-invalid`. */
export function readAnnounced(text: string): Announced {
  const pairs = readPairs(text)
  const find = (...names: readonly string[]): string | null => {
    const name = names.find((candidate) => (pairs.get(candidate) ?? '') !== '')
    return name === undefined ? null : (pairs.get(name) ?? null)
  }
  const filename = find('filename', 'name')
  const path = find('path')
  const named = path ?? filename
  const contentType =
    find('contentType', 'filetype', 'type') ?? (named === null ? null : guessContentType(named))
  return { text, filename, path, contentType }
}

function readPairs(text: string): ReadonlyMap<string, string> {
  if (Buffer.byteLength(text) > MAX_METADATA_BYTES * 2) {
    throw invalid(FIELD, `it has more than ${MAX_METADATA_BYTES * 2} bytes`)
  }
  const pairs = new Map<string, string>()
  for (const pair of text.split(',').map((part) => part.trim())) {
    if (pair === '') continue
    const [name = '', value = '', ...rest] = pair.split(' ')
    if (!NAME.test(name) || rest.length > 0) {
      throw invalid(FIELD, 'it must be names, each with a space and a value in base64 behind it')
    }
    if (pairs.has(name)) throw invalid(FIELD, 'a name is there more than once')
    pairs.set(name, decode(value))
  }
  return pairs
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

function decode(value: string): string {
  if (!BASE64.test(value)) throw invalid(FIELD, 'a value is not in base64')
  try {
    return UTF8.decode(Buffer.from(value, 'base64'))
  } catch {
    throw invalid(FIELD, 'a value is not UTF-8')
  }
}
