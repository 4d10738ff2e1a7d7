/**
 * Makes the fields of a browser upload: a policy document, and the signature over its base64 text [S3-POST].
 *
 * @module
 */
import { LIST, NUMBER, OBJECT, TEXT } from '../../lib/known-options.ts'
import { toBase64, utf8 } from '../../lib/bytes.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { resolveLifeSeconds } from '../../lib/expiry.ts'
import { requireOptions } from '../../lib/required-options.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOptionTable, signOnce } from '../../lib/signer-options.ts'
import { checkV4Conditions } from '../../lib/v4-conditions.ts'
import { toPairList } from '../../lib/pairs.ts'
import { resolveNowMs } from '../../lib/timestamp.ts'
import { endOfLife } from './credentials.ts'
import { locateS3Object } from './endpoint.ts'
import { ALGORITHM_HMAC, MAX_EXPIRES_SECONDS } from './params.ts'
import type { S3SignerMemory } from './signer-memory.ts'
import { createSignerMemory } from './signer-memory.ts'
import type { S3SignerOptions } from './signer-state.ts'
import { SIGNER_OPTIONS } from './signer-state.ts'

/**
 * What a form must fulfil, in addition to the fields given: an exact value, a prefix, or the size of the file.
 */
export type S3PostCondition =
  | Readonly<Record<string, string>>
  | readonly ['eq', field: `$${string}`, value: string]
  | readonly ['starts-with', field: `$${string}`, prefix: string]
  | readonly ['content-length-range', minBytes: number, maxBytes: number]

/** The form a signer is asked for. Its life is at most 604800 seconds, a week. */
export type S3PostPolicyRequest = ExpiryOptions & {
  readonly bucket: string
  /** The key, or a prefix of it that ends in `${filename}`, for which the browser's file name is put in. */
  readonly key: string
  /** Further fields the form will send, each made a condition: `Content-Type`, `x-amz-meta-…`. */
  readonly fields?: Readonly<Record<string, string>> | undefined
  /** Conditions on fields the browser adds itself. Without a `content-length-range`, any size is taken. */
  readonly conditions?: readonly S3PostCondition[] | undefined
}

/** What `createS3PostPolicy` needs. */
export type CreateS3PostPolicyOptions = S3SignerOptions & S3PostPolicyRequest

/** A form ready to be sent: `multipart/form-data` with these fields, and the file as the last one. */
export interface S3PostForm {
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
  readonly expiresAt: Date
}

export const POST_OPTIONS: SignerOptionTable<S3SignerOptions, S3PostPolicyRequest> =
  /* @__PURE__ */ signerOptionTable({
    signer: SIGNER_OPTIONS,
    request: {
      now: true,
      bucket: TEXT,
      key: TEXT,
      fields: OBJECT,
      conditions: LIST,
      expiresInSeconds: NUMBER,
      expiresAt: true,
    },
  })

const FILENAME = '${filename}'

/**
 * The address and fields of one browser upload. Throws `TypeError` or `RangeError` with the name of an option
 * that cannot be used.
 */
export function createS3PostPolicy(options: CreateS3PostPolicyOptions): S3PostForm {
  return signOnce(options, POST_OPTIONS, (signer: S3SignerOptions) => {
    const memory = createSignerMemory(signer)
    return (request: S3PostPolicyRequest) => createPostPolicyWith(memory, request)
  })
}

/** The address and fields of one browser upload by a signer. */
export function createPostPolicyWith(
  state: S3SignerMemory,
  options: S3PostPolicyRequest,
): S3PostForm {
  requireOptions(options, 'bucket', 'key')
  const { bucket, key } = options
  if (key === '') throw new TypeError('key must not be empty')
  if (!key.isWellFormed()) throw new TypeError('key must be well-formed Unicode')
  const nowMs = resolveNowMs(options.now ?? state.clock)
  const lifeSeconds = resolveLifeSeconds(options, nowMs, MAX_EXPIRES_SECONDS)
  const second = Math.floor(nowMs / 1000)
  const { credential, timestamp } = state.momentAt(second)
  const expiresAt = endOfLife(state.credentials, nowMs, second + lifeSeconds)
  const { sessionToken } = state.credentials
  const fields: Record<string, string> = {
    ...Object.fromEntries(toPairList(options.fields, 'fields')),
    bucket,
    'X-Amz-Algorithm': ALGORITHM_HMAC,
    'X-Amz-Credential': credential,
    'X-Amz-Date': timestamp,
    ...(sessionToken === undefined ? {} : { 'X-Amz-Security-Token': sessionToken }),
  }
  const conditions = [
    ...checkV4Conditions(options.conditions),
    ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
    key.endsWith(FILENAME) ? ['starts-with', '$key', key.slice(0, -FILENAME.length)] : { key },
  ]
  // What was asked for twice, as a field and as a condition, is said once.
  const distinct = new Set(conditions.map((condition) => JSON.stringify(condition)))
  const expiration = expiresAt.toISOString().replace(/\.\d+Z$/, 'Z')
  const policy = `{"expiration":"${expiration}","conditions":[${[...distinct].join(',')}]}`
  const encoded = toBase64(utf8(policy))
  const { origin, path } = locateS3Object(state.locate, { bucket, key: null })
  const { signer } = state.signerOf(timestamp.slice(0, 8))
  return {
    url: origin + path,
    fields: { ...fields, key, Policy: encoded, 'X-Amz-Signature': signer.key.hex(encoded) },
    expiresAt,
  }
}
