/** What a link will be: its record and what is to be signed, within everything that limits it. Writes nothing. */
import { isDeepStrictEqual } from 'node:util'
import { responseContentDisposition } from '@hallpass/signing/encoding'
import type { S3PostCondition } from '@hallpass/signing/s3'
import type { GrantBounds } from '../../catalog/catalog.ts'
import type { GrantRecord, GrantTerms } from '../../catalog/records.ts'
import { areCidrsWithin, parseAddressLimit } from '../addresses.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { bucketNotFound } from '../buckets/buckets.ts'
import { fileNotFound, findVersion } from '../find-version.ts'
import { callerId } from '../identity.ts'
import type { Keys, UsableAccessKey } from '../known-keys.ts'
import { MAX_STABLE_WINDOW_SECONDS } from '../limits.ts'
import { MAX_PUT_BYTES } from '../../platform/s3-limits.ts'
import { nameOf } from '../paths.ts'
import { mayAlso } from '../policy/authorize.ts'
import { chooseLife, requireTerms } from '../policy/folder-rules.ts'
import type { Permit } from '../policy/permit.ts'
import { requireMountTakes } from '../policy/require-mount.ts'
import type { LinkOptions } from './issue-link.ts'
import { fieldsOfSuccess } from './form-success.ts'
import type { DirectWish } from './direct-url.ts'
import { createGrant } from './create-grant.ts'
import { chooseIssueTime, signingSecond } from './issue-time.ts'
import { createLinkId } from '../link-id.ts'
import { drawnFrom } from '../../platform/drawn-from.ts'
import { endsBefore } from './narrow-link.ts'
import { IP_PARAMETER, LINK_PARAMETER, VERSION_PARAMETER } from './link-parameters.ts'
import type { LinkToSign } from './sign.ts'

export interface LinkDraft {
  readonly grant: GrantRecord
  readonly link: LinkToSign
  /** Asked for again it is the same one. */
  readonly isStable: boolean
  /** The link is there already, as stable ones are from the second time on. */
  readonly isStored: boolean
  /** What a URL of the store itself would be for; `null` where only this server can promise what is asked. */
  readonly direct: Omit<DirectWish, 'seconds'> | null
}

export interface DraftRequest {
  readonly keys: Keys
  readonly signer: UsableAccessKey
  readonly permit: Permit<'share'>
  readonly options: LinkOptions
}

export async function draftLink(core: CoreContext, request: DraftRequest): Promise<LinkDraft> {
  const { signer, permit, options } = request
  const { method } = options
  const action = method === 'GET' ? 'read' : 'write'
  if (!(await mayAlso(core, permit, action))) throw refusal('forbidden', { action })
  if (action === 'write') await requireMountTakes(core, permit.epoch, permit.path, permit.folder)
  const times = chooseTimes(core, request)
  const networks = chooseNetworks(permit, options.ips)
  const maxUses = chooseUses(options, permit.folder.policy.maxUses ?? null)
  const { expiresInSeconds: seconds } = times
  const terms = termsOf(options, networks)
  const expiresAt = times.signedAt + times.expiresInSeconds * 1000
  if ((terms.notBefore ?? 0) >= expiresAt) throw endsBefore()
  requireTerms(permit.folder, { method, seconds, maxUses, terms, share: null })
  await requireBucket(core, permit)
  const fileId = method === 'GET' ? await findTarget(core, permit, options.version ?? null) : null
  const grant: Omit<GrantRecord, 'id'> = createGrant(
    {
      id: '',
      method,
      ...permit.path,
      fileId,
      signingKeyId: signer.record.id,
      createdAt: times.createdAt,
      createdBy: callerId(permit.caller),
      expiresAt,
    },
    {
      versionId: options.version ?? null,
      maxUses,
      ownContentId: mayReplaceOwn(options) ? '' : null,
      terms,
    },
  )
  const stored = times.isStable
    ? await findStable(core, grant, { options, issuedAt: times.issuedAt })
    : { id: createLinkId(times.issuedAt, core.random), isStored: false }
  return {
    grant: { ...grant, id: stored.id },
    isStable: times.isStable,
    isStored: stored.isStored,
    direct: directOf(request, terms),
    link: {
      method,
      path: permit.path,
      signedAt: times.signedAt,
      expiresInSeconds: times.expiresInSeconds,
      query: queryOf(stored.id, request, networks),
      headers: { ...typeOf(options), ...fieldsOfSuccess(core, options) },
      conditions: method === 'POST' ? conditionsOf(permit, options) : [],
    },
  }
}

