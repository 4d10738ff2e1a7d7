/**
 * Who uploads by a link: whoever shows the address of a drop, or a link for PUT that this server has issued. No request that is made with
 * it is the one that was signed, so the signature is checked over the request that the link allows.
 */
import type { RawRequest } from '@hallpass/signing'
import { isSigningError } from '@hallpass/signing/errors'
import type { VerifiedS3Request } from '@hallpass/signing/s3'
import type { GrantRecord } from '../catalog/records.ts'
import type { CoreContext } from '../core/context.ts'
import { refusal } from '../core/errors.ts'
import type { VerifiedLink } from '../core/identity.ts'
import type { UsableAccessKey } from '../core/known-keys.ts'
import { shareIdOf } from '../core/link-id.ts'
import { IP_PARAMETER, LINK_PARAMETER } from '../core/links/link-parameters.ts'
import type { RawHeaders } from '../http/raw-headers.ts'
import { headerValues } from '../http/raw-headers.ts'
import { linkCaller } from './authenticate-s3.ts'
import { callerOf, findShare, requirePassword } from './authenticate-share.ts'
import type { ShareGrant } from './authenticate-share.ts'
import { findPageOrigin } from './page-origin.ts'
import { createRequestVerifier } from './s3-verifier.ts'
import type { VerifyS3Request } from './s3-verifier.ts'

export interface ShownLink {
  /** What stands behind `/s/` in the address of a drop, or a presigned URL as it is or in base64url. Never logged. */
  readonly text: string
  /** Of what is uploaded: a link may be signed for one type. */
  readonly contentType: string | null
  readonly clientIp: string
  readonly headers: RawHeaders
  /** Of the page of a drop with a password. */
  readonly session: string | null
  /** By the page of the drop itself, which does not say where it is from. */
  readonly isOwnPage: boolean
  /** When what is done by it was begun, for what goes on; `null` for what begins. */
  readonly begunAt: number | null
}

export interface UploadBearer {
  readonly caller: VerifiedLink
  /** Where it leads: of a drop, the folder. */
  readonly grant: GrantRecord
}

/** Rejects with `upload-link-invalid`, `share-not-found`, `share-password-needed`, `link-revoked`. */
export type AuthenticateUploadLink = (shown: ShownLink) => Promise<UploadBearer>

export function createUploadLinkAuthenticator(core: CoreContext): AuthenticateUploadLink {
  const verify = createRequestVerifier(core)
  return async (shown) => {
    core.requirePace('address', shown.clientIp)
    if (shareIdOf(shown.text) !== null) return authenticateDrop(core, shown)
    return authenticatePut(
      core,
      shown,
      shown.begunAt === null ? verify : verifyAt(core, shown.begunAt),
    )
  }
}

async function authenticateDrop(core: CoreContext, shown: ShownLink): Promise<UploadBearer> {
  const { clientIp, headers, session, begunAt } = shown
  const grant = await findShare(core, shown.text)
  if (grant.share.kind !== 'drop')
    throw invalid('it is that of a share which gives, and takes nothing')
  // Who knows the id of an upload that goes on was let in when it was begun.
  if (begunAt === null) await requireSession(core, grant, { session, clientIp })
  const caller = await callerOf(core, grant, { clientIp, headers })
  const pageOrigin = shown.isOwnPage ? null : findPageOrigin(core, headers)
  return { grant, caller: { ...caller, pageOrigin } }
}

async function requireSession(
  core: CoreContext,
  grant: ShareGrant,
  { session, clientIp }: Pick<ShownLink, 'session' | 'clientIp'>,
): Promise<void> {
  await requirePassword(core, grant, { session, password: null, address: clientIp })
}

/** As it was when the upload was begun: what began in time may finish. */
function verifyAt(core: CoreContext, begunAt: number): VerifyS3Request {
  const { keyRing, sealer, region } = core
  return createRequestVerifier({ keyRing, sealer, region, clock: { now: () => begunAt } })
}

async function authenticatePut(
  core: CoreContext,
  shown: ShownLink,
  verify: VerifyS3Request,
): Promise<UploadBearer> {
  const url = readUrl(shown.text)
  const request = {
    method: 'PUT',
    target: url.target,
    headers: [
      'host',
      url.host,
      ...(shown.contentType === null ? [] : ['content-type', shown.contentType]),
      ...carriedOn(shown.headers),
    ],
    scheme: url.scheme,
    clientIp: shown.clientIp,
  } as const
  const verified = await verifyLink(verify, request)
  if (verified.kind !== 'query') throw invalid('it is no presigned URL')
  const caller = linkCaller(core, request, verified)
  const isPlain = verified.query.pairs.every(([name]) => PLAIN.test(name) || OURS.has(name))
  if (!caller.isOwn || caller.linkId === null || !isPlain) {
    throw invalid('it is not a whole link for PUT that this server has issued')
  }
  const grant = await core.catalog.grants.find(caller.linkId)
  if (grant === null || grant.method !== 'PUT') throw refusal('link-revoked', {})
  return { caller, grant }
}

async function verifyLink(
  verify: VerifyS3Request,
  request: RawRequest,
): Promise<VerifiedS3Request<UsableAccessKey>> {
  try {
    return await verify(request)
  } catch (error) {
    throw isSigningError(error) ? invalid(reasonOf(error.code)) : error
  }
}

/** Whatever else is signed says what the bearer may do with the link, and that is something else than to upload a whole file. */
const PLAIN = /^X-Amz-[A-Za-z0-9-]+$/
const OURS: ReadonlySet<string> = new Set([LINK_PARAMETER, IP_PARAMETER])

/** What says who asks, and is in no signature. */
function carriedOn(headers: RawHeaders): string[] {
  return ['origin', 'user-agent'].flatMap((name) => {
    const [value] = headerValues(headers, name)
    return value === undefined ? [] : [name, value]
  })
}

interface LinkUrl {
  readonly scheme: 'http' | 'https'
  readonly host: string
  /** As it is written: what is signed are the very letters. */
  readonly target: string
}

const URL_FORM = /^(https?):\/\/([A-Za-z0-9.:[\]-]{1,255})(\/[\x21-\x7E]+)$/
const MAX_URL_LENGTH = 8192

function readUrl(text: string): LinkUrl {
  const url = /^https?:/.test(text) ? text : Buffer.from(text, 'base64url').toString('latin1')
  const [, scheme, host = '', target = ''] = URL_FORM.exec(url) ?? []
  if (url.length <= MAX_URL_LENGTH && host !== '') {
    return { scheme: scheme === 'https' ? 'https' : 'http', host, target }
  }
  throw invalid('it is neither the address of a drop nor a presigned URL')
}

function reasonOf(code: string): string {
  if (code === 'signature-expired') return 'it has expired'
  if (code === 'header-missing') return 'it is for one type, or one length, which must be sent'
  return 'its signature does not hold'
}

function invalid(reason: string): Error {
  return refusal('upload-link-invalid', { reason })
}
