/** Tries out with an object of its own what settings do not say: whether conditions are kept to, and what strangers may do. */
import type { Random } from '../../../platform/random.ts'
import { createId } from '../../../platform/ids.ts'
import { StoreError } from '../../../platform/store-errors.ts'
import type { BucketFinding } from '../../bucket-look.ts'
import type { S3Calls } from '../s3-calls.ts'
import type { StoreAnswer } from '../../send/store-answer.ts'
import { refusalOf } from './ask-setting.ts'
import { Unseen, lookFor } from './findings.ts'
import type { Seen } from './findings.ts'
import { askUnsigned, isRefused } from './look-at-openness.ts'

interface Probe {
  readonly calls: S3Calls
  readonly key: string
  /** What was written, so that versions of it can be taken away too. */
  readonly versions: Set<string>
}

export async function probeBucket(calls: S3Calls, random: Random): Promise<BucketFinding[]> {
  const probe = { calls, key: createId(random, 'hallpass-doctor-'), versions: new Set<string>() }
  try {
    return [
      await lookFor('conditional-writes', () => seeConditions(probe)),
      await lookFor('unsigned-read-of-new', () => seeUnsignedRead(probe)),
      await lookFor('unsigned-write', () => seeUnsignedWrite(probe)),
    ]
  } finally {
    await clearAway(probe)
  }
}

async function put(probe: Probe, headers: Readonly<Record<string, string>>): Promise<StoreAnswer> {
  const { calls, key, versions } = probe
  const body = { kind: 'bytes', bytes: Buffer.from('hallpass doctor') } as const
  const call = { operation: 'PutObject', method: 'PUT', key, headers, body, wantsText: true }
  const answer = await calls.ask(call)
  const version = answer.header('x-amz-version-id')
  if (answer.status === 200 && version !== null) versions.add(version)
  return answer
}

async function seeConditions(probe: Probe): Promise<Seen> {
  const first = await put(probe, {})
  if (first.status !== 200) throw new Unseen(refusalOf('PutObject', first))
  const absent = await put(probe, { 'if-none-match': '*' })
  const other = await put(probe, { 'if-match': '"00000000000000000000000000000000"' })
  const ignored = [
    ...(absent.status === 200 ? ['If-None-Match'] : []),
    ...(other.status === 200 ? ['If-Match'] : []),
  ]
  if (ignored.length > 0) {
    return {
      status: 'failed',
      found: `The store ignores ${ignored.join(' and ')}.`,
      means:
        'Of two who write one name of a mounted bucket at once, both are told that they did not replace anything. HALLPASS_BLOBS writes no name twice and is not touched by it.',
      remedy: 'Mount it read-only, or use a release of the store that compares.',
    }
  }
  for (const [header, answer] of [
    ['If-None-Match', absent],
    ['If-Match', other],
  ] as const) {
    const isKept = answer.status === 412 || answer.status === 409
    if (!isKept) throw new Unseen(`With ${header}: ${refusalOf('PutObject', answer)}`)
  }
  return {
    status: 'passed',
    found: 'Writes under If-None-Match and If-Match are refused where those do not hold.',
    means: 'Nobody replaces what he has not seen.',
  }
}

async function seeUnsignedRead({ calls, key }: Probe): Promise<Seen> {
  const answer = await askUnsigned(calls, { operation: 'GetObject', method: 'GET', key })
  if (isRefused(answer)) {
    const found = 'An object that was just written is refused without a signature.'
    return { status: 'passed', found, means: 'New files are private in the store.' }
  }
  return {
    status: 'failed',
    found: 'Everybody can read an object that was just written.',
    means: 'Whoever guesses or learns a name has the file, past every link and policy of Hallpass.',
    remedy: 'Block public access, and look at the policy of the bucket.',
  }
}

async function seeUnsignedWrite({ calls, key, versions }: Probe): Promise<Seen> {
  const answer = await askUnsigned(calls, { operation: 'PutObject', method: 'PUT', key })
  const version = answer.header('x-amz-version-id')
  if (!isRefused(answer) && version !== null) versions.add(version)
  if (isRefused(answer)) {
    const found = 'A write without a signature is refused.'
    return { status: 'passed', found, means: 'Strangers put nothing there.' }
  }
  return {
    status: 'failed',
    found: 'Everybody can write to the bucket.',
    means: 'Strangers replace files, and store what they like at your cost.',
    remedy: 'Take s3:PutObject away from everybody, and block public access.',
  }
}

/** Every version of the object that is known; where none is kept, the object. What fails here is found by whoever lists. */
async function clearAway({ calls, key, versions }: Probe): Promise<void> {
  const call = { operation: 'DeleteObject', method: 'DELETE', key, wantsText: true } as const
  try {
    for (const versionId of versions) await calls.ask({ ...call, query: { versionId } })
    if (versions.size === 0) await calls.ask(call)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
  }
}
