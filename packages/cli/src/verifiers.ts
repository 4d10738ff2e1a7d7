/**
 * Verifies a request in whatever dialect it is signed, with the keys at hand.
 *
 * @module
 */
import type { RawRequest } from '@hallpass/signing'
import { verifyAkamai } from '@hallpass/signing/akamai'
import { verifyAzure } from '@hallpass/signing/azure'
import { verifyBunny } from '@hallpass/signing/bunny'
import { verifyCloudCdn, verifyCloudCdnCookie } from '@hallpass/signing/cloud-cdn'
import { verifyCloudflare } from '@hallpass/signing/cloudflare'
import { verifyCloudFront, verifyCloudFrontCookies } from '@hallpass/signing/cloudfront'
import type { Detection, DialectName } from '@hallpass/signing/detect'
import { verifyEdgio } from '@hallpass/signing/edgio'
import type { ExplainKey } from '@hallpass/signing/explain'
import { verifyGcs } from '@hallpass/signing/gcs'
import {
  verifyMediaCdn,
  verifyMediaCdnCookie,
  verifyMediaCdnToken,
} from '@hallpass/signing/media-cdn'
import { verifyNginx } from '@hallpass/signing/nginx'
import { verifyS3 } from '@hallpass/signing/s3'
import { verifySwift } from '@hallpass/signing/swift'
import { CliError } from './io.ts'
import { keysFor } from './keys/key-ring.ts'

export interface VerifyContext {
  readonly request: RawRequest
  readonly detection: Detection
  readonly keys: readonly ExplainKey[]
  readonly now: Date
  /** S3: the region that must have been signed; the URL's own unless given. */
  readonly region?: string | undefined
  /** Akamai: hashes and names the operator chose. */
  readonly tokenName?: string | undefined
  readonly algorithm?: 'sha256' | 'sha1' | 'md5' | undefined
  /** Bunny: take tokens of the older formats too. */
  readonly isLegacyAllowed?: boolean | undefined
  /** Cloudflare: what the rule says, and the link does not. */
  readonly ttlSeconds?: number | undefined
  readonly separator?: string | undefined
  readonly isUrlSafe?: boolean | undefined
}

type Verifier = (context: VerifyContext) => void

function secretsFor(context: VerifyContext, id: string | null): string[] {
  const { keys, detection } = context
  return keysFor(keys, detection.dialect, id).flatMap(({ secret }) => secret ?? [])
}

function publicKeysFor(context: VerifyContext, id: string | null): string[] {
  const { keys, detection } = context
  return keysFor(keys, detection.dialect, id).flatMap(({ publicKey }) => publicKey ?? [])
}

const verifyAsS3: Verifier = (context) => {
  const { request, now, detection } = context
  verifyS3(request, {
    now,
    region: context.region ?? regionOf(detection, request),
    lookup: (accessKeyId) => {
      const key = keysFor(context.keys, 's3', accessKeyId).find(
        ({ secret }) => secret !== undefined,
      )
      if (key?.secret === undefined) return null
      const { secret: secretAccessKey, sessionToken } = key
      return {
        accessKeyId,
        secretAccessKey,
        ...(sessionToken === undefined ? {} : { sessionToken }),
      }
    },
  })
}

/** The region the request itself names: a URL by itself is judged by its own word. */
function regionOf(detection: Detection, request: RawRequest): string {
  const text =
    detection.form === 'header' ? (headerValue(request, 'authorization') ?? '') : request.target
  return /\d{8}(?:\/|%2F)([a-z0-9-]{1,40})(?:\/|%2F)s3(?:\/|%2F)aws4_request/i.exec(text)?.[1] ?? ''
}

function headerValue(request: RawRequest, name: string): string | null {
  const index = request.headers.findIndex((text, at) => at % 2 === 0 && text.toLowerCase() === name)
  return index === -1 ? null : (request.headers[index + 1] ?? null)
}

const verifyAsGcs: Verifier = (context) => {
  verifyGcs(context.request, {
    now: context.now,
    lookup: (keyId) => {
      const [publicKey] = publicKeysFor(context, keyId)
      if (publicKey !== undefined) return { publicKey }
      const [secret] = secretsFor(context, keyId)
      return secret === undefined ? null : { secret }
    },
  })
}

const verifyAsAzure: Verifier = (context) => {
  const host = headerValue(context.request, 'host') ?? ''
  const isHostStyle = /^[a-z0-9]{3,24}\.(?:blob|dfs)\./.test(host)
  const account = isHostStyle
    ? host.slice(0, host.indexOf('.'))
    : (context.request.target.split('/')[1] ?? '')
  verifyAzure(context.request, {
    now: context.now,
    account,
    pathStyle: !isHostStyle,
    lookup: () => secretsFor(context, account),
  })
}

