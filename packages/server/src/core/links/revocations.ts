/** Sweeps: every link of a file, under a folder, of a key, or of the instance, issued before a moment. */
import type { Action, RevocationRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { callerId } from '../identity.ts'
import type { Principal } from '../identity.ts'
import { FOREIGN_SWEEP_MS } from '../limits.ts'
import { MAX_EXPIRES_SECONDS } from '../../platform/s3-limits.ts'
import { formatPath, parseFilePath, parseFolderPath } from '../paths.ts'
import { authorize, authorizeInstance } from '../policy/authorize.ts'
import { subjectOf, userIdOf } from '../users/user-id.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'
import { countSwept, holdsFiles, requireTarget } from './swept-links.ts'

/** What a sweep reaches, as people say it. */
export type RevocationTarget =
  | { readonly kind: 'instance' }
  | { readonly kind: 'key'; readonly keyId: string }
  | { readonly kind: 'subject'; readonly subject: string }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string }

/** The same with the right to do it. */
export type Sweep =
  | { readonly kind: 'instance'; readonly permit: Permit<'admin'> }
  | { readonly kind: 'key'; readonly permit: Permit<'admin'>; readonly keyId: string }
  | { readonly kind: 'folder' | 'file'; readonly permit: Permit<'share'> }

export interface SweptLinks {
  readonly scope: string
  /** Links that the server issued before it are dead. */
  readonly notBefore: Date
  /** So are URLs signed by the holders of access keys that are dated before it. */
  readonly foreignNotBefore: Date
  /** Links with a record that it ended, of MAX_SWEPT_COUNTED at most. */
  readonly links: number
  /** False if no file lies at the path, or below the folder, by now. */
  readonly holdsFiles: boolean
  /** What a sweep cannot do, and what may have been meant, for whoever reads the answer. */
  readonly notice: string
}

const NOTICE =
  'Whoever holds an access key can sign again with a later date: only revoking the key ends that.'
const USER_NOTICE =
  'Whoever signs in anew, or gets another token of the issuer, is let in again: only ending the account there ends that.'
const NOTHING_THERE = {
  file: 'No file lies at this path: compare it with a listing. A folder is named as folder.',
  folder:
    'No file lies below this folder: compare it with a listing. A single file is named as file.',
}

export async function authorizeSweep(
  core: CoreContext,
  principal: Principal,
  target: RevocationTarget,
): Promise<Sweep> {
  switch (target.kind) {
    case 'instance':
      return { kind: 'instance', permit: await authorizeInstance(core, principal) }
    case 'key':
      return { ...target, permit: await authorizeInstance(core, principal) }
    case 'subject': {
      const keyId = userIdOf(target.subject)
      if (keyId === null) {
        const reason = 'it is no sub that a token can have'
        throw refusal('field-invalid', { field: 'subject', reason })
      }
      return { kind: 'key', keyId, permit: await authorizeInstance(core, principal) }
    }
    case 'folder': {
      const path = parseFolderPath(target.path)
      return { kind: 'folder', permit: await authorize(core, principal, 'share', path) }
    }
    case 'file': {
      const path = parseFilePath(target.path)
      return { kind: 'file', permit: await authorize(core, principal, 'share', path) }
    }
  }
}

/**
 * Ends what was issued before this moment; from when it resolves, here at once, elsewhere within a second. Throws `key-not-found`,
 * `bucket-not-found`.
 */
export async function revokeBefore(core: CoreContext, sweep: Sweep): Promise<SweptLinks> {
  await requireTarget(core, sweep)
  const before = await core.keyRing.current()
  const rule = ruleFor(core, scopeOf(sweep))
  await changeInEpoch<Action, 'revoked'>(core, sweep.permit, (rights) =>
    core.catalog.keys.revokeBefore(rule, rights),
  )
  const after = await core.keyRing.refresh()
  core.log.info({ scope: rule.scope, by: callerId(sweep.permit.caller) }, 'links revoked')
  const isThere = await holdsFiles(core, sweep)
  return {
    scope: rule.scope,
    notBefore: new Date(rule.notBefore),
    foreignNotBefore: new Date(rule.notBefore + FOREIGN_SWEEP_MS),
    links: await countSwept(core, sweep, { before, after }),
    holdsFiles: isThere,
    notice: isThere ? noticeOf(sweep) : `${nothingAt(sweep)} ${noticeOf(sweep)}`,
  }
}

/** An end user, or a person at the console, signs no URLs. */
function noticeOf(sweep: Sweep): string {
  return sweep.kind === 'key' && subjectOf(sweep.keyId) !== null ? USER_NOTICE : NOTICE
}

function nothingAt({ kind }: Sweep): string {
  return kind === 'file' || kind === 'folder' ? NOTHING_THERE[kind] : ''
}

/** The rule that ends what a key issued before this moment, for whoever ends the key with it. */
export function ruleForKey(core: CoreContext, keyId: string): RevocationRecord {
  return ruleFor(core, `key:${keyId}`)
}

/**
 * Takes a rule back, such as one that a wrong clock dated ahead: what it alone ended works again. One that is not ahead of the
 * clock holds whatever its maker meant it to, and only an administrator of the place takes it back. Throws
 * `revocation-not-found`, `forbidden`.
 */
export async function removeRevocation(core: CoreContext, sweep: Sweep): Promise<void> {
  const scope = scopeOf(sweep)
  const { snapshot } = await core.keyRing.recheck()
  const rule = snapshot.revocations.find((known) => known.scope === scope)
  if (rule !== undefined && rule.notBefore <= core.clock.now() + 1) {
    const { caller, path } = sweep.permit
    await authorize(core, caller, 'admin', path)
  }
  const isRemoved = await changeInEpoch<Action, boolean>(core, sweep.permit, (rights) =>
    core.catalog.keys.removeRevocation(scope, rights),
  )
  if (!isRemoved) throw refusal('revocation-not-found', { scope })
  await core.keyRing.refresh()
  core.log.info({ scope, by: callerId(sweep.permit.caller) }, 'revocation taken back')
}

/** In the order of their scopes. */
export function listRevocations(
  core: CoreContext,
  _permit: Permit<'admin'>,
  query: { readonly after: string | null; readonly limit: number },
): Promise<readonly RevocationRecord[]> {
  return core.catalog.keys.listRevocations(query.after, query.limit)
}

/** The rule reaches what was issued in this very millisecond, and is forgotten when no link it covers can be in time. */
function ruleFor(core: CoreContext, scope: string): RevocationRecord {
  const notBefore = core.clock.now() + 1
  const forgetAt = notBefore + FOREIGN_SWEEP_MS + MAX_EXPIRES_SECONDS * 1000
  return { scope, notBefore, forgetAt }
}

function scopeOf(sweep: Sweep): string {
  switch (sweep.kind) {
    case 'instance':
      return ''
    case 'key':
      return `key:${sweep.keyId}`
    case 'folder':
    case 'file':
      return `${sweep.kind}:${formatPath(sweep.permit.path)}`
  }
}
