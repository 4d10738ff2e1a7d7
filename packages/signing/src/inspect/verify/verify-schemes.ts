/**
 * The verifiers of the schemes that are told by a descriptor.
 *
 * @module
 */
import { verifyCos } from '../../dialects/cos/verify.ts'
import type { HttpVerificationKey } from '../../dialects/http-signatures/params.ts'
import { verifyHttpRequest } from '../../dialects/http-signatures/verify.ts'
import { verifyImgix } from '../../dialects/imgix/verify.ts'
import { verifyLaravel } from '../../dialects/laravel/verify.ts'
import { verifyOss } from '../../dialects/oss/verify.ts'
import { fromBase64 } from '../../lib/bytes.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import type { RawRequest } from '../../types.ts'
import { keysFor } from '../hypotheses/secret-variants.ts'
import { ossBuckets } from '../schemes/checks/check-oss.ts'
import type { Verifier } from './verify-context.ts'
import { ANY_TTL, headerValue, secretsFor, tryEach } from './verify-context.ts'

/** Whether scheme and host are signed is the application's own choice. The signature covers no method. */
export const verifyAsLaravel: Verifier = (context) => {
  const { request, now } = context
  tryEach([false, true], (isRelative) =>
    verifyLaravel(request, {
      now,
      isRelative,
      keys: secretsFor(context, null),
      methods: [request.method],
    }),
  )
}

export const verifyAsImgix: Verifier = (context) => {
  verifyImgix(context.request, { now: context.now, tokens: secretsFor(context, null) })
}

/** An own domain does not say which bucket it stands for: then the likely names are asked. */
export const verifyAsOss: Verifier = (context) => {
  const { request, now } = context
  const host = headerValue(request, 'host') ?? ''
  tryEach(ossBuckets(host), (bucket) =>
    verifyOss(request, {
      now,
      bucketOf: () => bucket,
      lookup: (accessKeyId) => {
        const key = keysFor(context.keys, 'oss', accessKeyId).find(({ secret }) => Boolean(secret))
        if (key?.secret === undefined) return null
        const token = key.sessionToken ?? parameterOf(request, 'security-token')
        return { accessKeyId, accessKeySecret: key.secret, securityToken: token }
      },
    }),
  )
}

/** As the service judges: it takes parameters beside those that are signed. */
export const verifyAsCos: Verifier = (context) => {
  const { request, now } = context
  verifyCos(request, {
    now,
    allowsUnsigned: true,
    lookup: (secretId) => {
      const key = keysFor(context.keys, 'cos', secretId).find(({ secret }) => Boolean(secret))
      if (key?.secret === undefined) return null
      const token = key.sessionToken ?? parameterOf(request, 'x-cos-security-token')
      return { secretId, secretKey: key.secret, securityToken: token }
    },
  })
}

/** A key given without its token is judged by the token that came. */
function parameterOf({ target }: RawRequest, name: string): string | undefined {
  const value = new RegExp(`[?&]${name}=([^&#]*)`).exec(target)?.[1]
  return value === undefined ? undefined : (percentDecode(value) ?? undefined)
}

/** Secrets are written as text or in base64; what an application requires to be signed is its own. */
export const verifyAsHttp: Verifier = (context) => {
  const { request, now, detection } = context
  const keys = keysFor(context.keys, 'http-signatures', detection.keyId)
  const readings = keys.flatMap(({ publicKey, secret }) => [
    ...(publicKey === undefined ? [] : [{ publicKey }]),
    ...(secret === undefined ? [] : hmacReadings(secret)),
  ])
  tryEach(readings.length === 0 ? [null] : readings, (key) =>
    verifyHttpRequest(request, {
      now,
      required: [],
      maxAgeSeconds: ANY_TTL,
      lookup: () => key,
    }),
  )
}

function hmacReadings(secret: string): HttpVerificationKey[] {
  const bytes = fromBase64(secret)
  const algorithm = 'hmac-sha256'
  const asText = { algorithm, secret } as const
  return bytes === null ? [asText] : [asText, { algorithm, secret: bytes }]
}
