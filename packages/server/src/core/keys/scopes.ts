/** A key's scope, checked when it is made: never wider than its maker's. */
import { ACTIONS } from '../../catalog/records.ts'
import type { Action, KeyScope } from '../../catalog/records.ts'
import { parseCidrs } from '../addresses.ts'
import { DomainError } from '../errors.ts'
import type { Principal } from '../identity.ts'
import { parseFolderPath } from '../paths.ts'

export const FULL_SCOPE: KeyScope = { actions: ACTIONS, pathPrefix: '', cidrs: [] }

export interface ScopeOptions {
  readonly actions: readonly Action[]
  readonly pathPrefix?: string
  readonly cidrs?: readonly string[]
}

/** Throws `field-invalid` for a malformed scope and `forbidden` for one that exceeds the maker's. */
export function createScope(maker: Principal, options: ScopeOptions): KeyScope {
  const { actions } = options
  if (actions.length === 0) {
    const reason = `at least one of ${ACTIONS.join(', ')} is needed`
    throw new DomainError('field-invalid', `actions: ${reason}.`, { field: 'actions', reason })
  }
  const pathPrefix =
    (options.pathPrefix ?? '') === '' ? '' : parseFolderPath(options.pathPrefix ?? '')
  const cidrs = parseCidrs(options.cidrs ?? [], 'cidrs')
  for (const action of actions) {
    if (!maker.scope.actions.includes(action)) throw exceeds(action)
  }
  if (!pathPrefix.startsWith(maker.scope.pathPrefix)) throw exceeds('reach beyond its folder')
  // A key bound to addresses makes keys bound to the same ones: an inner range could not be told from an outer one.
  if (maker.scope.cidrs.length > 0) return { actions, pathPrefix, cidrs: maker.scope.cidrs }
  return { actions, pathPrefix, cidrs }
}

function exceeds(action: string): DomainError<'forbidden'> {
  const message = `A key cannot make one with more rights than its own: ${action}.`
  return new DomainError('forbidden', message, { action })
}
