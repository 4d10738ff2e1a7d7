/** Looks at a bucket of S3, or of what speaks its protocol, and says of each thing what was seen and what to change. */
import type { BucketFinding, BucketLook, LookOptions } from '../../bucket-look.ts'
import { dropBody } from '../../send/store-answer.ts'
import { createS3Calls } from '../s3-calls.ts'
import type { S3Calls, S3StoreOptions } from '../s3-calls.ts'
import { lookAtKeeping } from './look-at-keeping.ts'
import { lookAtOpenness } from './look-at-openness.ts'
import { lookAtWay } from './look-at-way.ts'
import type { Arrival } from './look-at-way.ts'
import { probeBucket } from './probe-bucket.ts'

/** Throws `StoreUnavailable` if nobody answers. */
export async function lookAtBucket(
  options: S3StoreOptions,
  { probes, signal }: LookOptions,
): Promise<BucketLook> {
  const calls = createS3Calls(options)
  try {
    const arrival = await arrive(calls, options, signal)
    const findings: BucketFinding[] = await lookAtWay(calls, arrival)
    findings.push(...(await lookAtOpenness(calls)), ...(await lookAtKeeping(calls)))
    if (probes && arrival.head.status === 200) {
      findings.push(...(await probeBucket(calls, options.random)))
    }
    return { name: calls.name, findings }
  } finally {
    await calls.close()
  }
}

/** What everybody may do, without writing anything: for a bucket that is in use. */
export async function lookAtOpennessOf(options: S3StoreOptions): Promise<BucketFinding[]> {
  const calls = createS3Calls(options)
  try {
    return await lookAtOpenness(calls)
  } finally {
    await calls.close()
  }
}

async function arrive(
  calls: S3Calls,
  { clock }: S3StoreOptions,
  signal: AbortSignal,
): Promise<Arrival> {
  const before = clock.now()
  const head = await calls.ask({ operation: 'HeadBucket', method: 'HEAD', key: null, signal })
  dropBody(head.body)
  return { head, atMs: (before + clock.now()) / 2 }
}
