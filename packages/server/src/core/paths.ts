/**
 * The one canonicaliser. Raw targets, form fields and JSON paths all pass here, and only its result reaches routing,
 * authorisation and storage, so no two layers can read one path differently.
 *
 * A key is exact: decoded once, never normalised, compared byte by byte. What could be read as a place on a disk or
 * break a header (dot segments, control bytes) is refused instead of cleaned.
 */
import { refusal } from './errors.ts'
import type { DomainError } from './errors.ts'
import { MAX_KEY_BYTES } from '../platform/s3-limits.ts'

export interface ObjectPath {
  readonly bucket: string
  /** `''` for the bucket itself. */
  readonly key: string
}

/** The path of what holds for every bucket. */
export const INSTANCE = ''

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
// oxlint-disable-next-line no-control-regex -- control bytes are what it looks for
const CONTROL = /[\u0000-\u001F\u007F]/
/** Two that are no characters and that no XML document, and so no listing, can hold. */
const NONCHARACTER = /[\uFFFE\uFFFF]/

/** A segment that resolvers of paths take for this folder, or the one above. */
const DOT_SEGMENT = /(?:^|\/)\.\.?(?:\/|$)/

/** What a name must not have, and what is said of one that has it. */
type NameRules = readonly (readonly [has: RegExp, reason: string])[]

const NO_NAME: NameRules = [
  [/\.\./, 'it has two dots in a row'],
  [/^\d+\.\d+\.\d+\.\d+$/, 'it looks like an IP address'],
]

/** The name, if S3 would take it as a bucket's; throws `bucket-name-invalid`. */
export function parseBucketName(name: string): string {
  if (BUCKET_NAME.test(name)) return keepTo(NO_NAME, name)
  const reason =
    'it must have 3 to 63 of a-z, 0-9, dot and dash, and start and end with a letter or digit'
  throw refusal('bucket-name-invalid', { reason })
}

/** What S3 keeps for itself, and what could be taken for something else in a host name. */
const NO_NEW_NAME: NameRules = [
  [/^(?:xn--|sthree-|amzn-s3-demo-)/, 'S3 reserves names that begin so'],
  [/(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/, 'S3 reserves names that end so'],
  [/\.-|-\./, 'it has a dash next to a dot'],
]

/** The name of a bucket to be made, by the whole of S3's rules [S3-NAMES]; throws `bucket-name-invalid`. */
export function parseNewBucketName(name: string): string {
  return keepTo(NO_NEW_NAME, parseBucketName(name))
}

function keepTo(rules: NameRules, name: string): string {
  const broken = rules.find(([has]) => has.test(name))
  if (broken === undefined) return name
  const [, reason] = broken
  throw refusal('bucket-name-invalid', { reason })
}

/** The key, if it may name an object; throws `path-invalid` or `key-too-long`. */
export function parseObjectKey(key: string): string {
  if (key === '') throw invalid('the key is empty')
  checkText(key)
  return requireKeyLength(key)
}

function requireKeyLength(key: string): string {
  const bytes = Buffer.byteLength(key)
  if (bytes > MAX_KEY_BYTES) throw refusal('key-too-long', { bytes, maxBytes: MAX_KEY_BYTES })
  return key
}

/** A prefix to list by: any text as long as a key. What no key can begin with lists nothing. Throws `path-invalid`, `key-too-long`. */
export function parseKeyPrefix(prefix: string): string {
  if (!prefix.isWellFormed()) throw invalid('it holds a lone surrogate')
  return requireKeyLength(prefix)
}

/** A folder from `bucket/some/prefix`, with or without the last slash; its key is `''` or ends in one. */
export function parseFolderPath(path: string): ObjectPath {
  const { bucket, key } = splitPath(path.endsWith('/') ? path : `${path}/`)
  parseBucketName(bucket)
  if (key.startsWith('/') || key.includes('//')) throw invalid('a folder path has an empty segment')
  return { bucket, key: key === '' ? '' : parseObjectKey(key) }
}

/** `bucket/key`, as records and people write it. */
export function formatPath({ bucket, key }: ObjectPath): string {
  return `${bucket}/${key}`
}

/** `bucket/key…` as people write it in REST calls. */
export function parseFilePath(path: string): ObjectPath {
  const { bucket, key } = splitPath(path)
  return { bucket: parseBucketName(bucket), key: parseObjectKey(key) }
}

/** The last part of a key that is not empty: what people call the file. `''` if there is none. */
export function nameOf(key: string): string {
  return key.split('/').findLast((part) => part !== '') ?? ''
}

/** The folder that holds `key`, below its bucket: `a/b/` of `a/b/c`, `''` at the top. */
export function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1)
}

/** The folders that hold `key`, nearest first: `b/a/c/`, `b/a/`, `b/`. */
export function foldersOf(bucket: string, key: string): string[] {
  const folders: string[] = []
  for (let slash = key.lastIndexOf('/'); slash > -1; slash = key.lastIndexOf('/', slash - 1)) {
    folders.push(`${bucket}/${key.slice(0, slash + 1)}`)
    if (slash === 0) break
  }
  folders.push(`${bucket}/`)
  return folders
}

/** `bucket/key` of a raw request path (`/bucket/a%20b`), decoded exactly once. Throws like the parsers above. */
export function parseRawObjectPath(rawPath: string): ObjectPath {
  if (!rawPath.startsWith('/')) throw invalid('the target does not start with a slash')
  const decoded = decodeOnce(rawPath.slice(1))
  const { bucket, key } = splitPath(decoded)
  if (bucket === '' && key !== '') throw invalid('the first segment, the bucket, is empty')
  if (bucket === '') return { bucket: '', key: '' }
  return { bucket: parseBucketName(bucket), key: key === '' ? '' : parseObjectKey(key) }
}

/** At the first slash, unchecked. A scope's prefix (`bucket/some/`) splits too; `''` is the instance. */
export function splitPath(path: string): ObjectPath {
  const slash = path.indexOf('/')
  if (slash === -1) return { bucket: path, key: '' }
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) }
}

function decodeOnce(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('an escape is broken or the bytes are not UTF-8')
  }
}

function checkText(text: string): void {
  if (!text.isWellFormed()) throw invalid('it holds a lone surrogate')
  if (CONTROL.test(text)) throw invalid('it holds a control byte')
  if (NONCHARACTER.test(text)) throw invalid('it holds U+FFFE or U+FFFF, which are no characters')
  if (DOT_SEGMENT.test(text)) throw invalid('it holds a dot segment')
}

function invalid(reason: string): DomainError<'path-invalid'> {
  return refusal('path-invalid', { reason })
}
