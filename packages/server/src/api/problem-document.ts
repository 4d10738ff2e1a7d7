/** What the faces that answer with problem documents [RFC9457 3] have in common. */
import type { RefusalKind } from '../core/errors.ts'

export const PROBLEM_TYPE = 'application/problem+json'

/** The status of each kind of refusal. */
export const KIND_STATUSES: Readonly<Record<RefusalKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  denied: 403,
  missing: 404,
  conflict: 409,
  'used-up': 410,
  unmet: 412,
  unchanged: 304,
  'too-large': 413,
  'too-slow': 408,
  'type-refused': 415,
  unsatisfiable: 416,
  'method-refused': 405,
  'too-fast': 429,
  unavailable: 503,
}
