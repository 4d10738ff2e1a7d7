/** A key's scope and end, checked when it is made: never more than its maker's. */
import { ACTIONS } from '../../catalog/records.ts'
import type { Action, KeyQuota, KeyScope } from '../../catalog/records.ts'
import { parseAddressLimit } from '../addresses.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import { callerId, isLink } from '../identity.ts'
import type { Caller } from '../identity.ts'
import { formatPath, parseFolderPath } from '../paths.ts'
import type { Permit } from '../policy/permit.ts'

export const FULL_SCOPE: KeyScope = { actions: ACTIONS, pathPrefix: '', cidrs: [] }

export interface ScopeOptions {
  readonly actions: readonly Action[]
  readonly pathPrefix?: string
  readonly cidrs?: readonly string[]
  /** Of the key that is made; one of its maker's is shared. */
  readonly quota?: QuotaOptions
}

export interface QuotaOptions {
  readonly maxTotalBytes?: number
  readonly maxFiles?: number
}

/** Of the key that will have `id`. Throws `field-invalid` for a malformed scope and `forbidden` for one that exceeds the maker's. */
export function createScope(
  { caller: maker }: Permit<'admin' | 'share'>,
  options: ScopeOptions & { readonly id: string },
): KeyScope {
  requireKeyMaker(maker)
  const { actions, id } = options
  if (actions.length === 0) {
    const reason = `at least one of ${ACTIONS.join(', ')} is needed`
    throw refusal('field-invalid', { field: 'actions', reason })
  }
  const pathPrefix =
    (options.pathPrefix ?? '') === '' ? '' : formatPath(parseFolderPath(options.pathPrefix ?? ''))
  const cidrs = parseAddressLimit(options.cidrs, 'cidrs')
  for (const action of actions) {
    if (!maker.scope.actions.includes(action)) throw exceeds(action)
  }
  if (!pathPrefix.startsWith(maker.scope.pathPrefix)) throw exceeds('reach beyond its folder')
  // A key bound to addresses makes keys bound to the same ones: an inner range could not be told from an outer one.
  const bound = maker.scope.cidrs.length > 0 ? maker.scope.cidrs : cidrs
  const quota = chooseQuota(maker.scope, { ...options, id })
  return { actions, pathPrefix, cidrs: bound, ...(quota !== null && { quota }) }
}

/** A key would have as much room as it likes if each that it makes had room of its own. */
function chooseQuota(
  maker: KeyScope,
  { id, quota: wanted }: Pick<ScopeOptions, 'quota'> & { readonly id: string },
): KeyQuota | null {
  if (maker.quota !== undefined && wanted !== undefined) {
    const reason = 'a key that is made with one that has a quota shares the room of that one'
    throw refusal('field-invalid', { field: 'quota', reason })
  }
  if (wanted === undefined) return maker.quota ?? null
  const { maxTotalBytes: maxBytes = null, maxFiles = null } = wanted
  if (maxBytes === null && maxFiles === null) {
    const reason = 'maxTotalBytes, maxFiles or both are needed'
    throw refusal('field-invalid', { field: 'quota', reason })
  }
  return { keyId: id, maxBytes, maxFiles }
}

/**
 * The end of a key to be made: its maker's unless an earlier one is asked for. Throws `forbidden` for a later one, and for a maker
 * that has ended itself.
 */
export async function chooseKeyEnd(
  core: CoreContext,
  { caller, action }: Permit<'admin' | 'share'>,
  wanted: Date | undefined,
): Promise<number | null> {
  const keys = await core.keyRing.current()
  // What people make stands for itself: their own right is asked for each time, and says nothing of an end.
  if (!isLink(caller) && caller.kind === 'person') return wanted?.getTime() ?? null
  const id = callerId(caller)
  const now = core.clock.now()
  const maker = keys.findApiKeyById(id, now) ?? keys.findAccessKey(id, now)?.record
  if (maker === undefined) {
    const reason = 'The key was revoked, or has run out'
    throw refusal('forbidden', { action, reason })
  }
  const latest = maker.expiresAt
  const end = wanted?.getTime() ?? latest
  if (latest !== null && end !== null && end > latest) throw exceeds('outlive it')
  return end
}

/** Throws `forbidden` for whoever comes with a token. */
function requireKeyMaker(maker: Caller): void {
  if (isLink(maker) || maker.kind !== 'user') return
  const reason = 'A token makes no keys: it ends, and they would not'
  throw refusal('forbidden', { action: 'make keys', reason })
}

function exceeds(action: string): DomainError<'forbidden'> {
  const reason = `A key cannot make one with more rights than its own: ${action}`
  return refusal('forbidden', { action, reason })
}
