/** The files every client sends: sizes around the edges where clients change their way of uploading, and names that break them. */
import { createCipheriv, createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { nastyKeys } from '../../lib/nasty-keys.ts'

const MIB = 1024 * 1024

export interface SizedFile {
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

const SIZES: readonly (readonly [name: string, bytes: number])[] = [
  ['empty', 0],
  ['one-byte', 1],
  ['5MiB-minus-1', 5 * MIB - 1],
  ['5MiB', 5 * MIB],
  ['5MiB-plus-1', 5 * MIB + 1],
  ['100MiB', 100 * MIB],
]

export const SIZE_NAMES: readonly string[] = SIZES.map(([name]) => name)

/** Bytes that do not compress and are the same every time. */
export function patternOf(bytes: number): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16))
  return cipher.update(Buffer.alloc(bytes))
}

export function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** One file of each size, in `folder`. */
export function writeSizedFiles(folder: string): SizedFile[] {
  mkdirSync(folder, { recursive: true })
  return SIZES.map(([name, bytes]) => {
    const path = join(folder, name)
    const content = patternOf(bytes)
    writeFileSync(path, content)
    return { name, path, bytes, sha256: sha256Of(content) }
  })
}

export const NASTY_COUNT = 60

/** Whether a client can send a key at all. */
export type CanSend = (key: string) => boolean

const ANY_KEY: CanSend = () => true

/** Three of every ten of the two hundred first: names picked by hand, long ones and mixtures. */
export function nastyObjectKeys(canSend: CanSend = ANY_KEY): string[] {
  const keys = nastyKeys()
  const first = keys.filter((_, index) => index % 10 < 3)
  const rest = keys.filter((_, index) => index % 10 >= 3)
  return [...first, ...rest].filter(canSend).slice(0, NASTY_COUNT)
}

/** A key has 1,024 bytes at most, and tools put folders before the names of files. */
const MAX_FILE_NAME = 1000

/** Keys that a folder of this machine can hold as relative paths, none of them the folder of another. */
export function nastyFileNames(canSend: CanSend = ANY_KEY): string[] {
  const keys = nastyKeys().filter((key) => Buffer.byteLength(key) <= MAX_FILE_NAME)
  const possible = keys.filter((key) =>
    key.split('/').every((segment) => segment !== '' && Buffer.byteLength(segment) <= 255),
  )
  const folders = new Set(possible.flatMap(parentsOf))
  const names = possible.filter((key) => !folders.has(key) && canSend(key))
  return names.filter((_, index) => isSpread(index, names.length))
}

/** Whether this one of `length` is among the `NASTY_COUNT` that lie evenly between its ends. */
function isSpread(index: number, length: number): boolean {
  return (index * NASTY_COUNT) % length < NASTY_COUNT
}

function parentsOf(key: string): string[] {
  const segments = key.split('/')
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'))
}

export function contentOfKey(key: string): string {
  return `this is ${JSON.stringify(key)}`
}

/** Writes a file of each name, whose content names it. Resolves names to digests. */
export function writeNamedFiles(folder: string, names: readonly string[]): Map<string, string> {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), contentOfKey(name))
  }
  return new Map(names.map((name) => [name, sha256Of(contentOfKey(name))]))
}
