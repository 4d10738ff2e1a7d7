/**
 * Issues links: standard S3 presigned URLs and forms, signed with the server's own key, with a record behind each so that one link can
 * be seen, counted and revoked. What S3 lacks rides as further signed query parameters that nobody can strip.
 */
import type { Actor } from '../../catalog/event-steps.ts'
import type { GrantRecord, GrantTerms, LinkMethod } from '../../catalog/records.ts'
import { isConflict } from '../../platform/store-errors.ts'
import type { CoreContext } from '../context.ts'
import { refusal, refusedWithin } from '../errors.ts'
import { actorOf } from '../actor-of.ts'
import type { Keys, UsableAccessKey } from '../known-keys.ts'
import { MAX_LINKS_AT_ONCE } from '../limits.ts'
import type { Permit } from '../policy/permit.ts'
import { maxLiveOf, requireFewer } from './live-links.ts'
import { signDirectly } from './direct-url.ts'
import type { DirectUrl } from './direct-url.ts'
import { draftLink } from './draft-link.ts'
import type { LinkDraft } from './draft-link.ts'
import type { FormSuccess } from './form-success.ts'
import type { SignedLink } from './sign.ts'
import { renewed, underKeys } from './under-keys.ts'

export interface LinkOptions extends FormSuccess {
  readonly method: LinkMethod
  readonly expiresInSeconds?: number
  /** Downloads: the one version of the file that the link is for. */
  readonly version?: string
  /** The name a download is saved under; the last part of the key if not given. */
  readonly filename?: string
  /** Whether a browser saves a download, as it does unless said otherwise, or shows it. */
  readonly disposition?: 'attachment' | 'inline'
  /** Kept as they are, and held against every use. */
  readonly terms?: Omit<GrantTerms, 'networks' | 'mayOverwrite'>
  readonly ips?: readonly string[]
  readonly maxUses?: number
  /** Downloads: asked for again within so many seconds, the link is the same one, so that browsers can cache what it shows. */
  readonly stableWindowSeconds?: number
  /** Uploads: the one type, signed, so that it must be sent. */
  readonly contentType?: string
  /** Uploads: may replace a file. One for several uses replaces what it stored itself, unless this is false. */
  readonly overwrite?: boolean
}

export interface IssuedLink extends SignedLink {
  readonly id: string
  /** The URL is one of the store itself: its record says that it was handed out, and nothing but its end takes it back. */
  readonly isDirect: boolean
  readonly method: LinkMethod
}

export interface LinkWish {
  readonly permit: Permit<'share'>
  readonly options: LinkOptions
}

/** Throws `forbidden`, `field-invalid`, `expiry-too-long`, `file-not-found`, `version-not-found`, `bucket-not-found`, `revocation-ahead`, `link-limit`. */
export async function issueLink(
  core: CoreContext,
  permit: Permit<'share'>,
  options: LinkOptions,
): Promise<IssuedLink> {
  const [issued] = await issueLinks(core, [{ permit, options }])
  if (issued === undefined) throw new Error('One link was asked for and none was issued.')
  return issued
}

/** Many at once, in the order asked for; all of them or, for whatever one of them is refused, none. */
export async function issueLinks(
  core: CoreContext,
  wishes: readonly LinkWish[],
): Promise<readonly IssuedLink[]> {
  if (wishes.length > MAX_LINKS_AT_ONCE) {
    throw refusal('field-invalid', { field: 'links', reason: `at most ${MAX_LINKS_AT_ONCE}` })
  }
  const [first] = wishes
  const making =
    first === undefined
      ? {}
      : { by: actorOf(first.permit.caller), maxLive: maxLiveOf(core, first.permit) }
  return underKeys(core, 'issue links', async (keys) => {
    const signer = requireSigningKey(keys)
    const drafts = await Promise.all(
      wishes.map(async ({ permit, options }, index) => {
        try {
          return await draftLink(core, {
            keys,
            signer,
            permit: await renewed(core, permit, keys),
            options,
          })
        } catch (error) {
          throw wishes.length > 1 ? refusedWithin(error, placeOfLink(index)) : error
        }
      }),
    )
    if (!(await store(core, { drafts, keys, making }))) return null
    return Promise.all(drafts.map((draft) => issue(core, signer, draft)))
  })
}

/** How a refusal names one of several. */
export function placeOfLink(index: number): string {
  return `links.${index}`
}

interface Issue {
  readonly drafts: readonly LinkDraft[]
  readonly keys: Keys
  /** Empty where nothing is issued. */
  readonly making: { readonly by?: Actor; readonly maxLive?: number }
}

/** False if keys, revocations or folders changed meanwhile, or somebody else stored the same stable link. */
async function store(
  core: CoreContext,
  { drafts, keys: { snapshot }, making }: Issue,
): Promise<boolean> {
  // A stable link may be asked for twice in one call.
  const grants = new Map<string, GrantRecord>()
  for (const { grant, isStored } of drafts) if (!isStored) grants.set(grant.id, grant)
  if (grants.size === 0) return true
  try {
    const { epoch } = snapshot
    return requireFewer(
      await core.catalog.grants.insert([...grants.values()], epoch, making),
      making.maxLive,
    )
  } catch (error) {
    // Or in two calls at once: the other one has stored it.
    if (isConflict(error) && drafts.some(({ isStable }) => isStable)) return false
    throw error
  }
}

async function issue(
  core: CoreContext,
  signer: UsableAccessKey,
  draft: LinkDraft,
): Promise<IssuedLink> {
  const { grant, link } = draft
  const signed = core.signLink(core.filesUrl, signer, link)
  logIssued(core, grant)
  const direct = await issueDirectly(core, draft)
  if (direct !== null) {
    const { id, method } = grant
    return { id, method, ...direct, headers: {}, fields: null, isDirect: true }
  }
  const { url, headers, fields, expiresAt } = signed
  return { id: grant.id, method: grant.method, url, headers, fields, expiresAt, isDirect: false }
}

/** What only this server can promise goes through it. */
async function issueDirectly(
  core: CoreContext,
  { grant, link, direct }: LinkDraft,
): Promise<DirectUrl | null> {
  if (direct === null) return null
  const file = await core.files.find(grant)
  if (file === null || file.id !== grant.fileId) return null
  return signDirectly(core, file, { ...direct, seconds: link.expiresInSeconds })
}

function logIssued(core: CoreContext, grant: GrantRecord): void {
  const { id, method, bucket, key, createdAt, expiresAt, createdBy } = grant
  const expiresInSeconds = Math.round((expiresAt - createdAt) / 1000)
  core.log.info({ link: id, method, bucket, key, expiresInSeconds, by: createdBy }, 'link issued')
}

export function requireSigningKey({ signingKey }: Keys): UsableAccessKey {
  if (signingKey === null) throw new Error('There is no active signing key.')
  return signingKey
}