/** A store counts nobody, asks nobody where a request comes from, and knows no version of ours. */
function directOf({ permit, options }: DraftRequest, terms: GrantTerms): LinkDraft['direct'] {
  const { method, maxUses, version, stableWindowSeconds, disposition, filename } = options
  const asked = [maxUses, version, stableWindowSeconds, terms.notBefore]
  const isPlain = method === 'GET' && asked.every((term) => term === undefined)
  const { folder } = permit
  const isCounted = folder.policy.maxUses !== undefined
  if (!isPlain || isCounted || disposition === 'inline') return null
  return { folder, networks: terms.networks ?? [], filename }
}

/** Those asked for, and those that the rules of here have a say in. */
function termsOf(options: LinkOptions, networks: readonly string[]): GrantTerms {
  return {
    ...options.terms,
    ...(networks.length > 0 && { networks }),
    ...(options.method !== 'GET' && options.overwrite === true && { mayOverwrite: true }),
  }
}

interface LinkTimes {
  /** What the id says. */
  readonly issuedAt: number
  readonly createdAt: number
  readonly signedAt: number
  readonly expiresInSeconds: number
  readonly isStable: boolean
}

/** A stable link begins with its window, and lives as long as asked for after the window's end. */
function chooseTimes(
  core: CoreContext,
  { keys, signer, permit, options }: DraftRequest,
): LinkTimes {
  const window = checkWindow(options)
  const lifeSeconds = chooseLife(permit.folder, {
    method: options.method,
    seconds: options.expiresInSeconds,
    windowSeconds: window,
    reason: options.terms?.reason,
  })
  const origin = { ...permit.path, keyIds: [signer.record.id, callerId(permit.caller)] }
  const issuedAt = chooseIssueTime(core, keys, origin)
  const expiresInSeconds = lifeSeconds + window
  if (window === 0) {
    const signedAt = signingSecond(issuedAt)
    return { issuedAt, createdAt: issuedAt, signedAt, expiresInSeconds, isStable: false }
  }
  const begin = Math.floor(issuedAt / (window * 1000)) * window * 1000
  // After a sweep the same wish is another link: that of before is dead.
  const sweptAt = keys.findRevocation(origin)?.notBefore ?? 0
  return {
    issuedAt: Math.max(begin, sweptAt),
    createdAt: begin,
    signedAt: begin,
    expiresInSeconds,
    isStable: true,
  }
}

function queryOf(
  id: string,
  { permit, options }: DraftRequest,
  networks: readonly string[],
): Record<string, string> {
  const { method, disposition = 'attachment', filename, version } = options
  const query: Record<string, string> = { [LINK_PARAMETER]: id }
  if (networks.length > 0) query[IP_PARAMETER] = networks.join(',')
  if (version !== undefined) query[VERSION_PARAMETER] = version
  if (method === 'GET') {
    const name = filename ?? (nameOf(permit.path.key) || 'download')
    query['response-content-disposition'] = responseContentDisposition(name, disposition)
  }
  return query
}

/** The one type that must be sent: as a header, or as a field in the spelling that forms use. */
function typeOf({ method, contentType }: LinkOptions): Readonly<Record<string, string>> {
  if (contentType === undefined) return {}
  return { [method === 'POST' ? 'Content-Type' : 'content-type']: contentType }
}

