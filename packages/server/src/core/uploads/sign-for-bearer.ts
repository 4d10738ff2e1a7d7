/**
 * What is signed for whoever uploads by a link with a client that speaks S3: a form for a file in one piece, or a URL a part. Each carries the id
 * of the link, so that the object plane asks the link's own record what it asks of any: whether it lives, from where, and how often.
 */
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { PLANNED_URL_SECONDS } from '../limits.ts'
import { MAX_PUT_BYTES } from '../../platform/s3-limits.ts'
import { requireSigningKey } from '../links/issue-link.ts'
import { chooseIssueTime, signingSecond } from '../links/issue-time.ts'
import { LINK_PARAMETER } from '../links/link-parameters.ts'
import type { LinkToSign, SignedLink } from '../links/sign.ts'
import type { Permit } from '../policy/permit.ts'

const FILENAME = '${filename}'

/** `permit` is a link's, for this file. Throws `path-invalid`, `link-revoked`, `revocation-ahead`. */
export function signFormFor(
  core: CoreContext,
  permit: Permit<'write'>,
  contentType: string,
): Promise<SignedLink> {
  if (permit.path.key.includes(FILENAME)) {
    throw refusal('path-invalid', { reason: `a form puts the name of the file in for ${FILENAME}` })
  }
  const maxBytes = Math.min(permit.maxBytes, MAX_PUT_BYTES)
  return sign(core, permit, {
    method: 'POST',
    query: {},
    headers: { 'Content-Type': contentType, success_action_status: '201' },
    conditions: [['content-length-range', permit.minBytes, maxBytes]],
  })
}

/** The same for one part of an open upload. */
export function signPartFor(
  core: CoreContext,
  permit: Permit<'write'>,
  { uploadId, number }: { readonly uploadId: string; readonly number: number },
): Promise<SignedLink> {
  const query = { partNumber: String(number), uploadId }
  return sign(core, permit, { method: 'PUT', query, headers: {}, conditions: [] })
}

async function sign(
  core: CoreContext,
  { grant, folder, path }: Permit<'write'>,
  link: Pick<LinkToSign, 'method' | 'query' | 'headers' | 'conditions'>,
): Promise<SignedLink> {
  if (grant === null) throw new Error('What a link lets do is signed for its bearer alone.')
  const keys = await core.keyRing.current()
  const signer = requireSigningKey(keys)
  // A record speaks for its own signer: what the next key would sign is refused.
  const isIts = grant.share !== null || signer.record.id === grant.signingKeyId
  if (!isIts) throw refusal('link-revoked', {})
  const keyIds = [signer.record.id, grant.createdBy]
  const signedAt = signingSecond(chooseIssueTime(core, keys, { keyIds, ...path }))
  const leftSeconds = Math.ceil((grant.expiresAt - signedAt) / 1000)
  const longest = Math.min(PLANNED_URL_SECONDS, folder.policy.maxUploadSeconds, leftSeconds)
  return core.signLink(core.filesUrl, signer, {
    ...link,
    path,
    signedAt,
    expiresInSeconds: Math.max(1, longest),
    query: { ...link.query, [LINK_PARAMETER]: grant.id },
  })
}
