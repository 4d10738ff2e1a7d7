/** Narrows a link that is out there: its URL stays, and its record allows less of it. Nothing that a link does not allow comes back. */
import type { NewGrantBounds } from '../../catalog/catalog.ts'
import type { GrantRecord, GrantTerms, ShareTerms } from '../../catalog/records.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import { areCidrsWithin, parseAddressLimit } from '../addresses.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import { areTypesWithin } from '../../policy-lines/type-ranges.ts'
import { callerId } from '../identity.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'
import { describeLink } from '../policy/link-state.ts'
import type { LinkView } from './links.ts'

/** What is left out stays as it is. */
export interface Narrowing extends Pick<
  GrantTerms,
  'notBefore' | 'maxBytes' | 'contentTypes' | 'sha256'
> {
  /** Milliseconds. */
  readonly expiresAt?: number
  readonly maxUses?: number
  readonly ips?: readonly string[]
  readonly overwrite?: boolean
  /** `null` takes it away. What a link is called bounds nothing. */
  readonly label?: string | null
  /** Of a share: what it tells people from now on, and the password it asks for. */
  readonly share?: (told: ShareTerms) => ShareTerms
}

const MAX_TRIES = 8

/** `permit` is for the link's file. Throws `link-widened`, `field-invalid`, and `link-not-found` for a link without a record. */
export async function narrowLink(
  core: CoreContext,
  permit: Permit<'share'>,
  id: string,
  narrowing: Narrowing,
): Promise<LinkView> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const grant = await core.catalog.grants.find(id)
    if (grant === null) throw refusal('link-not-found', { id })
    const to = narrow(grant, narrowing, core.clock.now())
    const isNarrowed = await changeInEpoch(core, permit, (rights) =>
      core.catalog.grants.rebind(id, { from: grant, to }, rights),
    )
    // Somebody else may narrow it at the same time: then both hold.
    if (!isNarrowed) continue
    core.log.info({ link: id, by: callerId(permit.caller) }, 'link narrowed')
    const keys = await core.keyRing.current()
    const narrowed = { ...grant, ...to }
    return { grant: narrowed, state: describeLink(narrowed, keys, core.clock.now()) }
  }
  throw storeUnavailable('The link is changed too often to change it.')
}

const ONLY_UPLOADS = ['maxBytes', 'contentTypes', 'sha256', 'overwrite'] as const

function narrow(grant: GrantRecord, narrowing: Narrowing, nowMs: number): NewGrantBounds {
  for (const field of ONLY_UPLOADS) {
    if (grant.method !== 'GET' || narrowing[field] === undefined) continue
    throw refusal('field-invalid', { field, reason: 'it does not apply to GET links' })
  }
  return {
    expiresAt: narrowEnd(grant, narrowing, nowMs),
    maxUses: lower('maxUses', grant.maxUses, narrowing.maxUses),
    terms: {
      ...keptTerms(grant.terms, narrowing),
      ...narrowAddresses(grant.terms, narrowing),
      ...narrowTimes(grant, narrowing),
      ...narrowUploads(grant.terms, narrowing),
    },
    ...(narrowing.overwrite === false && { ownContentId: null }),
    ...(grant.share !== null &&
      narrowing.share !== undefined && { share: narrowing.share(grant.share) }),
  }
}

function keptTerms(terms: GrantTerms, { label, overwrite }: Narrowing): GrantTerms {
  const { label: called, mayOverwrite, ...others } = terms
  const name = label === undefined ? called : (label ?? undefined)
  return {
    ...others,
    ...(name !== undefined && { label: name }),
    ...(mayOverwrite === true && overwrite !== false && { mayOverwrite }),
  }
}

/** Neither is ever more than it was. */
function lower<Limit extends number | null>(
  field: 'maxUses' | 'maxBytes',
  has: Limit,
  wanted: number | undefined,
): Limit | number {
  if (wanted === undefined) return has
  if (has !== null && wanted > has) throw widened(field, has)
  return wanted
}

/** An end that is past is now: a record is let go of some time after its end, and must be there while a URL of it may be in time. */
function narrowEnd(
  { expiresAt: has }: GrantRecord,
  { expiresAt: wanted = has }: Narrowing,
  nowMs: number,
): number {
  if (wanted > has) throw widened('expiresAt', new Date(has).toISOString())
  return Math.min(has, Math.max(wanted, nowMs))
}

function narrowAddresses({ networks: has = [] }: GrantTerms, { ips }: Narrowing): GrantTerms {
  if (ips === undefined) return {}
  const networks = parseAddressLimit(ips, 'ip')
  if (!areCidrsWithin(networks, has)) throw widened('ip', has)
  return { networks }
}

function narrowTimes({ terms, expiresAt }: GrantRecord, { notBefore }: Narrowing): GrantTerms {
  if (notBefore === undefined) return {}
  if (terms.notBefore !== undefined && notBefore < terms.notBefore) {
    throw widened('notBefore', new Date(terms.notBefore).toISOString())
  }
  if (notBefore >= expiresAt) throw endsBefore()
  return { notBefore }
}

/** A link that would begin after its end is a mistake, and not a way to end it. */
export function endsBefore(): DomainError<'field-invalid'> {
  const reason = 'the link has ended by then; it must be before the end of its life'
  return refusal('field-invalid', { field: 'notBefore', reason })
}

function narrowUploads(has: GrantTerms, wanted: Narrowing): GrantTerms {
  const { contentTypes, sha256, overwrite } = wanted
  const types = has.contentTypes ?? contentTypes ?? []
  if (contentTypes !== undefined && !areTypesWithin(contentTypes, types)) {
    throw widened('contentTypes', types)
  }
  if (sha256 !== undefined && has.sha256 !== undefined && sha256 !== has.sha256) {
    throw widened('sha256', has.sha256)
  }
  if (overwrite === true && has.mayOverwrite !== true) throw widened('overwrite', false)
  const maxBytes = lower('maxBytes', has.maxBytes ?? null, wanted.maxBytes)
  return {
    ...(maxBytes !== null && { maxBytes }),
    ...(contentTypes !== undefined && { contentTypes }),
    ...(sha256 !== undefined && { sha256 }),
  }
}

function widened(field: string, has: unknown): DomainError<'link-widened'> {
  return refusal('link-widened', { field, has: JSON.stringify(has) })
}
