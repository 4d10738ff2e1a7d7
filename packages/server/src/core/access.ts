/**
 * May this caller do this, here? Every core operation asks before it does anything else, so that no face can forget to.
 *
 * A link carries the rights of the key that signed it, narrowed to one method. An anonymous caller may read what lies in a
 * public folder, and nothing else.
 */
import type { Action } from '../catalog/records.ts'
import { isAddressAllowed } from './addresses.ts'
import type { CoreContext } from './context.ts'
import { DomainError } from './errors.ts'
import { resolveFolder } from './folders/resolve-folder.ts'
import { isLink } from './identity.ts'
import type { Caller, Principal } from './identity.ts'
import type { ObjectPath } from './paths.ts'
import { requireLiveLink } from './links/use-link.ts'

/** Resolves if the caller may; throws `forbidden`, `unauthenticated`, or a `link-…` code. */
export async function requireAccess(
  core: CoreContext,
  caller: Caller,
  action: Action,
  path: ObjectPath,
): Promise<void> {
  if (isLink(caller)) {
    requireScope(caller, action, path)
    await requireLiveLink(core, caller, path)
    return
  }
  if (caller.kind === 'anonymous') return requirePublic(core, action, path)
  requireScope(caller, action, path)
}

/** For what has no path: keys and settings of the whole instance. */
export function requireAdmin(principal: Principal): void {
  if (principal.kind === 'anonymous') throw unauthenticated()
  requireScope(principal, 'admin', { bucket: '', key: '' })
}

/** True if `path` lies under the key's prefix. The prefix ends in a slash, so siblings never match. */
export function isWithin(pathPrefix: string, path: ObjectPath): boolean {
  return pathPrefix === '' || `${path.bucket}/${path.key}`.startsWith(pathPrefix)
}

function requireScope(caller: Caller, action: Action, path: ObjectPath): void {
  const { scope, clientIp } = caller
  if (!scope.actions.includes(action)) throw forbidden(action)
  if (!isWithin(scope.pathPrefix, path)) throw forbidden(action)
  if (!isAddressAllowed(clientIp, scope.cidrs)) throw forbidden(action)
}

async function requirePublic(core: CoreContext, action: Action, path: ObjectPath): Promise<void> {
  if (action !== 'read' || path.key === '') throw unauthenticated()
  const { visibility } = await resolveFolder(core, path.bucket, path.key)
  if (visibility !== 'public') throw unauthenticated()
}

function forbidden(action: Action): DomainError<'forbidden'> {
  return new DomainError('forbidden', `This key does not have the right to ${action} here.`, {
    action,
  })
}

function unauthenticated(): DomainError<'unauthenticated'> {
  const reason = 'the request carries no credentials and the folder is private'
  return new DomainError('unauthenticated', `Access is denied: ${reason}.`, { reason })
}
