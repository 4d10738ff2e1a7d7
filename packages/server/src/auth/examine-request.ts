/**
 * Why the signature of a described request holds or does not, with the keys of this server at hand, those that have ended too; and who
 * would be calling if it does. Nobody is let in by it, and nothing is counted, noted or remembered.
 */
import type { RawRequest } from '@hallpass/signing'
import { isSigningError } from '@hallpass/signing/errors'
import type { SigningError } from '@hallpass/signing/errors'
import { explain } from '@hallpass/signing/explain'
import type { ExplainKey, Explanation } from '@hallpass/signing/explain'
import type { VerifiedS3Request } from '@hallpass/signing/s3'
import type { AccessKeyRecord, GrantRecord } from '../catalog/records.ts'
import type { CoreContext } from '../core/context.ts'
import { isDomainError, refusal } from '../core/errors.ts'
import type { DomainError } from '../core/errors.ts'
import type { Caller } from '../core/identity.ts'
import type { Keys, UsableAccessKey } from '../core/known-keys.ts'
import { StoreError } from '../platform/store-errors.ts'
import { callerOf, isShare } from './authenticate-share.ts'
import { anonymousCaller, isAnonymous, keyCaller, linkCaller } from './authenticate-s3.ts'
import { toExplainable } from './locate-request.ts'
import type { DescribedRequest, LocatedRequest } from './locate-request.ts'
import { createKeyFinder, createRequestVerifier } from './s3-verifier.ts'
import type { FindKey, VerifyS3Request } from './s3-verifier.ts'

export interface ExaminedRequest {
  readonly explanation: Explanation
  /** Who would be calling; `null` where the signature does not hold, its time aside. */
  readonly caller: Caller | null
  /** With which it holds, or the one that was told. */
  readonly method: string
  /** What the server says of the signature, where it does not hold. */
  readonly refusal: DomainError | SigningError | null
  /** The stored key that it names, alive or not. */
  readonly signer: AccessKeyRecord | null
}

/** Some 40 ms of one processor, in which nobody else is served; a query of thousands of parameters costs several times as much. One fault of each kind is found in fewer. */
const MAX_TRIALS = 1500
/** Whose secrets are tried besides that of the key that is named. */
const MAX_OTHER_KEYS = 10
const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'] as const

const UNSIGNED: Explanation = { dialect: null, signature: 'unchecked', causes: [], advice: [] }

/** The same of the address of a share, which is not signed; `null` for one that is not there. */
export async function examineShare(
  core: CoreContext,
  { raw }: LocatedRequest,
  grant: GrantRecord | null,
): Promise<ExaminedRequest> {
  const nobody = {
    explanation: UNSIGNED,
    caller: null,
    method: 'GET',
    refusal: null,
    signer: null,
  }
  if (grant === null || !isShare(grant)) {
    return { ...nobody, refusal: refusal('share-not-found', {}) }
  }
  const visit = { clientIp: raw.clientIp ?? '', headers: raw.headers }
  return { ...nobody, caller: await callerOf(core, grant, visit) }
}

export async function examineRequest(
  core: CoreContext,
  described: DescribedRequest,
  { raw, keyId }: LocatedRequest,
): Promise<ExaminedRequest> {
  const keys = await core.keyRing.current()
  const signer = keys.snapshot.accessKeys.find(({ id }) => id === keyId) ?? null
  const method = described.method ?? 'GET'
  const unsigned = examineUnsigned(core, { ...raw, method })
  if (unsigned !== null) {
    return { explanation: explainWith(core, described, []), method, signer, ...unsigned }
  }
  const finder = createFinder(core, signer)
  const verify = createRequestVerifier(core, finder.findKey)
  const seen = await verifyAtHosts(core, verify, { raw, method: described.method })
  const others = findOthers(keys, signer, core.clock.now())
  const ring = [...finder.found(), ...others.map((key) => toExplainKey(key))]
  const explanation = explainWith(core, describedAs(described, raw, seen), ring)
  return { explanation, signer, ...whoOf(core, { raw, method, seen }) }
}

/** `null` if it is signed in some way. */
function examineUnsigned(
  core: CoreContext,
  request: RawRequest,
): Pick<ExaminedRequest, 'caller' | 'refusal'> | null {
  try {
    if (!isAnonymous(request)) return null
    return { caller: anonymousCaller(core, request), refusal: null }
  } catch (error) {
    if (isSigningError(error)) return { caller: null, refusal: error }
    throw error
  }
}

interface Verified {
  readonly method: string
  readonly verified: VerifiedS3Request<UsableAccessKey>
  /** With which it holds, if that is another one than was sent. */
  readonly signedHost: string | null
}

type Seen = Verified | { readonly refusal: DomainError | SigningError }

/** Finds the keys that live, and the one that is named whatever became of it; remembers which was asked for. */
function createFinder(
  core: CoreContext,
  signer: AccessKeyRecord | null,
): { readonly findKey: FindKey; readonly found: () => readonly ExplainKey[] } {
  const ended = signer === null ? null : openEnded(core, signer)
  const findLiving = createKeyFinder(core)
  let known = ended === null ? null : toExplainKey(ended)
  return {
    findKey: (keys, claimed) => {
      const living = findLiving(keys, claimed)
      if (living === null) return ended?.accessKeyId === claimed.id ? ended : null
      known = toExplainKey(living, claimed.token)
      return living
    },
    found: () => (known === null ? [] : [known]),
  }
}

