/**
 * Makes POST policies: signed forms for uploads straight from a browser [GCS-POST].
 *
 * @module
 */

import { LIST, NUMBER, OBJECT, TEXT } from '../../lib/known-options.ts'
import { toBase64, utf8 } from '../../lib/bytes.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { resolveLifeSeconds } from '../../lib/expiry.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOptionTable, signOnce } from '../../lib/signer-options.ts'
import { checkV4Conditions } from '../../lib/v4-conditions.ts'
import { formatBasicTimestamp, resolveNow } from '../../lib/timestamp.ts'
import type { V4Scope } from '../../lib/v4.ts'
import { toPairList } from '../../lib/pairs.ts'
import type { Pairs } from '../../types.ts'
import type { GcsAddress } from './address.ts'
import { resolveFormUrl } from './address.ts'
import type {
  GcsAsyncSignerOptions,
  GcsKey,
  GcsKeySigner,
  GcsRemoteKey,
  GcsSignerOptions,
} from './keys.ts'
import { GCS_SIGNER_OPTIONS, prepareGcsSigner } from './keys.ts'
import { MAX_EXPIRES_SECONDS } from './params.ts'
import { createGcsScope } from './presign.ts'

/** A condition on a field or on the size of the file, as the policy document writes it. */
export type GcsPostCondition =
  | readonly ['eq' | 'starts-with', field: `$${string}`, value: string]
  | readonly ['content-length-range', min: number, max: number]
  | Readonly<Record<string, string>>

/** What a POST policy says, beside who signs it. Its life is at most 604800 seconds, a week. */
export type GcsPostPolicyDocumentOptions = GcsAddress &
  ExpiryOptions & {
    /** The name of the object. Either this or `keyPrefix`. */
    readonly object?: string
    /** Names may begin with this and go on as the form says: a folder, with a slash at its end. */
    readonly keyPrefix?: string
    /** Further fields of the form, each covered by an exact condition; `x-ignore-…` fields need none. */
    readonly fields?: Pairs
    /** Further conditions. A `content-length-range` is always wise: without one, any size is taken. */
    readonly conditions?: readonly GcsPostCondition[]
    readonly location?: string
  }

/** What {@link createGcsPostPolicy} needs. */
export type GcsPostPolicyOptions = GcsPostPolicyDocumentOptions & {
  readonly key: GcsKey
}

/** What {@link createGcsPostPolicyAsync} needs. */
export type GcsPostPolicyAsyncOptions = GcsPostPolicyDocumentOptions & {
  readonly key: GcsKey | GcsRemoteKey
}

/** A form: post the fields in this order, then `file` as the last one, to `url`. */
export interface GcsPostPolicy {
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
  readonly expiresAt: Date
}

/** A signed form. Errors as in `presignGcs`. */
export function createGcsPostPolicy(options: GcsPostPolicyOptions): GcsPostPolicy {
  return signOnce(options, POST_OPTIONS, preparePolicy)
}

/** The same over WebCrypto, and for keys that stay with Google. */
export async function createGcsPostPolicyAsync(
  options: GcsPostPolicyAsyncOptions,
): Promise<GcsPostPolicy> {
  return signOnce(options, POST_OPTIONS, prepareAsyncPolicy)
}

function preparePolicy(
  options: GcsSignerOptions,
): (form: GcsPostPolicyDocumentOptions) => GcsPostPolicy {
  const signer = prepareGcsSigner(options)
  return (form) => createPostPolicyWith(signer, form)
}

function prepareAsyncPolicy(
  options: GcsAsyncSignerOptions,
): (form: GcsPostPolicyDocumentOptions) => Promise<GcsPostPolicy> {
  const signer = prepareGcsSigner(options)
  return async (form) => createPostPolicyAsyncWith(signer, form)
}

/** A signed form by a key that is prepared, of options that are checked. */
export function createPostPolicyWith(
  signer: GcsKeySigner,
  options: GcsPostPolicyDocumentOptions,
): GcsPostPolicy {
  const draft = draftPolicy(options, signer)
  return finish(draft, signer.sign(draft.policy, draft.scope))
}

/** The same over WebCrypto. */
export async function createPostPolicyAsyncWith(
  signer: GcsKeySigner,
  options: GcsPostPolicyDocumentOptions,
): Promise<GcsPostPolicy> {
  const draft = draftPolicy(options, signer)
  return finish(draft, await signer.signAsync(draft.policy, draft.scope))
}

interface Draft {
  readonly url: string
  readonly fields: readonly (readonly [string, string])[]
  readonly policy: string
  readonly scope: V4Scope
  readonly expiresAt: Date
}

const RESERVED: readonly string[] = [
  'bucket',
  'key',
  'file',
  'policy',
  'x-goog-date',
  'x-goog-credential',
  'x-goog-algorithm',
  'x-goog-signature',
]

