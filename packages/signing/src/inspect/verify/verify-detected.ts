/**
 * Verifies a request in whatever dialect it is signed, with the keys at hand.
 *
 * @module
 */
import { verifyAkamai } from '../../dialects/akamai/verify.ts'
import { verifyAzure } from '../../dialects/azure/verify.ts'
import type { AzureKeyId } from '../../dialects/azure/verify.ts'
import { verifyBunny } from '../../dialects/bunny/verify.ts'
import { verifyCloudCdn, verifyCloudCdnCookie } from '../../dialects/cloud-cdn/verify.ts'
import { verifyCloudflare } from '../../dialects/cloudflare/verify.ts'
import { verifyCloudFront, verifyCloudFrontCookies } from '../../dialects/cloudfront/verify.ts'
import { verifyEdgio } from '../../dialects/edgio/verify.ts'
import { verifyGcs } from '../../dialects/gcs/verify.ts'
import { verifyMediaCdn, verifyMediaCdnCookie } from '../../dialects/media-cdn/verify.ts'
import { verifyMediaCdnToken } from '../../dialects/media-cdn/verify-token.ts'
import { verifyNginx } from '../../dialects/nginx/verify.ts'
import { verifyS3 } from '../../dialects/s3/verify.ts'
import { verifySwift } from '../../dialects/swift/verify.ts'
import { SigningError, isSigningError } from '../../errors.ts'
import type { RawRequest } from '../../types.ts'
import type { DialectName } from '../dialects.ts'
import type { Detection, ExplainKey } from '../facts/dialect-facts.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import { keysFor } from '../hypotheses/secret-variants.ts'
import { azureTargets } from './azure-targets.ts'

/** A request, what was recognised in it, and what is known of the keys and of the operator's settings. */
export interface VerifyContext {
  readonly request: RawRequest
  readonly detection: Detection<DialectName>
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
  const scope = scopeOf(detection, request)
  verifyS3(request, {
    now,
    region: context.region ?? scope.region,
    service: scope.service,
    foldPath: !scope.service.startsWith('s3'),
    lookup: (accessKeyId) => {
      const key = keysFor(context.keys, 's3', accessKeyId).find(
        ({ secret }) => secret !== undefined,
      )
      if (key?.secret === undefined) return null
      const { secret: secretAccessKey, sessionToken = sessionTokenOf(request) } = key
      return {
        accessKeyId,
        secretAccessKey,
        ...(sessionToken === undefined ? {} : { sessionToken }),
      }
    },
  })
}

