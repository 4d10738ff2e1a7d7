/**
 * The master key: made once, readable by its owner only. A key file that others may read is refused, because whoever
 * reads it can sign anything.
 */
import { linkSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Random } from '../platform/random.ts'
import { ConfigError } from '../config.ts'
import { codeOf, isReadableByOthers, syncDirectory } from './private-files.ts'

const MASTER_KEY_FILE = 'master.key'
const MASTER_KEY_BYTES = 32

/**
 * The 32 bytes from which every key that seals is derived; made once, in a directory whose state `requireWholeData` has seen. Two
 * processes that start together read the same ones.
 */
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
  if (isReadableByOthers(statSync(path))) {
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
  // A key that a power cut can take back would leave a catalog nobody can open.
  syncDirectory(dirname(path))
  const key = readMasterKey(path)
  if (key === null) throw new ConfigError([`${path} vanished while the server started.`])
  return key
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}
