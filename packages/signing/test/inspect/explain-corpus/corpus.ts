/**
 * The corpus: every fault, made as often as it says, from one seed. Deterministic in everything `explain` reads.
 */
import type { CorpusCase, Fault } from './case.ts'
import {
  AZURE_FAULTS,
  CDN_FAULTS,
  CLOUDFRONT_FAULTS,
  GCS_FAULTS,
  RARE_FAULTS,
} from './other-faults.ts'
import { CLOUDFLARE_FAULTS } from './cloudflare-faults.ts'
import { ANSWER_FAULTS, KEY_FAULTS, LAYOUT_FAULTS, SCHEME_FAULTS } from './hand-made-faults.ts'
import { createRandom } from './random.ts'
import {
  S3_ANSWER_FAULTS,
  S3_PARAMETER_FAULTS,
  S3_REQUEST_FAULTS,
  S3_SESSION_FAULTS,
  S3_TIME_FAULTS,
  S3_UNKNOWN_FAULTS,
} from './s3-faults.ts'
import {
  S3_FORM_FAULTS,
  S3_HEADER_FAULTS,
  S3_PATH_FAULTS,
  S3_SECRET_FAULTS,
} from './s3-signing-faults.ts'
import { TEXT_FAULTS } from './text-faults.ts'

export const FAULTS: readonly Fault[] = [
  ...S3_TIME_FAULTS,
  ...S3_PARAMETER_FAULTS,
  ...S3_REQUEST_FAULTS,
  ...S3_ANSWER_FAULTS,
  ...S3_PATH_FAULTS,
  ...S3_SECRET_FAULTS,
  ...S3_HEADER_FAULTS,
  ...S3_FORM_FAULTS,
  ...TEXT_FAULTS,
  ...GCS_FAULTS,
  ...AZURE_FAULTS,
  ...CLOUDFRONT_FAULTS,
  ...CDN_FAULTS,
  ...S3_SESSION_FAULTS,
  ...S3_UNKNOWN_FAULTS,
  ...RARE_FAULTS,
  ...CLOUDFLARE_FAULTS,
  ...LAYOUT_FAULTS,
  ...KEY_FAULTS,
  ...ANSWER_FAULTS,
  ...SCHEME_FAULTS,
]

/** All cases, in a fixed order; `most` limits how many of each fault. */
export async function createCorpus(seed: number, most: number = Infinity): Promise<CorpusCase[]> {
  const cases: CorpusCase[] = []
  for (const [number, fault] of FAULTS.entries()) {
    const random = createRandom(seed + number * 7919)
    for (let index = 0; index < Math.min(fault.count, most); index += 1) {
      const input = await fault.make(random, index)
      cases.push({ id: `${number + 1}.${index + 1}`, fault, input })
    }
  }
  return cases
}
