/**
 * The one door to the rest of core: may this caller do this, here, how much, until when. Keys, revocations, folders and the record
 * of a link are read here, once a request, and the answer goes on as a permit.
 */
import type { Action, AccessKeyRecord, ApiKeyRecord, FileRecord } from '../../catalog/records.ts'
import type { GrantRecord, KeyScope, Quota, RevocationRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { isDomainError, isRefusal, refusal } from '../errors.ts'
import { resolveRecords } from './resolve-folder.ts'
import type { ResolvedFolder } from './resolve-folder.ts'
import { isLink } from '../identity.ts'
import type { Caller, Principal, VerifiedLink } from '../identity.ts'
import { USER_ACTIONS, isCovered } from '../users/user-rules.ts'
import type { Keys } from '../known-keys.ts'
import { describeLink } from './link-state.ts'
import { MAX_UPLOAD_SECONDS } from '../limits.ts'
import { splitPath } from '../paths.ts'
import type { ObjectPath } from '../paths.ts'
import type { UserFacts } from '../users/user-tokens.ts'
import { decide, findBrokenRules } from './decide.ts'
import type { BrokenRule } from './decide.ts'
import { isWithin } from './key-rules.ts'
import { makePermit } from './permit.ts'
import { requireMountTakes } from './require-mount.ts'
import type { Permit } from './permit.ts'
import type { Ask, Policy } from './rule.ts'

/** Throws `forbidden`, `unauthenticated`, `expiry-too-long`, or a `link-…` code. */
export function authorize<Asked extends Action>(
  core: CoreContext,
  caller: Caller,
  action: Asked,
  path: ObjectPath,
): Promise<Permit<Asked>> {
  const admitBy = (keys: Keys): Promise<Permit<Asked>> =>
    admit(core, keys, { caller, action, path, admittedAt: core.clock.now() })
  const keys = core.keyRing.current()
  return keys instanceof Promise ? keys.then(admitBy) : admitBy(keys)
}

/** The same for what goes on: it was begun at `begunAt`, and what began in time may finish. Throws the same. */
export async function authorizeBegun<Asked extends Action>(
  core: CoreContext,
  caller: Caller,
  action: Asked,
  { path, begunAt }: { readonly path: ObjectPath; readonly begunAt: number },
): Promise<Permit<Asked>> {
  return admit(core, await core.keyRing.current(), { caller, action, path, admittedAt: begunAt })
}

/** A file by its id. Somebody whose key does not reach it learns no more than that it is not there. */
export async function authorizeFile<Asked extends Action>(
  core: CoreContext,
  caller: Caller,
  action: Asked,
  id: string,
): Promise<{ readonly permit: Permit<Asked>; readonly file: FileRecord }> {
  const file = await core.files.findById(id)
  if (file === null || !isWithin(caller.scope.pathPrefix, file)) {
    throw refusal('file-not-found', { id })
  }
  const { bucket, key } = file
  const permit = await authorize(core, caller, action, { bucket, key })
  return { permit: makePermit({ ...permit, fileId: id }), file }
}

/**
 * For a key that acts in place of the bearer of a link: what the link allows and no more. Throws `link-revoked`, `link-paused`,
 * `link-used` if it is over.
 */
export async function authorizeForLink(
  core: CoreContext,
  caller: Caller,
  { id, bucket, key }: GrantRecord,
): Promise<Permit<'write'>> {
  const keys = await core.keyRing.current()
  const admittedAt = core.clock.now()
  const path = { bucket, key }
  return admit(core, keys, { caller, action: 'write', path, admittedAt, forLink: id })
}

/** For what has no path: keys and settings of the whole instance. */
export function authorizeInstance(
  core: CoreContext,
  principal: Principal,
): Promise<Permit<'admin'>> {
  return authorize(core, principal, 'admin', { bucket: '', key: '' })
}

/** For whatever the caller's own prefix holds, from its top. */
export function authorizeReach<Asked extends Action>(
  core: CoreContext,
  caller: Caller,
  action: Asked,
): Promise<Permit<Asked>> {
  return authorize(core, caller, action, splitPath(caller.scope.pathPrefix))
}

/** For as much of a bucket as the caller's own prefix holds: whoever asks this asks again for every key. */
export function authorizeReachWithin<Asked extends Action>(
  core: CoreContext,
  caller: Caller,
  action: Asked,
  bucket: string,
): Promise<Permit<Asked>> {
  const reach = splitPath(caller.scope.pathPrefix)
  return authorize(core, caller, action, reach.bucket === bucket ? reach : { bucket, key: '' })
}

/**
 * The same question once more, against what the catalog says at this moment. The moment of admission stays: what began in time
 * may finish, what was revoked meanwhile may not.
 */
export async function reauthorize<Asked extends Action>(
  core: CoreContext,
  permit: Permit<Asked>,
): Promise<Permit<Asked>> {
  const keys = await core.keyRing.recheck()
  const { caller, action, path, admittedAt, fileId, grant } = permit
  const forLink = isLink(caller) ? undefined : grant?.id
  const again = await admit(core, keys, { caller, action, path, admittedAt, forLink })
  return fileId === again.fileId ? again : makePermit({ ...again, fileId })
}

/**
 * True if what was let in under the permit may go on: its right was not taken away meanwhile. That its own use was the last one takes
 * nothing away from it.
 */
export async function stillStands(core: CoreContext, permit: Permit): Promise<boolean> {
  const { caller, action, path, admittedAt } = permit
  try {
    await admit(core, await core.keyRing.current(), { caller, action, path, admittedAt })
    return true
  } catch (error) {
    if (!isDomainError(error)) throw error
    return error.code === 'link-used'
  }
}

/** True if the holder of the permit may do this here, too. Of keys it costs nothing. */
export async function mayAlso(core: CoreContext, permit: Permit, other: Action): Promise<boolean> {
  const { caller, path, action } = permit
  if (other === action) return true
  if (isLink(caller) || caller.kind === 'anonymous') return false
  if (caller.kind === 'user') return isAllowed(authorize(core, caller, other, path))
  return caller.scope.actions.includes(other) && isWithin(caller.scope.pathPrefix, path)
}

async function isAllowed(asking: Promise<Permit>): Promise<boolean> {
  try {
    await asking
    return true
  } catch (error) {
    if (isRefusal(error, 'forbidden')) return false
    throw error
  }
}

interface Admission<Asked extends Action> {
  readonly caller: Caller
  readonly action: Asked
  readonly path: ObjectPath
  readonly admittedAt: number
  /** The link in whose place a key acts. */
  readonly forLink?: string | undefined
}

function admit<Asked extends Action>(
  core: CoreContext,
  keys: Keys,
  admission: Admission<Asked>,
): Promise<Permit<Asked>> {
  return weigh(core, keys, admission, (policy, ask) =>
    permitBy(core, keys, { admission, policy, ask }),
  )
}

interface Weighed<Asked extends Action> {
  readonly admission: Admission<Asked>
  readonly policy: Policy
  readonly ask: Ask
}

/** Throws the refusal, if there is one. There is something to wait for only where a file is changed. */
function permitBy<Asked extends Action>(
  core: CoreContext,
  keys: Keys,
  { admission, policy, ask }: Weighed<Asked>,
): Permit<Asked> | Promise<Permit<Asked>> {
  const { caller, action, path, admittedAt } = admission
  const { folder, grant } = policy
  const decision = decide(policy, ask)
  if (decision.refusal !== null) {
    core.log.debug({ rule: decision.rule, action }, 'refused')
    throw decision.refusal
  }
  const link = isLink(caller) ? caller : null
  const isWrite = action === 'write'
  const { epoch } = keys.snapshot
  const quotas = isWrite ? quotasOf(keys, { caller, folder, grant }) : NO_QUOTAS
  const permit = makePermit<Asked>({
    caller,
    action,
    path,
    fileId: link === null ? null : (grant?.fileId ?? link.fileId),
    versionId: link === null ? null : link.versionId,
    folder,
    grant,
    quotas,
    minBytes: decision.minBytes,
    maxBytes: decision.maxBytes,
    contentTypes: decision.contentTypes,
    admittedAt,
    latestEnd: isWrite ? admittedAt + MAX_UPLOAD_SECONDS * 1000 : Number.POSITIVE_INFINITY,
    epoch,
  })
  if (!changesFile(action, path)) return permit
  const { policy: lines } = folder
  return requireMountTakes(core, epoch, path, { policy: lines, quotas }).then(() => permit)
}

const NO_QUOTAS: readonly Quota[] = []

/**
 * Every rule that stands against it, in the order in which they are asked, where `authorize` names the first. Lets nobody in: for whoever
 * explains.
 */
export async function explainRefusal(
  core: CoreContext,
  caller: Caller,
  action: Action,
  path: ObjectPath,
): Promise<readonly BrokenRule[]> {
  const admission = { caller, action, path, admittedAt: core.clock.now() }
  return weigh(core, await core.keyRing.current(), admission, findBrokenRules)
}

/** Reads all that a decision depends on, and has it made. Rejects where a key acts in place of a link that is over. */
// oxlint-disable-next-line max-params -- what is known, what is asked, and who judges
async function weigh<Outcome>(
  core: CoreContext,
  keys: Keys,
  admission: Admission<Action>,
  judge: (policy: Policy, ask: Ask) => Outcome | Promise<Outcome>,
): Promise<Outcome> {
  const { caller, action, path, admittedAt } = admission
  const resolving = folderAt(core, keys.snapshot.epoch, path)
  const folder = resolving instanceof Promise ? await resolving : resolving
  const link = isLink(caller) ? caller : null
  const linkId = link === null ? (admission.forLink ?? null) : link.linkId
  const grant = linkId === null ? null : await core.catalog.grants.find(linkId)
  if (link === null && linkId !== null) requireAlive(grant, keys, core.clock.now())
  const policy = {
    folder,
    key: findKey(keys, { caller, path, admittedAt }),
    revocation: findSweep(keys, caller, { path, grant }),
    isUserAllowed:
      isLink(caller) || caller.user === undefined
        ? false
        : await isUserAllowed(core, { ...admission, caller, user: caller.user }),
    grant,
  }
  return judge(policy, { caller, action, path, nowMs: core.clock.now(), admittedAt })
}

function folderAt(
  { folders }: CoreContext,
  epoch: number,
  { bucket, key }: ObjectPath,
): ResolvedFolder | Promise<ResolvedFolder> {
  return bucket === '' ? NO_FOLDER : folders.resolve(epoch, bucket, key)
}

function changesFile(action: Action, { key }: ObjectPath): boolean {
  return key !== '' && (action === 'write' || action === 'delete')
}

/** What comes by a link counts for the key that issued it, whether or not that lives still. */
function quotasOf(
  { snapshot }: Keys,
  { caller, folder, grant }: Pick<Permit, 'caller' | 'grant'> & { readonly folder: ResolvedFolder },
): readonly Quota[] {
  const scopeOf = (key: string): KeyScope | undefined =>
    (
      snapshot.apiKeys.find(({ id }) => id === key) ??
      snapshot.accessKeys.find(({ id }) => id === key)
    )?.scope
  const maker = grant?.createdBy
  const quota = caller.scope.quota ?? (maker === undefined ? undefined : scopeOf(maker)?.quota)
  if (quota === undefined) return folder.quotas
  // Temporary credentials say what it was when they were made.
  return [...folder.quotas, scopeOf(quota.keyId)?.quota ?? quota]
}

function requireAlive(grant: GrantRecord | null, keys: Keys, nowMs: number): void {
  const status = grant === null ? 'revoked' : describeLink(grant, keys, nowMs).status
  if (status === 'revoked') throw refusal('link-revoked', {})
  if (status === 'used-up') throw refusal('link-used', {})
  if ((grant?.pausedAt ?? null) !== null) throw refusal('link-paused', {})
}

const NO_FOLDER: ResolvedFolder = resolveRecords([])

function findKey(
  keys: Keys,
  { caller, path, admittedAt: nowMs }: Pick<Admission<Action>, 'caller' | 'path' | 'admittedAt'>,
): AccessKeyRecord | ApiKeyRecord | null {
  const { temporary } = caller
  if (temporary !== undefined) return stands(keys, { temporary, path, nowMs }) ? temporary : null
  if (isLink(caller)) return keys.findAccessKey(caller.keyId, nowMs)?.record ?? null
  if (caller.kind === 'anonymous' || caller.kind === 'user') return null
  if (caller.person !== undefined) return personKey(keys, caller, nowMs)
  if (caller.kind === 'api-key') return keys.findApiKeyById(caller.id, nowMs)
  return keys.findAccessKey(caller.id, nowMs)?.record ?? null
}

/** A session stands in for a key, until its time or a sweep of all that this person has. */
function personKey(
  keys: Keys,
  { id, scope, person }: Principal,
  nowMs: number,
): ApiKeyRecord | null {
  if (person === undefined || nowMs >= person.expiresAt) return null
  const sweep = keys.findRevocation({ keyIds: [id], bucket: '', key: '' })
  if (sweep !== null && person.since < sweep.notBefore) return null
  const { name, since: createdAt, expiresAt } = person
  const unkept = { secretHash: '', revokedAt: null, lastUsedAt: null }
  return { id, name, scope, createdAt, createdBy: id, expiresAt, ...unkept }
}

/** What nobody stores ends at its time, with the key that made it, and with every sweep that reaches what it is used for. */
function stands(
  keys: Keys,
  {
    temporary,
    path,
    nowMs,
  }: { readonly temporary: AccessKeyRecord; readonly path: ObjectPath; readonly nowMs: number },
): boolean {
  const { id, createdAt, createdBy, expiresAt } = temporary
  if (expiresAt === null || nowMs >= expiresAt) return false
  if (keys.findApiKeyById(createdBy, nowMs) === null) return false
  const sweep = keys.findRevocation({ keyIds: [id, createdBy], ...path })
  return sweep === null || createdAt >= sweep.notBefore
}

/** What was issued in the name of an end user ends with the rules for that user, tokens among it, and with those for everything. */
function findSweep(
  keys: Keys,
  caller: Caller,
  { path, grant }: { readonly path: ObjectPath; readonly grant: GrantRecord | null },
): RevocationRecord | null {
  if (isLink(caller)) return keys.findRevocation(originOf(caller, path, grant))
  if (caller.kind !== 'user') return null
  return keys.findRevocation({ keyIds: [caller.id], bucket: '', key: '' })
}

/** By the rules, or else by the word of the application. The instance is nobody's to give. */
async function isUserAllowed(
  core: CoreContext,
  {
    caller,
    user,
    action,
    path,
  }: Omit<Admission<Action>, 'caller'> & {
    readonly caller: Principal
    readonly user: UserFacts
  },
): Promise<boolean> {
  if (isCovered(user.rights, action, path)) return true
  const ask = core.userTokens?.ask ?? null
  const mayBeAsked = path.bucket !== '' && USER_ACTIONS.some((known) => known === action)
  if (ask === null || !mayBeAsked) return false
  return ask({ user, action, path, clientIp: caller.clientIp })
}

function originOf(
  link: VerifiedLink,
  { bucket, key }: ObjectPath,
  grant: GrantRecord | null,
): Parameters<Keys['findRevocation']>[0] {
  const createdBy = grant?.createdBy ?? link.createdBy
  const keyIds = [link.keyId, createdBy, link.sendsWith ?? null].filter((id) => id !== null)
  return { keyIds, bucket, key }
}
