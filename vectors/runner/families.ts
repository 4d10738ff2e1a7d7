/** Every family of vectors, in the order in which they are asked for a file. */
import { aws } from './aws.ts'
import { azureFamily } from './azure.ts'
import { cdn } from './cdn.ts'
import { cloudFront } from './cloudfront.ts'
import type { VectorFamily } from './family.ts'
import { further } from './further.ts'
import { gcsFamily } from './gcs.ts'

export const FAMILIES: readonly VectorFamily[] = [
  further,
  aws,
  cdn,
  azureFamily,
  cloudFront,
  gcsFamily,
]
