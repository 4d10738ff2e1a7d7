/**
 * Who sends a form to the object plane: whoever signed its policy, by what the policy allows. A form without a trace of
 * authentication is nobody's.
 */
import { SigningError } from '@hallpass/signing/errors'
import type { VerifiedS3Post } from '@hallpass/signing/s3'
import { parseAddressLimit } from '../core/addresses.ts'
import type { CoreContext } from '../core/context.ts'
import { refusal } from '../core/errors.ts'
import { makeVerifiedLink } from '../core/identity.ts'
import type { VerifiedLink } from '../core/identity.ts'
import type { UsableAccessKey } from '../core/known-keys.ts'
import { issuedAtOfLink } from '../core/link-id.ts'
import { IP_PARAMETER, LINK_PARAMETER } from '../core/links/link-parameters.ts'
import type { RawHeaders } from '../http/raw-headers.ts'
import { noteUse, temporaryOf } from './authenticate-s3.ts'
import { findPageOrigin } from './page-origin.ts'
import { createFormVerifier } from './s3-verifier.ts'

export interface FormIdentity {
  readonly caller: VerifiedLink
  readonly verified: VerifiedS3Post<UsableAccessKey>
}

export interface ArrivedForm {
  /** Names and values of the fields before the file, in order. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** What the browser calls the file; `''` if it says nothing. */
  readonly filename: string
  /** Where it came to, by its address. */
  readonly bucket: string
  readonly clientIp: string
  readonly headers: RawHeaders
}

/**
 * `null` for a form of nobody. Rejects with `SigningError` for a policy whose signature does not hold, that is over, or that the form
 * does not keep to.
 */
export type AuthenticateForm = (form: ArrivedForm) => Promise<FormIdentity | null>

/** One of these, and the form is meant to be signed. */
const SIGNED_FIELDS: ReadonlySet<string> = new Set([
  'policy',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-signature',
  'awsaccesskeyid',
  'signature',
])
const ALGORITHM = 'AWS4-HMAC-SHA256'

export function createFormAuthenticator(core: CoreContext): AuthenticateForm {
  const verify = createFormVerifier(core)
  return async ({ fields, filename, bucket, clientIp, headers }) => {
    const names = fields.map(([name]) => name.toLowerCase())
    if (!names.some((name) => SIGNED_FIELDS.has(name))) return null
    if (names.includes('awsaccesskeyid') && !names.includes('x-amz-algorithm')) {
      throw new SigningError('algorithm-unsupported', 'the form is signed in version 2', {
        algorithm: 'AWS',
        supported: [ALGORITHM],
      })
    }
    const verified = await verify({ fields, file: { filename } }, bucket)
    noteUse(core, verified.key)
    if (verified.key.linkId !== undefined) {
      const reason = 'Credentials for an upload link sign requests, and no forms'
      throw refusal('forbidden', { action: 'sign a form', reason })
    }
    const from = { clientIp, pageOrigin: findPageOrigin(core, headers) }
    return { verified, caller: formCaller(verified, from) }
  }
}

function formCaller(
  { key, fields, ...post }: VerifiedS3Post<UsableAccessKey>,
  from: Pick<VerifiedLink, 'clientIp' | 'pageOrigin'>,
): VerifiedLink {
  const { record } = key
  const isOwn = record.kind === 'signing'
  const linkId = fields.get(LINK_PARAMETER.toLowerCase()) ?? null
  const signedAt = post.signedAt.getTime()
  return makeVerifiedLink({
    method: 'POST',
    keyId: record.id,
    isOwn,
    scope: record.scope,
    signedAt,
    // Anybody can sign an id that says another time: only our own signature vouches for it.
    issuedAt: (isOwn && linkId !== null ? issuedAtOfLink(linkId) : null) ?? signedAt,
    expiresAt: post.expiresAt.getTime(),
    linkId,
    fileId: null,
    versionId: null,
    createdBy: null,
    ips: parseAddressLimit(fields.get(IP_PARAMETER.toLowerCase())?.split(','), IP_PARAMETER),
    ...from,
    previewAgent: null,
    temporary: temporaryOf(record),
  })
}
