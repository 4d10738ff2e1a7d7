/** Who may call an operation, and what it is then given to act with. */
import { authenticateToken } from '../../auth/authenticate-token.ts'
import type { TokenSender } from '../../auth/authenticate-token.ts'
import type { CoreContext } from '../../core/context.ts'
import type { Principal } from '../../core/identity.ts'
import { authorize, authorizeInstance } from '../../core/policy/authorize.ts'
import type { Permit } from '../../core/policy/permit.ts'

/** What an operation has besides the request itself, by who may call it. */
export interface AdmittedAs {
  /** Anybody: there is nobody to speak of. */
  readonly anyone: object
  /** Whoever holds a live API key; the operation asks for the right to do what it does. */
  readonly key: { readonly principal: Principal }
  /** Whoever holds one with admin rights over the whole instance. */
  readonly admin: { readonly principal: Principal; readonly permit: Permit<'admin'> }
  /** Whoever may look at metrics, or holds such a key. */
  readonly metrics: { readonly principal: Principal }
}

export type RestAccess = keyof AdmittedAs

export type Caller = TokenSender

export interface Admission<Access extends RestAccess> {
  /** The caller's key; `null` where nobody was asked. */
  readonly keyId: string | null
  readonly admitted: AdmittedAs[Access]
}

type Admissions = {
  readonly [Access in RestAccess]: (core: CoreContext, caller: Caller) => Promise<Admission<Access>>
}

const ADMISSIONS: Admissions = {
  anyone: async () => ({ keyId: null, admitted: {} }),
  key: async (core, caller) => {
    const principal = await authenticate(core, caller)
    return { keyId: principal.id, admitted: { principal } }
  },
  admin: async (core, caller) => {
    const principal = await authenticate(core, caller)
    const permit = await authorizeInstance(core, principal)
    return { keyId: principal.id, admitted: { principal, permit } }
  },
  metrics: async (core, caller) => {
    const principal = await authenticate(core, caller)
    const action = principal.scope.actions.includes('admin') ? 'admin' : 'metrics'
    await authorize(core, principal, action, { bucket: '', key: '' })
    return { keyId: principal.id, admitted: { principal } }
  },
}

/** Throws `unauthenticated`, `api-key-invalid`, `forbidden`. */
export function admit<Access extends RestAccess>(
  core: CoreContext,
  access: Access,
  caller: Caller,
): Promise<Admission<Access>> {
  return ADMISSIONS[access](core, caller)
}

function authenticate(core: CoreContext, caller: Caller): Promise<Principal> {
  return authenticateToken(core, caller)
}
