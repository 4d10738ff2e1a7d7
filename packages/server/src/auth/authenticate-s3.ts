/**
 * Who sends a request to the object plane: nobody, the holder of an access key (signed header), or the bearer of a link
 * (presigned URL). The one door through which the object plane gets a caller.
 */
import { hasS3Authentication, verifyS3 } from '@hallpass/signing/s3'
import type { SignedQuery, VerifiedS3QueryRequest, VerifiedS3Request } from '@hallpass/signing/s3'
import { isSigningError } from '@hallpass/signing/errors'
import type { RawRequest } from '@hallpass/signing'
import { parseAddressLimit } from '../core/addresses.ts'
import type { CoreContext } from '../core/context.ts'
import { DomainError } from '../core/errors.ts'
import { makePrincipal, makeVerifiedLink } from '../core/identity.ts'
import type { Caller, Principal, VerifiedLink } from '../core/identity.ts'
import type { Keys, UsableAccessKey } from '../core/keys/key-ring.ts'
import { IP_PARAMETER, LINK_PARAMETER } from '../core/links/link-parameters.ts'

export interface S3Identity {
  readonly caller: Caller
  /** `null` for nobody: then no parameter of the request is signed, and none may change the answer. */
  readonly verified: VerifiedS3Request<UsableAccessKey> | null
}

const LINK_METHODS = ['GET', 'HEAD', 'PUT', 'DELETE', 'POST'] as const

/**
 * Throws `SigningError` for a signature that does not hold, and for half of one: only a request with no trace of
 * authentication is anonymous. Throws `DomainError` for a life or a method the key does not allow.
 */
export async function authenticateS3(core: CoreContext, request: RawRequest): Promise<S3Identity> {
  if (isAnonymous(request)) return { caller: anonymousCaller(request), verified: null }
  const verified = await verifyWithKeys(core, request)
  const caller =
    verified.kind === 'query' ? linkCaller(request, verified) : keyCaller(request, verified.key)
  return { caller, verified }
}

/** A key that is not known here may have been made by another process a moment ago: the catalog is asked before it is refused. */
async function verifyWithKeys(
  core: CoreContext,
  request: RawRequest,
): Promise<VerifiedS3Request<UsableAccessKey>> {
  const { region } = core
  const keys = await core.keyRing.current()
  const nowMs = core.clock.now()
  try {
    return verify(request, { keys, nowMs, region })
  } catch (error) {
    if (!isSigningError(error) || error.code !== 'key-unknown') throw error
    const fresh = await core.keyRing.recheck()
    if (fresh === keys) throw error
    return verify(request, { keys: fresh, nowMs, region })
  }
}

function isAnonymous(request: RawRequest): boolean {
  if (hasS3Authentication(request) !== 'none') return false
  // Another scheme is a credential too: it is refused, not overlooked.
  return !request.headers.some((text, index) => index % 2 === 0 && /^authorization$/i.test(text))
}

function anonymousCaller({ clientIp }: RawRequest): Principal {
  return makePrincipal({
    kind: 'anonymous',
    id: 'anonymous',
    scope: { actions: [], pathPrefix: '', cidrs: [] },
    clientIp: clientIp ?? '',
  })
}

function keyCaller({ clientIp }: RawRequest, { record }: UsableAccessKey): Principal {
  const { id, scope } = record
  return makePrincipal({ kind: 'access-key', id, scope, clientIp: clientIp ?? '' })
}

interface Verification {
  readonly keys: Keys
  readonly nowMs: number
  readonly region: string
}

/** A link of the server's own for GET answers HEAD as well; a URL that somebody else signed means its method alone. */
function verify(
  request: RawRequest,
  { keys, nowMs, region }: Verification,
): VerifiedS3Request<UsableAccessKey> {
  let found: UsableAccessKey | null = null
  const options = {
    lookup: (accessKeyId: string) => (found = keys.findAccessKey(accessKeyId, nowMs)),
    region,
    now: new Date(nowMs),
  }
  if (request.method !== 'HEAD') return verifyS3(request, options)
  try {
    return verifyS3(request, options)
  } catch (error) {
    if (!isSigningError(error) || error.code !== 'signature-mismatch' || !isOwn(found)) throw error
    return verifyS3({ ...request, method: 'GET' }, options)
  }
}

function isOwn(key: UsableAccessKey | null): boolean {
  return key?.record.kind === 'signing'
}

function linkCaller(
  request: RawRequest,
  verified: VerifiedS3QueryRequest<UsableAccessKey>,
): VerifiedLink {
  const { record } = verified.key
  const method = LINK_METHODS.find((known) => known === request.method)
  if (method === undefined) throw forbidden(`presign ${request.method}`)
  if (method === 'DELETE' && !record.mayPresignDelete) throw forbidden('presign DELETE')
  requireAllowedLife(verified)
  return makeVerifiedLink({
    method,
    keyId: record.id,
    isOwn: record.kind === 'signing',
    scope: record.scope,
    signedAt: verified.signedAt.getTime(),
    expiresAt: verified.expiresAt.getTime(),
    grantId: once(verified.query, LINK_PARAMETER),
    ips: parseAddressLimit(once(verified.query, IP_PARAMETER)?.split(','), IP_PARAMETER),
    clientIp: request.clientIp ?? '',
  })
}

function requireAllowedLife(verified: VerifiedS3QueryRequest<UsableAccessKey>): void {
  const { maxExpiresInSeconds: maxSeconds } = verified.key.record
  const seconds = verified.expiresInSeconds
  if (seconds <= maxSeconds) return
  const hint = 'The key allows no longer life.'
  const message = `X-Amz-Expires: at most ${maxSeconds} seconds with this key.`
  throw new DomainError('expiry-too-long', message, { seconds, maxSeconds, hint })
}

/** The value of one of our parameters; twice it is refused, because two readers could take two. */
function once(query: SignedQuery, name: string): string | null {
  const values = query.pairs.filter(([given]) => given === name)
  if (values.length > 1) {
    const reason = 'it is there more than once'
    throw new DomainError('field-invalid', `${name}: ${reason}.`, { field: name, reason })
  }
  return values[0]?.[1] ?? null
}

function forbidden(action: string): DomainError<'forbidden'> {
  return new DomainError('forbidden', `This key does not have the right to ${action}.`, { action })
}
