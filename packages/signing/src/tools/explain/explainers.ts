/**
 * The one table from a dialect's name to what explains it.
 *
 * @module
 */
import type { DialectName, Explainer } from '../../lib/dialect-facts.ts'
import { explainAkamai } from '../../dialects/akamai/explain.ts'
import { explainAzure } from '../../dialects/azure/explain.ts'
import { explainBunny } from '../../dialects/bunny/explain.ts'
import { explainCloudCdn } from '../../dialects/cloud-cdn/explain.ts'
import { explainCloudFront } from '../../dialects/cloudfront/explain.ts'
import { explainEdgio } from '../../dialects/edgio/explain.ts'
import { explainGcs } from '../../dialects/gcs/explain.ts'
import { explainMediaCdn } from '../../dialects/media-cdn/explain.ts'
import { explainNginx } from '../../dialects/nginx/explain.ts'
import { explainS3 } from '../../dialects/s3/explain.ts'
import { explainSwift } from '../../dialects/swift/explain.ts'

export const EXPLAINERS: Readonly<Record<DialectName, Explainer>> = {
  s3: explainS3,
  gcs: explainGcs,
  azure: explainAzure,
  cloudfront: explainCloudFront,
  'cloud-cdn': explainCloudCdn,
  'media-cdn': explainMediaCdn,
  akamai: explainAkamai,
  bunny: explainBunny,
  nginx: explainNginx,
  swift: explainSwift,
  edgio: explainEdgio,
}
