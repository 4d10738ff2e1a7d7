/**
 * Makes a share: a grant whose page people open at an address that nobody can guess. The address is told once. What is kept is
 * what it hashes to, so that neither the catalog nor an event opens anything.
 */
import type { GrantRecord, GrantTerms, ShareKind, ShareTerms } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { callerId } from '../identity.ts'
import type { Keys } from '../known-keys.ts'
import { createGrant } from '../links/create-grant.ts'
import { chooseNetworks, findTarget, requireBucket } from '../links/draft-link.ts'
import { chooseIssueTime } from '../links/issue-time.ts'
import { createShareToken, shareIdOf } from '../link-id.ts'
import { issueGrant } from '../links/under-keys.ts'
import { endsBefore } from '../links/narrow-link.ts'
import { mayAlso } from '../policy/authorize.ts'
import { chooseLife, requireTerms } from '../policy/folder-rules.ts'
import type { Permit } from '../policy/permit.ts'
import { hashPassword } from './share-password.ts'

export interface ShareOptions {
  readonly kind: ShareKind
  readonly expiresInSeconds?: number
  readonly maxUses?: number
  readonly password?: string
  readonly greeting?: string
  readonly owner?: string
  readonly ips?: readonly string[]
  readonly terms?: Pick<GrantTerms, 'reason' | 'label' | 'notBefore' | 'maxBytes' | 'contentTypes'>
}

export interface CreatedShare {
  readonly grant: GrantRecord
  readonly url: string
}

/**
 * `permit` is for the file, or for the folder, whose path ends in a slash. Throws `forbidden`, `field-invalid`, `expiry-too-long`,
 * `policy-refused`, `file-not-found`, `bucket-not-found`, `revocation-ahead`, `link-limit`.
 */
export async function createShare(
  core: CoreContext,
  permit: Permit<'share'>,
  options: ShareOptions,
): Promise<CreatedShare> {
  const share = await termsOfShare(core, options)
  const { grant, token } = await issueGrant(core, permit, 'share', (current, keys) =>
    draftShare(core, current, { keys, options, share }),
  )
  const { id, bucket, key, createdBy } = grant
  core.log.info({ share: id, kind: share.kind, bucket, key, by: createdBy }, 'share made')
  return { grant, url: `${core.publicUrl}/s/${token}` }
}

async function termsOfShare(
  { random }: CoreContext,
  { kind, password, greeting, owner }: ShareOptions,
): Promise<ShareTerms> {
  return {
    kind,
    ...(password !== undefined && { password: await hashPassword(password, random) }),
    ...(greeting !== undefined && { greeting }),
    ...(owner !== undefined && { owner }),
  }
}

interface Draft {
  readonly keys: Keys
  readonly options: ShareOptions
  readonly share: ShareTerms
}

async function draftShare(
  core: CoreContext,
  permit: Permit<'share'>,
  { keys, options, share }: Draft,
): Promise<{ readonly grant: GrantRecord; readonly token: string }> {
  const { kind } = share
  await requireRights(core, permit, kind)
  const method = kind === 'drop' ? 'POST' : 'GET'
  const { folder, path, caller } = permit
  const reason = options.terms?.reason
  const seconds = chooseLife(folder, {
    method,
    seconds: options.expiresInSeconds,
    windowSeconds: 0,
    reason,
    isShare: true,
  })
  const createdBy = callerId(caller)
  const createdAt = chooseIssueTime(core, keys, { ...path, keyIds: [createdBy] })
  const expiresAt = createdAt + seconds * 1000
  const networks = chooseNetworks(permit, options.ips)
  const terms = { ...options.terms, ...(networks.length > 0 && { networks }) }
  const maxUses = options.maxUses ?? folder.policy.maxUses ?? null
  if ((terms.notBefore ?? 0) >= expiresAt) throw endsBefore()
  requireTerms(folder, { method, seconds, maxUses, terms, share })
  await requireBucket(core, permit)
  const fileId = kind === 'file' ? await findTarget(core, permit, null) : null
  const token = createShareToken(createdAt, core.random)
  const id = shareIdOf(token)
  if (id === null) throw new Error('The address of a share has another form than it should.')
  const given = { id, method, ...path, fileId, createdAt, createdBy, expiresAt } as const
  // No key of the server's signs it: it stands until its own end.
  const grant = createGrant({ ...given, signingKeyId: '' }, { maxUses, terms, share })
  return { grant, token }
}

const NEEDED = { file: ['read'], folder: ['read', 'list'], drop: ['write'] } as const

/** Nobody lets others do what they may not do themselves. */
async function requireRights(
  core: CoreContext,
  permit: Permit<'share'>,
  kind: ShareKind,
): Promise<void> {
  for (const action of NEEDED[kind]) {
    if (!(await mayAlso(core, permit, action))) throw refusal('forbidden', { action })
  }
}