const verifyAsCloudFront: Verifier = (context) => {
  const verify = context.detection.form === 'cookie' ? verifyCloudFrontCookies : verifyCloudFront
  verify(context.request, {
    now: context.now,
    lookup: (keyPairId) => publicKeysFor(context, keyPairId)[0] ?? null,
  })
}

const verifyAsCloudCdn: Verifier = (context) => {
  const verify = context.detection.form === 'cookie' ? verifyCloudCdnCookie : verifyCloudCdn
  verify(context.request, {
    now: context.now,
    lookup: (keyName) => secretsFor(context, keyName)[0] ?? null,
  })
}

const verifyAsMediaCdn: Verifier = (context) => {
  const { request, now, detection } = context
  if (detection.scheme === 'token') {
    verifyMediaCdnToken(request, {
      now,
      keys: [
        ...publicKeysFor(context, null).map((publicKey) => ({
          algorithm: 'ed25519' as const,
          publicKey,
        })),
        ...secretsFor(context, null).flatMap((secret) => [
          { algorithm: 'sha256' as const, secret },
          { algorithm: 'sha1' as const, secret },
        ]),
      ],
    })
    return
  }
  const verify = detection.form === 'cookie' ? verifyMediaCdnCookie : verifyMediaCdn
  verify(request, { now, lookup: (keyName) => publicKeysFor(context, keyName) })
}

const verifyAsAkamai: Verifier = (context) => {
  const { request, now, tokenName, algorithm } = context
  verifyAkamai(request, {
    now,
    keys: secretsFor(context, null),
    ...(tokenName === undefined ? {} : { tokenName }),
    ...(algorithm === undefined ? {} : { algorithm }),
  })
}

const verifyAsBunny: Verifier = (context) => {
  const { request, now, isLegacyAllowed } = context
  verifyBunny(request, {
    now,
    keys: secretsFor(context, null),
    ...(isLegacyAllowed === true ? { legacyFormats: ['sha256', 'md5'] as const } : {}),
  })
}

const verifyAsNginx: Verifier = (context) => {
  const rules = keysFor(context.keys, 'nginx', null).flatMap(({ expression, secret }) =>
    expression === undefined
      ? []
      : [{ expression, ...(secret === undefined ? {} : { variables: { secret } }) }],
  )
  if (rules.length === 0) {
    throw new CliError(
      'nginx signs what its configuration says: give the secure_link_md5 directive as expression in a --keys file, { "dialect": "nginx", "expression": "$secure_link_expires$uri $secret", "secret": "…" }.',
    )
  }
  verifyNginx(context.request, { now: context.now, rules })
}

const verifyAsSwift: Verifier = (context) => {
  verifySwift(context.request, { now: context.now, lookup: () => secretsFor(context, null) })
}

const verifyAsEdgio: Verifier = (context) => {
  verifyEdgio(context.request, { now: context.now, keys: secretsFor(context, null) })
}

const verifyAsCloudflare: Verifier = (context) => {
  const { request, now, ttlSeconds, separator, isUrlSafe } = context
  if (ttlSeconds === undefined) {
    throw new CliError(
      "a link for Cloudflare does not say when it ends: give the rule's ttl, as in --ttl 5m.",
    )
  }
  verifyCloudflare(request, {
    now,
    ttlSeconds,
    keys: secretsFor(context, null),
    ...(separator === undefined ? {} : { separator }),
    ...(isUrlSafe === undefined ? {} : { isUrlSafe }),
  })
}

const VERIFIERS: Readonly<Record<DialectName, Verifier>> = {
  s3: verifyAsS3,
  gcs: verifyAsGcs,
  azure: verifyAsAzure,
  cloudfront: verifyAsCloudFront,
  'cloud-cdn': verifyAsCloudCdn,
  'media-cdn': verifyAsMediaCdn,
  akamai: verifyAsAkamai,
  bunny: verifyAsBunny,
  nginx: verifyAsNginx,
  swift: verifyAsSwift,
  edgio: verifyAsEdgio,
  cloudflare: verifyAsCloudflare,
}

/** Returns if the signature is right and the request is what it allows; throws a `SigningError` otherwise. */
export function verifyDetected(context: VerifyContext): void {
  VERIFIERS[context.detection.dialect](context)
}
