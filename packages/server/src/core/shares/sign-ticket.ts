/**
 * What a share's page hands out: a signed URL for one file or one folder, for minutes, that carries the id of the share. So the object plane asks the
 * share's own record what it asks of any link: whether it lives, from where, and how often.
 */
import { responseContentDisposition } from '@hallpass/signing/encoding'
import type { CoreContext } from '../context.ts'
import { TICKET_SECONDS } from '../limits.ts'
import { requireSigningKey } from '../links/issue-link.ts'
import { chooseIssueTime, signingSecond } from '../links/issue-time.ts'
import { LINK_PARAMETER, ZIP_PARAMETER } from '../links/link-parameters.ts'
import { nameOf } from '../paths.ts'
import type { Permit } from '../policy/permit.ts'

/** For one file. `permit` is a share's, for this file. Throws `revocation-ahead`. */
export function signTicket(
  core: CoreContext,
  permit: Permit<'read'>,
  disposition: 'attachment' | 'inline',
): Promise<string> {
  const name = nameOf(permit.path.key) || 'download'
  return sign(core, permit, {
    'response-content-disposition': responseContentDisposition(name, disposition),
  })
}

/** For all that lies in a folder, as one archive. `permit` is a share's, for the folder. Throws `revocation-ahead`. */
export function signArchiveTicket(core: CoreContext, permit: Permit<'read'>): Promise<string> {
  return sign(core, permit, { [ZIP_PARAMETER]: '1' })
}

async function sign(
  core: CoreContext,
  { grant, folder, path }: Permit<'read'>,
  query: Readonly<Record<string, string>>,
): Promise<string> {
  if (grant === null) throw new Error('A ticket belongs to a share.')
  const keys = await core.keyRing.current()
  const signer = requireSigningKey(keys)
  const keyIds = [signer.record.id, grant.createdBy]
  const signedAt = signingSecond(chooseIssueTime(core, keys, { keyIds, ...path }))
  const leftSeconds = Math.ceil((grant.expiresAt - signedAt) / 1000)
  const longest = Math.min(TICKET_SECONDS, folder.policy.maxDownloadSeconds, leftSeconds)
  const { url } = core.signLink(core.filesUrl, signer, {
    method: 'GET',
    path,
    signedAt,
    // The record says to the millisecond when the share ends.
    expiresInSeconds: Math.max(1, longest),
    query: { [LINK_PARAMETER]: grant.id, ...query },
    headers: {},
    conditions: [],
  })
  return url
}
