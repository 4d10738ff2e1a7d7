/**
 * The short-lived download URL that comes with a file somebody is shown. Its id is signed and names the file and who was shown it, and
 * nothing is written: a listing of a thousand files costs a thousand signatures. A record appears when one of them is revoked.
 */
import { responseContentDisposition } from '@hallpass/signing/encoding'
import type { FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { resolveFolder } from '../policy/resolve-folder.ts'
import type { ResolvedFolder } from '../policy/resolve-folder.ts'
import { callerId } from '../identity.ts'
import { nameOf } from '../paths.ts'
import { automaticLife, requireTerms } from '../policy/folder-rules.ts'
import type { Permit } from '../policy/permit.ts'
import { signDirectly } from './direct-url.ts'
import { requireSigningKey } from './issue-link.ts'
import { chooseIssueTime, signingSecond } from './issue-time.ts'
import { createAutomaticLinkId } from '../link-id.ts'
import { IP_PARAMETER, LINK_PARAMETER } from './link-parameters.ts'

export interface AutomaticLink {
  readonly id: string
  readonly url: string
  readonly expiresAt: Date
}

/** What fetches a file: an automatic link, or a URL of the store itself, which has no id, and which nobody can revoke. */
export type FetchUrl = Omit<AutomaticLink, 'id'> & { readonly id: string | null }

/** What a browser does with the file. */
export type Disposition = 'attachment' | 'inline'

/** As the policy of the folder has it delivered; what is to be shown comes from this server. Throws what `signFileUrl` throws. */
export async function signFetch(
  core: CoreContext,
  permit: Permit<'read'>,
  file: FileRecord,
  disposition: Disposition = 'attachment',
): Promise<FetchUrl> {
  if (disposition === 'inline') return signFileUrl(core, permit, file, disposition)
  const { folder, seconds } = await chooseTerms(core, permit, file)
  const { cidrs: networks } = permit.caller.scope
  const direct = await signDirectly(core, file, { folder, seconds, networks })
  return direct === null ? signFileUrl(core, permit, file) : { id: null, ...direct }
}

async function chooseTerms(
  core: CoreContext,
  { caller }: Permit<'read'>,
  { bucket, key }: FileRecord,
): Promise<{ readonly folder: ResolvedFolder; readonly seconds: number }> {
  const folder = await resolveFolder(core, bucket, key)
  const seconds = automaticLife(folder)
  const terms = { networks: caller.scope.cidrs }
  requireTerms(folder, { method: 'GET', seconds, maxUses: null, terms, share: null })
  return { folder, seconds }
}

/**
 * `permit` is for the file, or for the folder it was listed under, and may read there. Throws `revocation-ahead`, and `policy-refused`
 * where a policy wants more of a link than this one can have: a reason, a number of uses, addresses.
 */
export async function signFileUrl(
  core: CoreContext,
  permit: Permit<'read'>,
  file: FileRecord,
  disposition: Disposition = 'attachment',
): Promise<AutomaticLink> {
  const { bucket, key } = file
  const { caller } = permit
  const { cidrs } = caller.scope
  const { seconds } = await chooseTerms(core, permit, file)
  const keys = await core.keyRing.current()
  const signer = requireSigningKey(keys)
  const createdBy = callerId(caller)
  const keyIds = [signer.record.id, createdBy]
  // Whatever the clock of the server said that brought the file here.
  const chosen = chooseIssueTime(core, keys, { keyIds, bucket, key })
  const issuedAt = Math.max(chosen, file.arrivedAt)
  const id = createAutomaticLinkId(issuedAt, core.random, { fileId: file.id, createdBy })
  const name = nameOf(key) || 'download'
  const { url, expiresAt } = core.signLink(core.filesUrl, signer, {
    method: 'GET',
    path: { bucket, key },
    signedAt: signingSecond(issuedAt),
    expiresInSeconds: seconds,
    query: {
      [LINK_PARAMETER]: id,
      ...(cidrs.length > 0 && { [IP_PARAMETER]: cidrs.join(',') }),
      'response-content-disposition': responseContentDisposition(name, disposition),
    },
    headers: {},
    conditions: [],
  })
  return { id, url, expiresAt }
}
