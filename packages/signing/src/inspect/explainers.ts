/**
 * What says why a request of each dialect fails. Apart from the dialects themselves: who only detects needs none of it.
 *
 * @module
 */
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
import type { DialectName, OwnName } from './dialects.ts'
import type { Dialect, Explainer } from './facts/dialect-facts.ts'
import { checkCos } from './schemes/checks/check-cos.ts'
import { checkHttpSignature } from './schemes/checks/check-http-signature.ts'
import { checkImgix } from './schemes/checks/check-imgix.ts'
import { checkLaravel } from './schemes/checks/check-laravel.ts'
import { checkOss } from './schemes/checks/check-oss.ts'
import { createSchemeExplainer } from './schemes/scheme-explainer.ts'
import type { SchemeName } from './schemes/schemes.ts'

const EXPLAINERS: Readonly<Record<OwnName, Explainer>> = {
  s3: explainS3,
  gcs: explainGcs,
  azure: explainAzure,
  cloudfront: explainCloudFront,
  'media-cdn': explainMediaCdn,
  'cloud-cdn': explainCloudCdn,
  swift: explainSwift,
  akamai: explainAkamai,
  bunny: explainBunny,
  nginx: explainNginx,
  edgio: explainEdgio,
  cloudflare: explainCloudflare,
}

/** How the signatures of further schemes came about. */
const CHECKS: Partial<Readonly<Record<SchemeName, Explainer>>> = {
  laravel: checkLaravel,
  oss: checkOss,
  cos: checkCos,
  imgix: checkImgix,
  'http-signatures': checkHttpSignature,
}

/** The explainer of a dialect. */
export function explainerOf({ name, parameters }: Dialect<DialectName>): Explainer {
  return isOwn(name) ? EXPLAINERS[name] : createSchemeExplainer(parameters, CHECKS[name])
}

function isOwn(name: DialectName): name is OwnName {
  return Object.hasOwn(EXPLAINERS, name)
}
