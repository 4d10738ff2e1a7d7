/**
 * The one table of what `explain` knows about each dialect by name.
 *
 * @module
 */
import type { DialectName, Explainer } from './facts/dialect-facts.ts'
import { explainAkamai } from './dialects/akamai/explain.ts'
import { explainAzure } from './dialects/azure/explain.ts'
import { explainBunny } from './dialects/bunny/explain.ts'
import { explainCloudCdn } from './dialects/cloud-cdn/explain.ts'
import { explainCloudflare } from './dialects/cloudflare/explain.ts'
import { explainCloudFront } from './dialects/cloudfront/explain.ts'
import { explainEdgio } from './dialects/edgio/explain.ts'
import { explainGcs } from './dialects/gcs/explain.ts'
import { explainMediaCdn } from './dialects/media-cdn/explain.ts'
import { explainNginx } from './dialects/nginx/explain.ts'
import { explainS3 } from './dialects/s3/explain.ts'
import { explainSwift } from './dialects/swift/explain.ts'

/** What is the same for all requests of a dialect. */
export interface DialectTraits {
  readonly explain: Explainer
  /** The signature covers every query parameter: one that was appended breaks it. */
  readonly signsQuery: boolean
}

export const EXPLAINERS: Readonly<Record<DialectName, DialectTraits>> = {
  s3: { explain: explainS3, signsQuery: true },
  gcs: { explain: explainGcs, signsQuery: true },
  azure: { explain: explainAzure, signsQuery: false },
  cloudfront: { explain: explainCloudFront, signsQuery: true },
  'cloud-cdn': { explain: explainCloudCdn, signsQuery: true },
  'media-cdn': { explain: explainMediaCdn, signsQuery: true },
  akamai: { explain: explainAkamai, signsQuery: false },
  bunny: { explain: explainBunny, signsQuery: true },
  nginx: { explain: explainNginx, signsQuery: false },
  swift: { explain: explainSwift, signsQuery: false },
  edgio: { explain: explainEdgio, signsQuery: false },
  // Only what follows the MAC breaks it, which the explainer itself looks at.
  cloudflare: { explain: explainCloudflare, signsQuery: false },
}