export const POST_OPTIONS: SignerOptionTable<GcsSignerOptions, GcsPostPolicyDocumentOptions> =
  /* @__PURE__ */ signerOptionTable({
    signer: GCS_SIGNER_OPTIONS,
    request: {
      now: true,
      bucket: TEXT,
      endpoint: TEXT,
      addressing: TEXT,
      bucketBoundOrigin: TEXT,
      object: TEXT,
      keyPrefix: TEXT,
      fields: OBJECT,
      conditions: LIST,
      location: TEXT,
      expiresInSeconds: NUMBER,
      expiresAt: true,
    },
  })

function draftPolicy(options: GcsPostPolicyDocumentOptions, signer: GcsKeySigner): Draft {
  const url = resolveFormUrl(options)
  const now = resolveNow(options.now ?? signer.clock)
  const lifeSeconds = resolveLifeSeconds(options, now.getTime(), MAX_EXPIRES_SECONDS)
  const timestamp = formatBasicTimestamp(now)
  const scope = createGcsScope(timestamp, options.location)
  const own = checkFields(options.fields)
  const fixed: readonly (readonly [string, string])[] = [
    ['x-goog-date', timestamp],
    ['x-goog-credential', `${signer.keyId}/${scope.text}`],
    ['x-goog-algorithm', signer.algorithm],
  ]
  const { name, condition } = readKey(options)
  const covered = own.filter(([field]) => !field.toLowerCase().startsWith('x-ignore-'))
  const conditions = [
    ...checkConditions(options.conditions),
    ...covered.map(toCondition),
    { bucket: options.bucket },
    condition,
    ...fixed.map(toCondition),
  ]
  const expiresAt = new Date((Math.floor(now.getTime() / 1000) + lifeSeconds) * 1000)
  const expiration = expiresAt.toISOString().replace('.000Z', 'Z')
  return {
    url,
    fields: [...own, ['key', name], ...fixed],
    policy: toBase64(utf8(toAscii(JSON.stringify({ conditions, expiration })))),
    scope,
    expiresAt,
  }
}

function finish(draft: Draft, signature: string): GcsPostPolicy {
  const fields = Object.fromEntries([
    ...draft.fields,
    ['policy', draft.policy],
    ['x-goog-signature', signature],
  ])
  return { url: draft.url, fields, expiresAt: draft.expiresAt }
}

/** Non-ASCII text as `\uXXXX`, as Google's own libraries write it [GCS-POST] policy document. */
function toAscii(json: string): string {
  return json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function toCondition([name, value]: readonly [string, string]): Record<string, string> {
  return { [name]: value }
}

function readKey({ object, keyPrefix }: GcsPostPolicyDocumentOptions): {
  name: string
  condition: GcsPostCondition
} {
  if ((object === undefined) === (keyPrefix === undefined)) {
    throw new TypeError('exactly one of object and keyPrefix must be given')
  }
  if (object !== undefined) {
    if (typeof object !== 'string' || object === '' || !object.isWellFormed()) {
      throw new TypeError('object must be a well-formed, non-empty name')
    }
    return { name: object, condition: { key: object } }
  }
  const prefix = checkPrefix(keyPrefix ?? '', 'keyPrefix')
  return { name: `${prefix}\${filename}`, condition: ['starts-with', '$key', prefix] }
}

// `team1` would open `team10` too, and an empty prefix the whole bucket.
function checkPrefix(prefix: string, parameter: string): string {
  if (!/^[^/].*\/$/s.test(prefix)) throw new RangeError(`${parameter} must end with a slash`)
  return prefix
}

function checkFields(fields: Pairs | undefined): readonly (readonly [string, string])[] {
  const list = toPairList(fields, 'fields')
  const seen = new Set<string>()
  for (const [name, value] of list) {
    const lower = name.toLowerCase()
    if (RESERVED.includes(lower)) throw new TypeError(`fields must not hold ${lower}`)
    if (seen.has(lower)) throw new TypeError('fields must name each one once')
    seen.add(lower)
    const isText = typeof value === 'string' && value.isWellFormed() && name.isWellFormed()
    if (!isText || name === '') throw new TypeError('fields must have names and text values')
  }
  return list
}

function checkConditions(
  conditions: readonly GcsPostCondition[] | undefined,
): readonly GcsPostCondition[] {
  for (const [kind, field, prefix] of checkV4Conditions(conditions).filter(isList)) {
    if (kind === 'starts-with' && field.toLowerCase() === '$key') {
      checkPrefix(prefix, 'conditions: the prefix of $key')
    }
  }
  return conditions ?? []
}

function isList(
  condition: GcsPostCondition,
): condition is Extract<GcsPostCondition, readonly unknown[]> {
  return Array.isArray(condition)
}
