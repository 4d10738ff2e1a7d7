/**
 * Issues cookies of the CDN before a mounted bucket, for all that lies in a folder: what asks for hundreds of files, as a video does,
 * needs no URL for each. This server never sees them again, so that nothing but their end takes them back.
 */
import type { GrantRecord, GrantTerms } from '../../catalog/records.ts'
import { StoreUrlError } from '../../stores/store-drivers.ts'
import type { CdnCookieWish, CdnCookies, SignCdnCookies } from '../../stores/store-drivers.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { callerId } from '../identity.ts'
import type { Keys } from '../known-keys.ts'
import { createLinkId } from '../link-id.ts'
import { formatPath, splitPath } from '../paths.ts'
import { mayAlso } from '../policy/authorize.ts'
import { deliveryOf } from '../policy/delivery.ts'
import { chooseLife, requireTerms } from '../policy/folder-rules.ts'
import { nameOfFolder } from '../policy/name-of-folder.ts'
import type { Permit } from '../policy/permit.ts'
import type { ResolvedFolder } from '../policy/resolve-folder.ts'
import { createGrant } from './create-grant.ts'
import { chooseNetworks, requireBucket } from './draft-link.ts'
import { requireSigningKey } from './issue-link.ts'
import { chooseIssueTime, signingSecond } from './issue-time.ts'
import { issueGrant } from './under-keys.ts'

export interface CookieOptions extends Pick<CdnCookieWish, 'domain' | 'sameSite'> {
  readonly expiresInSeconds?: number
  readonly ips?: readonly string[]
  readonly terms: Pick<GrantTerms, 'reason' | 'label'>
}

export interface IssuedCookies extends CdnCookies {
  readonly id: string
  readonly expiresAt: Date
}

/** Folders below with settings of their own, each of which is asked. */
const MAX_FOLDERS = 1000

/**
 * `permit` is for the folder, whose key is empty or ends in a slash. Throws `forbidden`, `field-invalid`, `expiry-too-long`,
 * `policy-refused`, `mount-limited`, `bucket-not-found`, `revocation-ahead`, `link-limit`.
 */
export async function issueCookies(
  core: CoreContext,
  permit: Permit<'share'>,
  options: CookieOptions,
): Promise<IssuedCookies> {
  const { grant, cookies } = await issueGrant(core, permit, 'issue cookies', (current, keys) =>
    draftCookies(core, current, { keys, options }),
  )
  const { id, bucket, key, createdBy, expiresAt } = grant
  core.log.info({ link: id, bucket, key, by: createdBy }, 'cookies issued')
  return { ...cookies, id, expiresAt: new Date(expiresAt) }
}

interface Draft {
  readonly keys: Keys
  readonly options: CookieOptions
}

async function draftCookies(
  core: CoreContext,
  permit: Permit<'share'>,
  { keys, options }: Draft,
): Promise<{ readonly grant: GrantRecord; readonly cookies: CdnCookies }> {
  const { path, caller } = permit
  for (const action of ['read', 'list'] as const) {
    if (!(await mayAlso(core, permit, action))) throw refusal('forbidden', { action })
  }
  await requireBucket(core, permit)
  const { reason } = options.terms
  const wish = { seconds: options.expiresInSeconds, windowSeconds: 0, reason }
  const held = await foldersWithin(core, permit)
  held.forEach(requireDirect)
  const seconds = Math.min(...held.map((one) => chooseLife(one, { ...wish, method: 'GET' })))
  const networks = chooseNetworks(permit, options.ips)
  const terms = { ...options.terms, ...(networks.length > 0 && { networks }) }
  const asked = { method: 'GET', seconds, maxUses: null, terms, share: null } as const
  for (const one of held) requireTerms(one, asked)
  const sign = await requireSigner(core, path.bucket)
  const signer = requireSigningKey(keys)
  const createdBy = callerId(caller)
  const origin = { ...path, keyIds: [signer.record.id, createdBy] }
  const createdAt = chooseIssueTime(core, keys, origin)
  const expiresAt = signingSecond(createdAt) + seconds * 1000
  const { domain, sameSite } = options
  const network = onlyNetwork(networks)
  const cookies = signFor(sign, { prefix: path.key, expiresAt, network, domain, sameSite })
  const id = createLinkId(createdAt, core.random)
  const signingKeyId = signer.record.id
  const given = { id, method: 'GET', ...path, fileId: null, signingKeyId, createdBy } as const
  const grant = createGrant(
    { ...given, createdAt, expiresAt },
    { terms: { ...terms, areCookies: true } },
  )
  return { grant, cookies }
}

/** The folder, and those in it that say something of their own. */
async function foldersWithin(
  { catalog, folders }: CoreContext,
  { path, folder, epoch }: Permit,
): Promise<readonly ResolvedFolder[]> {
  const records = await catalog.folders.list(formatPath(path), '', MAX_FOLDERS + 1)
  if (records.length > MAX_FOLDERS) {
    const reason = `more than ${MAX_FOLDERS} folders with settings of their own lie in it`
    throw refusal('field-invalid', { field: 'path', reason })
  }
  const below = records.map((record) => splitPath(record.path))
  const resolved = [folder]
  for (const { bucket, key } of below) resolved.push(await folders.resolve(epoch, bucket, key))
  return resolved
}

/** The cookies open what lies below, too, and nobody is asked there. */
function requireDirect(folder: ResolvedFolder): void {
  if (deliveryOf(folder) === 'direct') return
  const where = nameOfFolder(folder.policyFrom.delivery)
  const reason = 'cookies of a CDN are for folders in which all delivery is direct'
  throw refusal('policy-refused', { line: 'delivery', where, reason })
}

async function requireSigner({ files }: CoreContext, bucket: string): Promise<SignCdnCookies> {
  const sign = await files.cookieSignerOf(bucket)
  if (sign !== null) return sign
  throw refusal('field-invalid', {
    field: 'path',
    reason: 'no CloudFront stands before its bucket',
  })
}

/** What such a policy has room for. */
function onlyNetwork(networks: readonly string[]): string | null {
  const [network = null, ...others] = networks
  if (others.length === 0 && network?.includes(':') !== true) return network
  const reason = 'cookies of CloudFront are bound to one IPv4 address or network, or to none'
  throw refusal('field-invalid', { field: 'ip', reason })
}

function signFor(sign: SignCdnCookies, wish: CdnCookieWish): CdnCookies {
  try {
    return sign(wish)
  } catch (error) {
    if (!(error instanceof StoreUrlError)) throw error
    throw refusal('field-invalid', { field: 'domain', reason: error.message }, error)
  }
}
