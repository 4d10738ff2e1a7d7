/**
 * Room in folders with a quota. What an upload will take is set aside before its first byte, so that of many at once none is sent
 * in vain; the transaction that makes the file exist has the last word, over every process.
 */
import type { FileRecord, FolderUsage, Quota } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import type { Permit } from '../policy/permit.ts'

export interface Room {
  /** Bytes that are left for it; infinite where nobody limits them. */
  readonly maxBytes: number
  /** That so many bytes have come of it. Throws `quota-exceeded` where what others send has taken the room meanwhile. */
  take(size: number): void
  /** To be called once the upload has ended, however it did. */
  release(): void
}

/** What uploads of this process have set aside, by folder. */
export interface Reservations {
  /** `size` is `null` if nobody announced one: then room is set aside as it comes. Throws `quota-exceeded`. */
  reserve(core: CoreContext, permit: Permit<'write'>, size: number | null): Promise<Room>
}

const BOUNDLESS: Room = {
  maxBytes: Number.POSITIVE_INFINITY,
  take: () => undefined,
  release: () => undefined,
}
const NOTHING: FolderUsage = { bytes: 0, files: 0 }

export function createReservations(): Reservations {
  const reserved = new Map<string, FolderUsage>()

  function change(path: string, { bytes, files }: FolderUsage, sign: 1 | -1): void {
    const held = reserved.get(path) ?? NOTHING
    const next = { bytes: held.bytes + sign * bytes, files: held.files + sign * files }
    if (next.bytes === 0 && next.files === 0) reserved.delete(path)
    else reserved.set(path, next)
  }

  return {
    async reserve(core, permit, size) {
      const { quotas } = permit.folder
      if (quotas.length === 0) return BOUNDLESS
      const current = await core.files.find(permit.path)
      const used: FolderUsage[] = []
      for (const { path } of quotas) used.push((await core.catalog.folders.usage(path)) ?? NOTHING)
      // From here on nobody else comes in between.
      let taken = takenBy(size, current)
      let maxBytes = Number.POSITIVE_INFINITY
      for (const [index, quota] of quotas.entries()) {
        const held = sum(used[index] ?? NOTHING, reserved.get(quota.path) ?? NOTHING)
        const left = roomIn(quota, held, current)
        if (left.bytes < Math.max(0, size ?? 0) || left.files < taken.files) {
          throw quotaExceeded([quota])
        }
        maxBytes = Math.min(maxBytes, left.bytes)
      }
      for (const { path } of quotas) change(path, taken, 1)
      return {
        maxBytes,
        take: (come) => {
          const bytes = takenBy(come, current).bytes - taken.bytes
          if (size !== null || bytes <= 0) return
          for (const [index, quota] of quotas.entries()) {
            const held = sum(used[index] ?? NOTHING, reserved.get(quota.path) ?? NOTHING)
            if (held.bytes + bytes > (quota.maxBytes ?? Number.POSITIVE_INFINITY)) {
              throw quotaExceeded([quota])
            }
          }
          const more = { bytes, files: 0 }
          for (const { path } of quotas) change(path, more, 1)
          taken = sum(taken, more)
        },
        release: () => {
          for (const { path } of quotas) change(path, taken, -1)
        },
      }
    },
  }
}

/** Names the nearest folder that limits what lies there. */
export function quotaExceeded([quota]: readonly Quota[]): DomainError<'quota-exceeded'> {
  const { path: where = '', maxBytes = null, maxFiles = null } = quota ?? {}
  return refusal('quota-exceeded', { where, maxBytes, maxFiles })
}

/** What it takes beyond what it replaces. */
function takenBy(size: number | null, current: FileRecord | null): FolderUsage {
  const bytes = Math.max(0, (size ?? 0) - (current?.size ?? 0))
  return { bytes, files: current === null ? 1 : 0 }
}

function roomIn(
  { maxBytes, maxFiles }: Quota,
  { bytes, files }: FolderUsage,
  current: FileRecord | null,
): FolderUsage {
  // What is replaced gives its room; where versions are kept it does not, which the transaction knows.
  const given = current?.size ?? 0
  return {
    bytes: Math.max((maxBytes ?? Number.POSITIVE_INFINITY) - bytes + given, given),
    files: (maxFiles ?? Number.POSITIVE_INFINITY) - files,
  }
}

function sum(a: FolderUsage, b: FolderUsage): FolderUsage {
  return { bytes: a.bytes + b.bytes, files: a.files + b.files }
}
