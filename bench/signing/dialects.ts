/** Every dialect that is measured. */
import { prepareCdn } from './cdn.ts'
import { prepareAzure } from './azure.ts'
import { prepareCloudFront } from './cloudfront.ts'
import type { DialectBench } from './dialect.ts'
import { prepareGcs } from './gcs.ts'
import { prepareHmac } from './hmac.ts'
import { prepareS3 } from './s3.ts'

export const DIALECT_BENCHES: readonly (() => Promise<DialectBench>)[] = [
  prepareS3,
  prepareGcs,
  prepareAzure,
  prepareCloudFront,
  prepareCdn,
  prepareHmac,
]
