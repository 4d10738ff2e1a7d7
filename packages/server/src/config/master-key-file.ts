/**
 * The master keys in `master.key`: a line each, the newest first, with since when it seals. Made once, readable by its owner only, because
 * whoever reads it can sign anything; changed by putting another file in its place.
 */
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import type { Stats } from 'node:fs'
import { dirname, join } from 'node:path'
import { ConfigError } from '../config.ts'
import type { MasterKeys, MasterKeyset } from '../core/keys/master-keys.ts'
import { MASTER_KEY_BYTES } from '../core/keys/seal.ts'
import type { Clock } from '../platform/clock.ts'
import type { Random } from '../platform/random.ts'
import { parseHexKey } from './master-key-list.ts'
import { codeOf, isReadableByOthers, syncDirectory } from './private-files.ts'

export const MASTER_KEY_FILE = 'master.key'

export interface MasterKeyFileSources {
  readonly random: Random
  readonly clock: Clock
  /** No other process is over the data yet: whoever was changing the file was killed. */
  readonly isAlone?: boolean
}

/** Whoever changes the file takes a moment; what is older was left by a crash. */
const LEFT_OVER_AFTER_MS = 60_000

/** Two processes that start together read the same keys. Throws `ConfigError`. */
export function openMasterKeyFile(dataDir: string, sources: MasterKeyFileSources): MasterKeys {
  const path = join(dataDir, MASTER_KEY_FILE)
  const { random, clock, isAlone = false } = sources
  if (isAlone) rmSync(draftOf(path), { force: true })
  let read = orRefuse(path, () => readFile(path) ?? createFile(path, sources))

  function current(): MasterKeyset {
    const found = statSync(path, { throwIfNoEntry: false })
    // Whoever lost the file goes on with what it said.
    if (found === undefined || isSame(found, read.stats)) return read.keyset
    read = orRefuse(path, () => readFile(path)) ?? read
    return read.keyset
  }

  return {
    current,
    change: {
      rotate: () => {
        const fresh = random.bytes(MASTER_KEY_BYTES)
        const change = (next: () => MasterKeyset): boolean => replace(path, sources, next)
        // It opens before it seals: nobody seals with a key that a power cut can take back.
        return (
          change(() => withLast(current(), fresh)) &&
          change(() => withFirst(current(), fresh, clock.now()))
        )
      },
      dropPrevious: () =>
        replace(path, sources, () => {
          const { keys, since } = current()
          return { keys: [keys[0]], since }
        }),
    },
  }
}

function withLast(
  { keys: [newest, ...others], since }: MasterKeyset,
  key: Uint8Array,
): MasterKeyset {
  return { keys: [newest, ...others, key], since }
}

function withFirst({ keys }: MasterKeyset, key: Uint8Array, since: number): MasterKeyset {
  return { keys: [key, ...keys.filter((other) => !Buffer.from(other).equals(key))], since }
}

interface ReadFile {
  readonly keyset: MasterKeyset
  readonly stats: Stats
}

function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.mtimeMs === b.mtimeMs && a.size === b.size
}

function orRefuse<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError([`The master key ${path} cannot be read or made (${codeOf(error)}).`])
  }
}

function readFile(path: string): ReadFile | null {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return null
  if (isReadableByOthers(stats)) {
    throw new ConfigError([`${path} can be read by others: run chmod 600 ${path}.`])
  }
  const keyset = parseFile(readFileSync(path, 'utf8'), stats.mtimeMs)
  if (keyset !== null) return { keyset, stats }
  const digits = MASTER_KEY_BYTES * 2
  throw new ConfigError([
    `${path} is damaged: each line must hold ${digits} hex digits and a time.`,
  ])
}

/** Of a file of version 0.1, which says no time, its own. */
function parseFile(text: string, writtenAt: number): MasterKeyset | null {
  const lines = text.trim().split('\n')
  const [newest, ...others] = lines.map((line) => parseHexKey(line.split(' ', 1)[0] ?? ''))
  if (newest === undefined || newest === null) return null
  const keys: Uint8Array[] = []
  for (const key of others) {
    if (key === null) return null
    keys.push(key)
  }
  const [, time] = lines[0]?.split(' ') ?? []
  const since = time === undefined ? Math.round(writtenAt) : Date.parse(time)
  return Number.isNaN(since) ? null : { keys: [newest, ...keys], since }
}

function formatFile({ keys: [newest, ...others], since }: MasterKeyset): string {
  const time = since === null ? '' : ` ${new Date(since).toISOString()}`
  const hexOf = (key: Uint8Array): string => Buffer.from(key).toString('hex')
  return [`${hexOf(newest)}${time}`, ...others.map(hexOf), ''].join('\n')
}

/** Written aside and linked into place, so that nobody ever reads half a key and the first writer wins. */
function createFile(path: string, { random, clock }: MasterKeyFileSources): ReadFile {
  const draft = `${path}.${Buffer.from(random.bytes(8)).toString('hex')}`
  const text = formatFile({ keys: [random.bytes(MASTER_KEY_BYTES)], since: clock.now() })
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true })
  try {
    linkSync(draft, path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
  // A key that a power cut can take back would leave a catalog nobody can open.
  syncDirectory(dirname(path))
  const read = readFile(path)
  if (read === null) throw new ConfigError([`${path} vanished while the server started.`])
  return read
}

function draftOf(path: string): string {
  return `${path}.next`
}

/** Whoever makes the draft is the only one who changes the file. False if somebody else has made it. */
function replace(
  path: string,
  { clock }: Pick<MasterKeyFileSources, 'clock'>,
  next: () => MasterKeyset,
): boolean {
  const draft = draftOf(path)
  if (!takeDraft(draft, clock)) return false
  try {
    writeFileSync(draft, formatFile(next()), { mode: 0o600, flush: true })
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
  syncDirectory(dirname(path))
  return true
}

function takeDraft(draft: string, clock: Clock): boolean {
  const left = statSync(draft, { throwIfNoEntry: false })
  if (left !== undefined && clock.now() - left.mtimeMs > LEFT_OVER_AFTER_MS) rmSync(draft)
  try {
    closeSync(openSync(draft, 'wx', 0o600))
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}
