/**
 * Which methods a token opens. A SAS binds none, so one that its permissions never open would first be refused to who uses the
 * URL; here it is refused to who signs.
 *
 * @module
 */
import { requireMethod } from '../../lib/method-scope.ts'
import type { AzureFields } from './params.ts'
import { ACCOUNT_BLOB_LETTERS, nameOfLetter } from './permissions.ts'

/** The methods that a token opens, and how far it goes. */
export interface AzureReach {
  /** The one that is usual comes first. `null` if a stored access policy knows. */
  readonly methods: readonly string[] | null
  readonly scope: AzureScope
}

interface AzureScope {
  /** Letters of `srt`: `s` the service, `c` containers, `o` blobs. */
  readonly levels: string
  /** The permissions that count for blobs in a token of this kind; `null`: all. */
  readonly letters: string | null
}

type Level = 's' | 'c' | 'o'

/**
 * The letters of which one is enough, whatever `comp` says, at the Data Lake endpoint, whose leases are POSTs, and in batches too.
 * The first three are the usual ones. What Get Account Information asks for, any letter, is left out.
 */
const OPENED_BY: Readonly<Record<string, Readonly<Record<Level, string>>>> = {
  GET: { o: 'rte', c: 'rlfe', s: 'rlf' },
  PUT: { o: 'cwatdim', c: 'cwdm', s: 'w' },
  DELETE: { o: 'dxyi', c: 'd', s: '' },
  HEAD: { o: 'rte', c: 're', s: 'r' },
  POST: { o: 'rwd', c: 'dxwt', s: 'dxwt' },
  PATCH: { o: 'wacop', c: 'wacop', s: '' },
}

const METHODS = Object.keys(OPENED_BY)
const USUAL = 3

/** How far a token for a container or something in it goes. */
export function reachOf({ sp, sr = '' }: AzureFields): AzureReach {
  return reachWithin({ levels: 'cd'.includes(sr) ? 'oc' : 'o', letters: null }, sp)
}

/** How far an account token goes at blobs. */
export function reachOfAccount(permissions: string | undefined, levels: string): AzureReach {
  return reachWithin({ levels, letters: ACCOUNT_BLOB_LETTERS }, permissions)
}

function reachWithin(scope: AzureScope, permissions: string | undefined): AzureReach {
  if (permissions === undefined) return { methods: null, scope }
  const opening = (most?: number): string[] =>
    METHODS.filter((method) => hasAny(permissions, lettersFor(method, scope, most)))
  return { methods: [...opening(USUAL), ...opening()], scope }
}

/**
 * The method to send: the one that was asked for, or else the first that the permissions open.
 *
 * @throws {TypeError} for a method that they do not open
 */
export function methodWithin({ methods, scope }: AzureReach, asked: string | undefined): string {
  if (asked === undefined) return methods?.[0] ?? 'GET'
  const method = requireMethod(asked)
  if (methods === null || methods.includes(method)) return method
  const needed = new Set(lettersFor(method, scope))
  throw new TypeError(
    needed.size > 0
      ? `permissions must hold one of these for ${method}: ${[...needed].map(nameOfLetter).join(', ')}`
      : `method must be one of ${METHODS.filter((name) => lettersFor(name, scope) !== '').join(', ')}`,
  )
}

function hasAny(permissions: string, letters: string): boolean {
  for (const letter of letters) if (permissions.includes(letter)) return true
  return false
}

function lettersFor(method: string, { levels, letters }: AzureScope, most?: number): string {
  const byLevel = Object.hasOwn(OPENED_BY, method) ? OPENED_BY[method] : undefined
  if (byLevel === undefined) return ''
  const { o, c, s } = byLevel
  const opening = Array.from(levels, (level) =>
    (level === 'o' ? o : level === 'c' ? c : s).slice(0, most),
  ).join('')
  return Array.from(opening, (letter) => (letters?.includes(letter) === false ? '' : letter)).join(
    '',
  )
}
