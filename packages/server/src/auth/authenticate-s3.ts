/**
 * Who sends a request to the object plane: nobody, the holder of an access key (signed header), or the bearer of a link
 * (presigned URL). The one door through which the object plane gets a caller. What the caller may is core/policy's to say.
 */
import type { RawRequest } from '@hallpass/signing'
import { isSigningError } from '@hallpass/signing/errors'
import { hasS3Authentication } from '@hallpass/signing/s3'
import type { SignedQuery, VerifiedS3QueryRequest, VerifiedS3Request } from '@hallpass/signing/s3'
import type { AccessKeyRecord } from '../catalog/records.ts'
import { parseAddressLimit } from '../core/addresses.ts'
import type { CoreContext } from '../core/context.ts'
import { refusal } from '../core/errors.ts'
import { makePrincipal, makeVerifiedLink } from '../core/identity.ts'
import type { Caller, Principal, VerifiedLink } from '../core/identity.ts'
import type { UsableAccessKey } from '../core/known-keys.ts'
import { IP_PARAMETER, LINK_PARAMETER, VERSION_PARAMETER } from '../core/links/link-parameters.ts'
import { creatorOfLink, fileIdOfLink, issuedAtOfLink } from '../core/link-id.ts'
import { findPreviewAgent } from '../core/links/previews.ts'
import { isTemporaryKeyId } from '../platform/ids.ts'
import { findUserAgent } from '../core/user-agent.ts'
import { callerOf, isShare, requirePassword } from './authenticate-share.ts'
import { findPageOrigin } from './page-origin.ts'
import { createRequestVerifier } from './s3-verifier.ts'

export interface S3Identity {
  readonly caller: Caller
  /** `null` for nobody: then no parameter of the request is signed, and none may change the answer. */
  readonly verified: VerifiedS3Request<UsableAccessKey> | null
}

const LINK_METHODS = ['GET', 'HEAD', 'PUT', 'DELETE', 'POST'] as const

/**
 * Throws, or rejects with, `SigningError` for a signature that does not hold, and for half of one: only a request with no trace of
 * authentication is anonymous. For most requests there is nothing to wait for.
 */
export type AuthenticateS3 = (request: RawRequest) => S3Identity | Promise<S3Identity>

export interface S3Authenticator {
  readonly authenticate: AuthenticateS3
  /**
   * Whether a request that was refused with this error for coming too late had been signed by its key: Amazon's order of checks looks at
   * the time first, so that anybody can be told that a URL which nobody signed has expired. Never rejects.
   */
  readonly wasSigned: (request: RawRequest, error: unknown) => Promise<boolean>
}

export function createS3Authenticator(core: CoreContext): S3Authenticator {
  const verify = createRequestVerifier(core)

  function authenticate(request: RawRequest): S3Identity | Promise<S3Identity> {
    core.requirePace('address', request.clientIp ?? '')
    if (isAnonymous(request)) return { caller: anonymousCaller(core, request), verified: null }
    const verifying = verify(request)
    return verifying instanceof Promise
      ? verifying.then((verified) => identify(request, verified))
      : identify(request, verifying)
  }

  function identify(
    request: RawRequest,
    verified: VerifiedS3Request<UsableAccessKey>,
  ): S3Identity | Promise<S3Identity> {
    noteUse(core, verified.key)
    const { linkId } = verified.key
    if (linkId !== undefined) {
      const sender = senderBy(core, request, { verified, linkId })
      return sender.then((caller) => ({ caller, verified }))
    }
    const caller =
      verified.kind === 'query'
        ? linkCaller(core, request, verified)
        : keyCaller(request, verified.key)
    return { caller, verified }
  }

  async function wasSigned(request: RawRequest, error: unknown): Promise<boolean> {
    if (!isSigningError(error) || error.code !== 'signature-expired') return false
    const { signedAt } = error.details
    if (signedAt === undefined) return false
    try {
      await verify(request, signedAt.getTime())
      return true
    } catch {
      return false
    }
  }

  return { authenticate, wasSigned }
}

/** True for a request with no trace of authentication. */
export function isAnonymous(request: RawRequest): boolean {
  if (hasS3Authentication(request) !== 'none') return false
  // Another scheme is a credential too: it is refused, not overlooked.
  return !request.headers.some((text, index) => index % 2 === 0 && /^authorization$/i.test(text))
}