/** A key given without its token is judged by the token that came: the signature covers it. */
function sessionTokenOf(request: RawRequest): string | undefined {
  const inQuery = /[?&]X-Amz-Security-Token=([^&#]*)/i.exec(request.target)?.[1]
  if (inQuery !== undefined) return percentDecode(inQuery) ?? undefined
  return headerValue(request, 'x-amz-security-token') ?? undefined
}

/**
 * The region and the service the request itself names: a URL by itself is judged by its own word. A host of S3 takes
 * signatures for S3 alone.
 */
function scopeOf(
  detection: Detection<DialectName>,
  request: RawRequest,
): { readonly region: string; readonly service: string } {
  const text =
    detection.form === 'header' ? (headerValue(request, 'authorization') ?? '') : request.target
  const [, region = 'us-east-1', named = 's3'] =
    /\d{8}(?:\/|%2F)([a-z0-9-]{1,40})(?:\/|%2F)([a-z0-9-]{1,40})(?:\/|%2F)aws4_request/i.exec(
      text,
    ) ?? []
  const isOther = detection.scheme.endsWith(` for ${named}`) && !isHostOfS3(request)
  return { region, service: isOther || STORES.test(named) ? named : 's3' }
}

const STORES = /^s3(?:express|-object-lambda|-outposts)?$/

function isHostOfS3(request: RawRequest): boolean {
  return /(?:^|\.)s3[.-]/i.test(headerValue(request, 'host') ?? '')
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

/** An own domain does not say which account it stands for: then each account of the ring is asked. */
const verifyAsAzure: Verifier = (context) => {
  const { request, keys, now, detection } = context
  const [, actual] = detection.scheme.split(' for ')
  if (actual !== undefined) {
    const details = { part: 'service', actual, expected: 'Azure blob' } as const
    throw new SigningError('scope-mismatch', `the token is for another service`, details)
  }
  tryEach(azureTargets(request, keys), (target) =>
    verifyAzure(request, {
      now,
      ...target,
      lookup: (keyId) => secretsFor(context, azureKeyName(keyId)),
    }),
  )
}

/**
 * What the operator configured and the request does not say: each setting is tried. Where none is right, the refusal
 * is the one that came furthest: from beyond the key and the signature, if there is one.
 *
 * @throws what the last telling attempt threw
 */
function tryEach<Setting>(
  settings: readonly Setting[],
  verify: (setting: Setting) => unknown,
): void {
  const refusals: unknown[] = []
  for (const setting of settings) {
    try {
      verify(setting)
      return
    } catch (error) {
      refusals.push(error)
    }
  }
  throw refusals.find(isBeyondSignature) ?? refusals[0]
}

function isBeyondSignature(error: unknown): boolean {
  return isSigningError(error) && !EARLY.has(error.code)
}

const EARLY: ReadonlySet<string> = new Set([
  'key-unknown',
  'resource-mismatch',
  'signature-mismatch',
  'signature-malformed',
])

function azureKeyName(keyId: AzureKeyId): string {
  return keyId.kind === 'account' ? keyId.account : keyId.signedObjectId
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
  const settings = [false, true].flatMap((escapeEarly) =>
    [false, true].map((coversQuery) => ({ escapeEarly, coversQuery })),
  )
  const name = tokenName ?? context.detection.secrets[0]
  const hash = algorithm ?? akamaiAlgorithm(request.target)
  tryEach(settings, (setting) =>
    verifyAkamai(request, {
      now,
      keys: secretsFor(context, null),
      ...setting,
      ...(name === undefined ? {} : { tokenName: name }),
      ...(hash === undefined ? {} : { algorithm: hash }),
    }),
  )
}

/** The property fixes the hash, and the length of the MAC tells which it is. */
function akamaiAlgorithm(target: string): 'sha256' | 'sha1' | 'md5' | undefined {
  const digits = /(?:~|%7E|\?|&|=)hmac=([0-9a-f]+)/i.exec(target)?.[1]?.length
  return digits === 40 ? 'sha1' : digits === 32 ? 'md5' : undefined
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
  verifyNginx(context.request, { now: context.now, rules })
}

const verifyAsSwift: Verifier = (context) => {
  verifySwift(context.request, { now: context.now, lookup: () => secretsFor(context, null) })
}

const verifyAsEdgio: Verifier = (context) => {
  verifyEdgio(context.request, { now: context.now, keys: secretsFor(context, null) })
}

/** Longer than any link is used: without the rule's own number only the MAC can be judged. */
const ANY_TTL = 100 * 365 * 86_400

const verifyAsCloudflare: Verifier = (context) => {
  const { request, now, ttlSeconds, separator, isUrlSafe } = context
  verifyCloudflare(request, {
    now,
    ttlSeconds: ttlSeconds ?? ANY_TTL,
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

/** Whether the keys given can settle what the dialect signs: nginx signs what its configuration says. */
export function canVerify(dialect: DialectName, keys: readonly ExplainKey[]): boolean {
  if (dialect !== 'nginx') return keys.length > 0
  return keysFor(keys, 'nginx', null).some(({ expression }) => expression !== undefined)
}

/** Returns if the signature is right and the request is what it allows; throws a `SigningError` otherwise. */
export function verifyDetected(context: VerifyContext): void {
  VERIFIERS[context.detection.dialect](context)
}
