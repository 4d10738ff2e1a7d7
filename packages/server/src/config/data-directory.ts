/**
 * The data directory and the master key in it. Both are made at the first start, readable by their owner only;
 * a key file that others may read is refused, because whoever reads it can sign anything.
 */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import type { Random } from '../platform/random.ts'
import { ConfigError } from '../config.ts'

const MASTER_KEY_FILE = 'master.key'
const MASTER_KEY_BYTES = 32
const OTHERS = 0o077

/** Makes the directory with mode 0700 if it is missing. Throws `ConfigError` if it cannot be used. */
export function prepareDataDirectory(dataDir: string): void {
  try {
    const created = mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    // The umask may have taken bits away, and a directory made by hand keeps the mode its owner gave it.
    if (created !== undefined) chmodSync(dataDir, 0o700)
  } catch (error) {
    throw new ConfigError([`The data directory ${dataDir} cannot be made (${codeOf(error)}).`])
  }
}

/** The 32 bytes that seal every stored secret; made once. Two processes that start together read the same ones. */
export function loadMasterKey(dataDir: string, random: Random): Uint8Array {
  const path = join(dataDir, MASTER_KEY_FILE)
  try {
    return readMasterKey(path) ?? createMasterKey(path, random)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError([`The master key ${path} cannot be read or made (${codeOf(error)}).`])
  }
}

function readMasterKey(path: string): Uint8Array | null {
  const text = readIfPresent(path)
  if (text === null) return null
  if (process.platform !== 'win32' && (statSync(path).mode & OTHERS) !== 0) {
    throw new ConfigError([`${path} can be read by others: run chmod 600 ${path}.`])
  }
  const key = Buffer.from(text.trim(), 'hex')
  if (key.length === MASTER_KEY_BYTES && key.toString('hex') === text.trim()) return key
  throw new ConfigError([`${path} is damaged: it must hold ${MASTER_KEY_BYTES * 2} hex digits.`])
}

/** Written aside and linked into place, so that nobody ever reads half a key and the first writer wins. */
function createMasterKey(path: string, random: Random): Uint8Array {
  const draft = `${path}.${Buffer.from(random.bytes(8)).toString('hex')}`
  const text = Buffer.from(random.bytes(MASTER_KEY_BYTES)).toString('hex')
  writeFileSync(draft, `${text}\n`, { mode: 0o600, flag: 'wx', flush: true })
  try {
    linkSync(draft, path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
  syncDirectory(dirname(path))
  const key = readMasterKey(path)
  if (key === null) throw new ConfigError([`${path} vanished while the server started.`])
  return key
}

/** A key that a power cut can take back would leave a catalog nobody can open. */
function syncDirectory(path: string): void {
  // Windows cannot open a directory for this; its file system journals the name by itself.
  if (process.platform === 'win32') return
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'unknown error'
}
