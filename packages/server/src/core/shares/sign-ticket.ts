/**
 * What a share's page hands out: a signed URL for one file, for minutes, that carries the id of the share. So the object plane asks the
 * share's own record what it asks of any link: whether it lives, from where, and how often.
 */
import { responseContentDisposition } from '@hallpass/signing/encoding'
import type { FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { TICKET_SECONDS } from '../limits.ts'
import { requireSigningKey } from '../links/issue-link.ts'
import { chooseIssueTime, signingSecond } from '../links/issue-time.ts'
import { LINK_PARAMETER } from '../links/link-parameters.ts'
import { nameOf } from '../paths.ts'
import type { Permit } from '../policy/permit.ts'

/** `permit` is a share's, for this file. Throws `revocation-ahead`. */
export async function signTicket(
  core: CoreContext,
  { grant, folder }: Permit<'read'>,
  { bucket, key }: Pick<FileRecord, 'bucket' | 'key'>,
  disposition: 'attachment' | 'inline',
): Promise<string> {
  if (grant === null) throw new Error('A ticket belongs to a share.')
  const keys = await core.keyRing.current()
  const signer = requireSigningKey(keys)
  const keyIds = [signer.record.id, grant.createdBy]
  const signedAt = signingSecond(chooseIssueTime(core, keys, { keyIds, bucket, key }))
  const leftSeconds = Math.ceil((grant.expiresAt - signedAt) / 1000)
  const longest = Math.min(TICKET_SECONDS, folder.policy.maxDownloadSeconds, leftSeconds)
  const { url } = core.signLink(core.filesUrl, signer, {
    method: 'GET',
    path: { bucket, key },
    signedAt,
    // The record says to the millisecond when the share ends.
    expiresInSeconds: Math.max(1, longest),
    query: {
      [LINK_PARAMETER]: grant.id,
      'response-content-disposition': responseContentDisposition(
        nameOf(key) || 'download',
        disposition,
      ),
    },
    headers: {},
    conditions: [],
  })
  return url
}