export function anonymousCaller(core: CoreContext, { clientIp, headers }: RawRequest): Principal {
  return makePrincipal({
    kind: 'anonymous',
    id: 'anonymous',
    scope: { actions: [], pathPrefix: '', cidrs: [] },
    clientIp: clientIp ?? '',
    pageOrigin: findPageOrigin(core, headers),
  })
}

interface Sending {
  readonly verified: VerifiedS3Request<UsableAccessKey>
  readonly linkId: string
}

/**
 * Whoever signs with credentials for the link of a drop is its bearer, who may send files. They were given without a password: where the drop
 * got one since, they end as the sessions of its page do. What they bind a URL to besides holds.
 */
async function senderBy(
  core: CoreContext,
  { clientIp = '', headers }: RawRequest,
  { verified, linkId }: Sending,
): Promise<VerifiedLink> {
  const grant = await core.catalog.grants.find(linkId)
  if (grant === null || !isShare(grant)) throw refusal('link-revoked', {})
  await requirePassword(core, grant, { session: null, password: null, address: clientIp })
  const bearer = await callerOf(core, grant, { clientIp, headers })
  return makeVerifiedLink({
    ...bearer,
    ...(verified.kind === 'query' && { ips: readIps(verified.query) }),
    pageOrigin: findPageOrigin(core, headers),
    sendsWith: verified.key.record.id,
  })
}

/** Of a request whose signature held. */
export function keyCaller(
  { clientIp, headers }: RawRequest,
  { record }: UsableAccessKey,
): Principal {
  const { id, scope } = record
  const temporary = temporaryOf(record)
  const agent = findUserAgent(headers)
  return makePrincipal({
    kind: 'access-key',
    id,
    scope,
    clientIp: clientIp ?? '',
    temporary,
    agent,
  })
}

/** Of a request whose signature held. */
export function linkCaller(
  core: CoreContext,
  request: RawRequest,
  verified: VerifiedS3QueryRequest<UsableAccessKey>,
): VerifiedLink {
  const { record } = verified.key
  const method = LINK_METHODS.find((known) => known === request.method)
  if (method === undefined) {
    const action = `presign ${request.method}`
    throw refusal('forbidden', { action, reason: `No key has the right to ${action}` })
  }
  const isOwn = record.kind === 'signing'
  const linkId = once(verified.query, LINK_PARAMETER)
  const signedAt = verified.signedAt.getTime()
  return makeVerifiedLink({
    method,
    keyId: record.id,
    isOwn,
    scope: record.scope,
    signedAt,
    // Anybody can sign an id that says another time: only our own signature vouches for it.
    issuedAt: (isOwn && linkId !== null ? issuedAtOfLink(linkId) : null) ?? signedAt,
    expiresAt: verified.expiresAt.getTime(),
    linkId,
    fileId: linkId === null ? null : fileIdOfLink(linkId),
    versionId: once(verified.query, VERSION_PARAMETER),
    createdBy: linkId === null ? null : creatorOfLink(linkId),
    temporary: temporaryOf(record),
    ips: readIps(verified.query),
    clientIp: request.clientIp ?? '',
    agent: findUserAgent(request.headers),
    pageOrigin: findPageOrigin(core, request.headers),
    // Only links with a record can have a number of uses to protect.
    previewAgent: linkId === null ? null : findPreviewAgent(request.headers),
  })
}

/** Of keys that somebody was given, remembered of those that are stored. Throws `too-many-requests`. */
export function noteUse(core: CoreContext, { record }: UsableAccessKey): void {
  const { keyUses, clock } = core
  // The server's own key is everybody's who has a link.
  if (record.kind === 'access') core.requirePace('key', record.id)
  if (record.kind === 'access' && temporaryOf(record) === undefined) {
    keyUses.note(record.id, clock.now())
  }
}

/** The record of credentials that are stored nowhere else. */
export function temporaryOf(record: AccessKeyRecord): AccessKeyRecord | undefined {
  return isTemporaryKeyId(record.id) ? record : undefined
}

function readIps(query: SignedQuery): readonly string[] {
  return parseAddressLimit(once(query, IP_PARAMETER)?.split(','), IP_PARAMETER)
}

/** The value of a parameter that binds the link; twice it is refused, because two readers could take two. */
function once(query: SignedQuery, name: string): string | null {
  let found: string | null = null
  for (const [given, value] of query.pairs) {
    if (given !== name) continue
    if (found !== null) {
      throw refusal('field-invalid', { field: name, reason: 'it is there more than once' })
    }
    found = value
  }
  return found
}