/** Of a form, which always says how large its file may be. */
function conditionsOf({ folder, path }: Permit, options: LinkOptions): readonly S3PostCondition[] {
  if (path.key.includes(FILENAME)) {
    const reason = `a form puts the name of the file in for ${FILENAME}`
    throw refusal('field-invalid', { field: 'path', reason })
  }
  const maxBytes = Math.min(
    options.terms?.maxBytes ?? MAX_PUT_BYTES,
    folder.policy.maxBytes ?? MAX_PUT_BYTES,
  )
  const range = ['content-length-range', folder.policy.minBytes ?? 0, maxBytes] as const
  const { contentType, terms: { contentTypes } = {} } = options
  if (contentType !== undefined || contentTypes === undefined) return [range]
  const [only = ''] = contentTypes
  // The record says which of several it may be: a policy has room for one beginning.
  const beginning = contentTypes.length === 1 ? only.replace(/\*$/, '') : ''
  return [range, ['starts-with', '$Content-Type', beginning]]
}

const FILENAME = '${filename}'

/** The addresses from which the link works. One made by an address-bound key never works from others. */
export function chooseNetworks(
  { caller }: Permit,
  wanted: readonly string[] | undefined,
): readonly string[] {
  if (wanted === undefined) return caller.scope.cidrs
  const networks = parseAddressLimit(wanted, 'ip')
  if (areCidrsWithin(networks, caller.scope.cidrs)) return networks
  const reason = 'The key works from certain networks only, and so do the links it makes'
  throw refusal('forbidden', { action: 'share', reason })
}

/** Downloads: the id of the file that is there, in the version asked for. */
export async function findTarget(
  core: CoreContext,
  permit: Permit,
  versionId: string | null,
): Promise<string> {
  const { fileId, path } = permit
  const file = await findVersion(core, permit, versionId)
  if (fileId !== null && file.id !== fileId) throw fileNotFound(path)
  return file.id
}

export async function requireBucket({ catalog }: CoreContext, { path }: Permit): Promise<void> {
  if ((await catalog.buckets.find(path.bucket)) === null) throw bucketNotFound(path.bucket)
}

/** An upload link commits once, unless it was made for more. Where uses are limited, whoever says nothing gets as many as there are. */
function chooseUses(
  { method, maxUses, overwrite }: LinkOptions,
  most: number | null,
): number | null {
  if (maxUses !== undefined) return maxUses
  return method !== 'GET' && overwrite !== true ? 1 : most
}

/** A link for several uploads replaces what it stored itself, unless that is ruled out. */
function mayReplaceOwn({ method, maxUses, overwrite }: LinkOptions): boolean {
  return method !== 'GET' && overwrite === undefined && (maxUses ?? 1) > 1
}

/** In seconds; 0 for none. */
function checkWindow({ stableWindowSeconds: window, method, maxUses }: LinkOptions): number {
  if (window === undefined) return 0
  const field = 'stableWindow'
  if (method !== 'GET' || maxUses !== undefined) {
    const reason = 'only download links without a number of uses can stay the same'
    throw refusal('field-invalid', { field, reason })
  }
  if (!Number.isInteger(window) || window < 1 || window > MAX_STABLE_WINDOW_SECONDS) {
    const reason = `whole seconds from 1 to ${MAX_STABLE_WINDOW_SECONDS}`
    throw refusal('field-invalid', { field, reason })
  }
  return window
}

/** The id under which the same wish is known in this window. After it was revoked or narrowed, the same wish is another link. */
async function findStable(
  core: CoreContext,
  grant: Omit<GrantRecord, 'id'>,
  { options, issuedAt }: { readonly options: LinkOptions; readonly issuedAt: number },
): Promise<{ readonly id: string; readonly isStored: boolean }> {
  const { createdBy, fileId, signingKeyId, expiresAt } = grant
  const { networks = [] } = grant.terms
  for (let revoked = 0; ; revoked += 1) {
    const what = { createdBy, fileId, signingKeyId, networks, expiresAt, ...options, revoked }
    const id = createLinkId(issuedAt, drawnFrom(JSON.stringify(what)))
    const known = await core.catalog.grants.find(id)
    if (known === null) return { id, isStored: false }
    if (known.revokedAt === null && isSameLink(known, grant)) return { id, isStored: true }
  }
}

function isSameLink(known: GrantBounds, wanted: GrantBounds): boolean {
  const boundsOf = ({ expiresAt, maxUses, terms: { label: _label, ...terms } }: GrantBounds) => ({
    expiresAt,
    maxUses,
    terms,
  })
  return isDeepStrictEqual(boundsOf(known), boundsOf(wanted))
}
