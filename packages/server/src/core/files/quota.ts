/**
 * Room in folders and for keys with a quota. What an upload will take is set aside before its first byte, so that of many at once none is
 * sent in vain; the transaction that makes the file or the part exist has the last word, over every process.
 */
import type { FileRecord, KeyQuota, Quota, Usage } from '../../catalog/records.ts'
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

/** What is about to come. */
export interface Incoming {
  /** `null` if nobody announced one. */
  readonly size: number | null
  /** A part is no file yet. */
  readonly isPart: boolean
  /** What it takes the place of. */
  readonly findReplaced: () => Promise<Pick<FileRecord, 'size' | 'quotaKey'> | null>
}

/** What uploads of this process have set aside, by folder and key. */
export interface Reservations {
  /** Of one that announces no size, room is set aside as it comes. Throws `quota-exceeded`. */
  reserve(core: CoreContext, permit: Permit<'write'>, incoming: Incoming): Promise<Room>
}

const BOUNDLESS: Room = {
  maxBytes: Number.POSITIVE_INFINITY,
  take: () => undefined,
  release: () => undefined,
}
const NOTHING: Usage = { bytes: 0, files: 0 }

/** Of one quota: what is there, what gives its room back, and what is taken besides. */
interface Claim {
  readonly quota: Quota
  readonly used: Usage
  readonly given: number
  readonly taken: Usage
}

export function createReservations(): Reservations {
  const reserved = new Map<string, Usage>()

  function change({ quota, taken: { bytes, files } }: Claim, sign: 1 | -1): void {
    const name = nameOf(quota)
    const held = reserved.get(name) ?? NOTHING
    const next = { bytes: held.bytes + sign * bytes, files: held.files + sign * files }
    if (next.bytes === 0 && next.files === 0) reserved.delete(name)
    else reserved.set(name, next)
  }

  const heldFor = ({ quota }: Claim): Usage => reserved.get(nameOf(quota)) ?? NOTHING

  return {
    async reserve(core, { quotas }, incoming) {
      if (quotas.length === 0) return BOUNDLESS
      const replaced = await incoming.findReplaced()
      const claims: Claim[] = []
      for (const quota of quotas) {
        const used = await usageOf(core, quota)
        claims.push({ quota, used, ...claimOf(quota, incoming, replaced) })
      }
      // From here on nobody else comes in between.
      let maxBytes = Number.POSITIVE_INFINITY
      for (const claim of claims) {
        const { quota, taken } = claim
        const left = roomIn(claim, heldFor(claim))
        if (left.bytes < Math.max(0, incoming.size ?? 0) || left.files < taken.files) {
          throw quotaExceeded([quota])
        }
        maxBytes = Math.min(maxBytes, left.bytes)
      }
      for (const claim of claims) change(claim, 1)
      let standing: readonly Claim[] = claims
      return {
        maxBytes,
        take: (come) => {
          if (incoming.size !== null) return
          for (const claim of standing) requireMore(claim, come, heldFor(claim))
          standing = standing.map((claim) => {
            const more = Math.max(0, moreOf(claim, come))
            change({ ...claim, taken: { bytes: more, files: 0 } }, 1)
            return { ...claim, taken: sum(claim.taken, { bytes: more, files: 0 }) }
          })
        },
        release: () => {
          for (const claim of standing) change(claim, -1)
        },
      }
    },
  }
}

/** The quota of a key, which what is stored counts for. */
export function keyQuotaOf({ quotas }: Permit): KeyQuota | null {
  return quotas.find((quota) => 'keyId' in quota) ?? null
}

/** Names the nearest folder that limits what lies there; of a key no more than that it is one, because bearers of its links are told too. */
export function quotaExceeded([quota]: readonly Quota[]): DomainError<'quota-exceeded'> {
  const { maxBytes = null, maxFiles = null } = quota ?? {}
  const where = quota === undefined ? '' : 'keyId' in quota ? OF_THE_KEY : quota.path
  return refusal('quota-exceeded', { where, maxBytes, maxFiles })
}

const OF_THE_KEY = 'The key that it counts for'

function nameOf(quota: Quota): string {
  return 'keyId' in quota ? `key ${quota.keyId}` : quota.path
}

/** What lies there of what the quota bounds. */
export async function usageOf({ catalog }: CoreContext, quota: Quota): Promise<Usage> {
  const usage =
    'keyId' in quota
      ? await catalog.keys.usage(quota.keyId)
      : await catalog.folders.usage(quota.path)
  return usage ?? NOTHING
}

/** What is replaced gives its room; where versions are kept it does not, which the transaction knows. */
function claimOf(
  quota: Quota,
  { size, isPart }: Incoming,
  replaced: Pick<FileRecord, 'size' | 'quotaKey'> | null,
): Pick<Claim, 'given' | 'taken'> {
  const own =
    replaced !== null && (!('keyId' in quota) || quota.keyId === replaced.quotaKey)
      ? replaced
      : null
  const given = own?.size ?? 0
  const bytes = Math.max(0, (size ?? 0) - given)
  return { given, taken: { bytes, files: isPart || own !== null ? 0 : 1 } }
}

function roomIn({ quota, used, given }: Claim, held: Usage): Usage {
  const { maxBytes, maxFiles } = quota
  const bytes = (maxBytes ?? Number.POSITIVE_INFINITY) - used.bytes - held.bytes
  const files = (maxFiles ?? Number.POSITIVE_INFINITY) - used.files - held.files
  return { bytes: Math.max(bytes + given, given), files }
}

/** Bytes that it takes beyond what it has taken, once so many have come; none if it is negative. */
function moreOf({ given, taken }: Claim, come: number): number {
  return Math.max(0, come - given) - taken.bytes
}

/** `held` has what it has taken itself. */
function requireMore(claim: Claim, come: number, held: Usage): void {
  const more = moreOf(claim, come)
  const { quota, used } = claim
  if (more <= 0 || used.bytes + held.bytes + more <= (quota.maxBytes ?? Number.POSITIVE_INFINITY)) {
    return
  }
  throw quotaExceeded([quota])
}

function sum(one: Usage, other: Usage): Usage {
  return { bytes: one.bytes + other.bytes, files: one.files + other.files }
}
