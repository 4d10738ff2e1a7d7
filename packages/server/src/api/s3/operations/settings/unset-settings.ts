/** What S3 answers about settings of a bucket that nobody has made, where they cannot be made here. */
import { findBucket } from '../../../../core/buckets/buckets.ts'
import { emptyAnswer } from '../../answers/answers.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'
import type { AbsentSetting } from '../../errors/s3-refusal.ts'
import type { S3Operation } from '../../face.ts'

/** It is not there. */
export function sayUnset(setting: AbsentSetting): S3Operation<'list'> {
  return async ({ core }, { permit }) => {
    const { name } = await findBucket(core, permit)
    throw s3Refusal('setting-not-found', { setting, bucket: name })
  }
}

/** Removing what is not there succeeds. */
export const removeUnset: S3Operation<'admin'> = async ({ core }, { permit }) => {
  await findBucket(core, permit)
  return emptyAnswer(204)
}
