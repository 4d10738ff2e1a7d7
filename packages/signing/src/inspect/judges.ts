/**
 * What says of a request whether it is signed right, and why it fails, for each dialect that is computed here. Apart from the
 * dialects themselves: who only detects needs none of it.
 *
 * @module
 */
import { explainAkamai } from './dialects/akamai/explain.ts'
import { verifyAsAkamai } from './dialects/akamai/verify.ts'
import { explainAzure } from './dialects/azure/explain.ts'
import { verifyAsAzure } from './dialects/azure/verify.ts'
import { explainBunny } from './dialects/bunny/explain.ts'
import { verifyAsBunny } from './dialects/bunny/verify.ts'
import { explainCloudCdn } from './dialects/cloud-cdn/explain.ts'
import { verifyAsCloudCdn } from './dialects/cloud-cdn/verify.ts'
import { explainCloudflare } from './dialects/cloudflare/explain.ts'
import { verifyAsCloudflare } from './dialects/cloudflare/verify.ts'
import { explainCloudFront } from './dialects/cloudfront/explain.ts'
import { verifyAsCloudFront } from './dialects/cloudfront/verify.ts'
import { explainEdgio } from './dialects/edgio/explain.ts'
import { verifyAsEdgio } from './dialects/edgio/verify.ts'
import { explainGcs } from './dialects/gcs/explain.ts'
import { verifyAsGcs } from './dialects/gcs/verify.ts'
import { explainMediaCdn } from './dialects/media-cdn/explain.ts'
import { verifyAsMediaCdn } from './dialects/media-cdn/verify.ts'
import { explainNginx } from './dialects/nginx/explain.ts'
import { verifyAsNginx } from './dialects/nginx/verify.ts'
import { explainS3 } from './dialects/s3/explain.ts'
import { verifyAsS3 } from './dialects/s3/verify.ts'
import { explainSwift } from './dialects/swift/explain.ts'
import { verifyAsSwift } from './dialects/swift/verify.ts'
import type { DialectName, OwnName, VerifiedName } from './dialects.ts'
import type { Dialect, Explainer } from './facts/dialect-facts.ts'
import { checkCos } from './schemes/checks/check-cos.ts'
import { checkHttpSignature } from './schemes/checks/check-http-signature.ts'
import { checkImgix } from './schemes/checks/check-imgix.ts'
import { checkLaravel } from './schemes/checks/check-laravel.ts'
import { checkOss } from './schemes/checks/check-oss.ts'
import { createSchemeExplainer } from './schemes/scheme-explainer.ts'
import type { Verifier } from './verify/verify-context.ts'
import {
  verifyAsCos,
  verifyAsHttp,
  verifyAsImgix,
  verifyAsLaravel,
  verifyAsOss,
} from './verify/verify-schemes.ts'

interface Judge {
  readonly explain: Explainer
  readonly verify: Verifier
  /** Its requests do not say which key signed: keys for other schemes say nothing of them. */
  readonly isNameless?: boolean
}

const OWN: Readonly<Record<OwnName, Judge>> = {
  s3: { explain: explainS3, verify: verifyAsS3 },
  gcs: { explain: explainGcs, verify: verifyAsGcs },
  azure: { explain: explainAzure, verify: verifyAsAzure },
  cloudfront: { explain: explainCloudFront, verify: verifyAsCloudFront },
  'media-cdn': { explain: explainMediaCdn, verify: verifyAsMediaCdn },
  'cloud-cdn': { explain: explainCloudCdn, verify: verifyAsCloudCdn },
  swift: { explain: explainSwift, verify: verifyAsSwift, isNameless: true },
  akamai: { explain: explainAkamai, verify: verifyAsAkamai, isNameless: true },
  bunny: { explain: explainBunny, verify: verifyAsBunny, isNameless: true },
  nginx: { explain: explainNginx, verify: verifyAsNginx },
  edgio: { explain: explainEdgio, verify: verifyAsEdgio, isNameless: true },
  cloudflare: { explain: explainCloudflare, verify: verifyAsCloudflare, isNameless: true },
}

/** Of schemes that a descriptor tells: why they fail is how their signatures came about. */
const CHECKED: Readonly<Record<Exclude<VerifiedName, OwnName>, Judge>> = {
  laravel: { explain: checkLaravel, verify: verifyAsLaravel, isNameless: true },
  oss: { explain: checkOss, verify: verifyAsOss },
  cos: { explain: checkCos, verify: verifyAsCos },
  imgix: { explain: checkImgix, verify: verifyAsImgix, isNameless: true },
  'http-signatures': { explain: checkHttpSignature, verify: verifyAsHttp },
}

export const JUDGES: Readonly<Record<VerifiedName, Judge>> = { ...OWN, ...CHECKED }

/** Whether signatures of this dialect are computed here; the others are only recognised. */
export function isVerifiable(dialect: DialectName): dialect is VerifiedName {
  return Object.hasOwn(JUDGES, dialect)
}

/** The explainer of a dialect. */
export function explainerOf({ name, parameters }: Dialect<DialectName>): Explainer {
  const judged = isVerifiable(name) ? JUDGES[name].explain : undefined
  if (judged !== undefined && Object.hasOwn(OWN, name)) return judged
  return createSchemeExplainer(parameters, judged)
}