/** As it was sent, or else as if it had been sent to one of the server's own names. */
async function verifyAtHosts(
  { publicUrl, filesUrl }: CoreContext,
  verify: VerifyS3Request,
  { raw, method }: Pick<LocatedRequest, 'raw'> & { readonly method: string | null },
): Promise<Seen> {
  const seen = await verifyAny(verify, raw, method)
  if ('verified' in seen) return seen
  for (const { host } of [new URL(filesUrl), new URL(publicUrl)]) {
    const headers = raw.headers.map((text, at) => (isHostAt(raw.headers, at - 1) ? host : text))
    const again = await verifyAny(verify, { ...raw, headers }, method)
    if ('verified' in again) return { ...again, signedHost: host }
  }
  return seen
}

function isHostAt(headers: RawRequest['headers'], at: number): boolean {
  return at % 2 === 0 && headers[at]?.toLowerCase() === 'host'
}

/** So that the library meets what was found out here: a HEAD that a link of the server's own for GET answers, and the host that was signed. */
function describedAs(
  described: DescribedRequest,
  { headers: sent }: LocatedRequest['raw'],
  seen: Seen,
): DescribedRequest {
  if (!('verified' in seen)) return described
  const { verified, signedHost } = seen
  const isOwnHead = described.method === 'HEAD' && verified.key.record.kind === 'signing'
  const pairs = sent.flatMap((name, at) =>
    at % 2 === 0 ? [[name, sent[at + 1] ?? ''] as const] : [],
  )
  return {
    ...described,
    ...(isOwnHead && { method: 'GET' }),
    ...(signedHost !== null && { headers: [...pairs, ['X-Forwarded-Host', signedHost] as const] }),
  }
}

/** Of a request whose method nobody told, the first method with which it holds. */
async function verifyAny(
  verify: VerifyS3Request,
  raw: LocatedRequest['raw'],
  method: string | null,
): Promise<Seen> {
  const [first, ...others] = method === null ? METHODS : [method]
  const seen = await verifyOnce(verify, { ...raw, method: first })
  if ('verified' in seen) return seen
  for (const other of others) {
    const again = await verifyOnce(verify, { ...raw, method: other })
    if ('verified' in again) return again
  }
  return seen
}

/** One whose time is over holds all the same: what else stands against it is asked, too. */
async function verifyOnce(verify: VerifyS3Request, request: RawRequest): Promise<Seen> {
  const { method } = request
  try {
    return { method, verified: await verify(request), signedHost: null }
  } catch (error) {
    if (isDomainError(error)) return { refusal: error }
    if (!isSigningError(error)) throw error
    const { signedAt } = error.code === 'signature-expired' ? error.details : {}
    if (signedAt === undefined) return { refusal: error }
    return verifyAt(verify, request, { at: signedAt.getTime(), refused: error })
  }
}

async function verifyAt(
  verify: VerifyS3Request,
  request: RawRequest,
  { at, refused }: { readonly at: number; readonly refused: SigningError },
): Promise<Seen> {
  try {
    return { method: request.method, verified: await verify(request, at), signedHost: null }
  } catch (error) {
    if (isDomainError(error) || isSigningError(error)) return { refusal: refused }
    throw error
  }
}

/** Credentials that were made for the bearer of a link have no rights of their own to tell of. */
function whoOf(
  core: CoreContext,
  {
    raw,
    method,
    seen,
  }: Pick<LocatedRequest, 'raw'> & { readonly method: string; readonly seen: Seen },
): Pick<ExaminedRequest, 'caller' | 'method' | 'refusal'> {
  if ('refusal' in seen) return { caller: null, method, refusal: seen.refusal }
  const { verified } = seen
  const request = { ...raw, method: seen.method }
  if (verified.key.linkId !== undefined) return { caller: null, method: seen.method, refusal: null }
  try {
    const caller =
      verified.kind === 'query'
        ? linkCaller(core, request, verified)
        : keyCaller(request, verified.key)
    return { caller, method: seen.method, refusal: null }
  } catch (error) {
    if (isDomainError(error)) return { caller: null, method: seen.method, refusal: error }
    throw error
  }
}

function explainWith(
  core: CoreContext,
  described: DescribedRequest,
  keys: readonly ExplainKey[],
): Explanation {
  return explain(toExplainable(described), {
    keys,
    now: new Date(core.clock.now()),
    maxTrials: MAX_TRIALS,
    ...(described.answer !== null && { response: described.answer }),
  })
}

function toExplainKey(
  { accessKeyId: id, secretAccessKey: secret }: UsableAccessKey,
  sessionToken: string | null = null,
): ExplainKey {
  return { dialect: 's3', id, secret, ...(sessionToken !== null && { sessionToken }) }
}

/** The newest that live: one of them may have signed in the place of another. */
function findOthers(
  keys: Keys,
  signer: AccessKeyRecord | null,
  nowMs: number,
): readonly UsableAccessKey[] {
  return keys.snapshot.accessKeys
    .toSorted((a, b) => b.createdAt - a.createdAt)
    .flatMap(({ id }) => (id === signer?.id ? [] : (keys.findAccessKey(id, nowMs) ?? [])))
    .slice(0, MAX_OTHER_KEYS)
}

/** A stored key whatever became of it; `null` if its secret can be opened no more. */
function openEnded({ sealer }: CoreContext, record: AccessKeyRecord): UsableAccessKey | null {
  try {
    const secretAccessKey = sealer.open(record.id, record.sealedSecret)
    return { accessKeyId: record.id, secretAccessKey, record }
  } catch (error) {
    if (error instanceof StoreError) return null
    throw error
  }
}
