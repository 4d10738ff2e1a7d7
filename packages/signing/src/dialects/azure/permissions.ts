/**
 * Permission letters: which there are, in which order they are written, which an operation needs.
 *
 * @module
 */
import { requireGiven } from '../../lib/required-options.ts'

// One order that agrees with what the official SDKs write for blobs, containers and directories. The service calls
// other orders invalid, though the signature holds over any.
const RESOURCE_ORDER = 'racwdxltmeopiyf'
const ACCOUNT_ORDER = 'rwdxftlacupiy'

/** What of an account token counts for blobs: its `p` is to process messages and its `u` to update them, and it has no `e`, `m`, `o`. */
export const ACCOUNT_BLOB_LETTERS = 'rwdxftlaciy'

const LETTER_VERSIONS: Readonly<Record<string, string>> = {
  x: '2019-10-10',
  y: '2019-10-10',
  t: '2019-12-12',
  m: '2020-02-10',
  e: '2020-02-10',
  o: '2020-02-10',
  p: '2020-02-10',
  i: '2020-08-04',
  f: '2021-04-10',
}

const RESOURCE_NAMES = {
  read: 'r',
  add: 'a',
  create: 'c',
  write: 'w',
  delete: 'd',
  deleteVersion: 'x',
  list: 'l',
  tag: 't',
  move: 'm',
  execute: 'e',
  manageOwnership: 'o',
  manageAccessControl: 'p',
  setImmutabilityPolicy: 'i',
  permanentDelete: 'y',
  filterByTags: 'f',
} as const

const ACCOUNT_NAMES = {
  read: 'r',
  write: 'w',
  delete: 'd',
  deleteVersion: 'x',
  filterByTags: 'f',
  tag: 't',
  list: 'l',
  add: 'a',
  create: 'c',
  update: 'u',
  process: 'p',
  setImmutabilityPolicy: 'i',
  permanentDelete: 'y',
} as const

const NAMES_BY_LETTER = new Map<string, string>(
  Object.entries(RESOURCE_NAMES).map(([name, letter]) => [letter, name]),
)

/** `read (r)`. */
export function nameOfLetter(letter: string): string {
  return `${NAMES_BY_LETTER.get(letter) ?? ''} (${letter})`
}

/** Every name of a permission; which of them a token may have depends on its kind. */
export type AzurePermissionName = keyof typeof RESOURCE_NAMES | keyof typeof ACCOUNT_NAMES

/**
 * Permissions: a list of names (`['read', 'list']`), an object (`{ read: true }`), or the letters in the service's own
 * order (`'rl'`). A word is none of these: `'read'` would be four letters, `d` for delete among them.
 */
export type AzurePermissions =
  | string
  | readonly AzurePermissionName[]
  | Readonly<Partial<Record<AzurePermissionName, boolean>>>

/**
 * The letters in the order the service wants.
 *
 * @throws {TypeError | RangeError} for letters out of order, for a name or letter that is unknown, repeated or newer
 *   than the version
 */
export function orderPermissions(
  permissions: AzurePermissions,
  kind: 'resource' | 'account',
  version: string,
): string {
  requireGiven(permissions, 'permissions')
  const order = kind === 'account' ? ACCOUNT_ORDER : RESOURCE_ORDER
  const letters = typeof permissions === 'string' ? permissions : lettersOf(permissions, kind)
  const ordered = orderLetters(letters, order, 'permissions')
  if (typeof permissions === 'string' && ordered !== permissions) {
    throw new TypeError(
      `permissions must be letters in the order ${order}, or a list of names such as ['read', 'list']`,
    )
  }
  for (const letter of ordered) {
    const needed = firstVersionOf(letter, kind)
    if (needed !== undefined && version < needed) {
      throw new RangeError(`permissions: ${letter} needs version ${needed} or later`)
    }
  }
  return ordered
}

function lettersOf(
  permissions: Exclude<AzurePermissions, string>,
  kind: 'resource' | 'account',
): string {
  const names: Readonly<Record<string, string>> =
    kind === 'account' ? ACCOUNT_NAMES : RESOURCE_NAMES
  return namesOf(permissions)
    .map((name) => {
      const letter =
        typeof name === 'string' && Object.hasOwn(names, name) ? names[name] : undefined
      if (letter !== undefined) return letter
      throw new TypeError(`permissions must be names out of ${Object.keys(names).join(', ')}`)
    })
    .join('')
}

function namesOf(permissions: unknown): readonly unknown[] {
  if (Array.isArray(permissions)) return permissions
  if (typeof permissions !== 'object' || permissions === null) {
    throw new TypeError('permissions must be a list of names, an object of names, or letters')
  }
  return Object.entries(permissions).flatMap(([name, isGranted]: [string, unknown]) => {
    if (typeof isGranted !== 'boolean' && isGranted !== undefined) {
      throw new TypeError(`permissions: ${name} must be true or false`)
    }
    return isGranted === true ? [name] : []
  })
}

function firstVersionOf(letter: string, kind: 'resource' | 'account'): string | undefined {
  // In an account token `p` processes queue messages, and `f` came earlier.
  if (kind === 'account' && letter === 'p') return undefined
  return kind === 'account' && letter === 'f' ? '2019-12-12' : LETTER_VERSIONS[letter]
}

/** The letters in the given order, which also says which letters there are. */
export function orderLetters(letters: string, order: string, parameter: string): string {
  if (typeof letters !== 'string' || letters === '') {
    throw new TypeError(`${parameter} must be letters out of ${order}`)
  }
  if (letters.length > order.length) throw new TypeError(`${parameter} must not repeat a letter`)
  let sorted = ''
  for (const letter of order) if (letters.includes(letter)) sorted += letter
  if (sorted.length !== letters.length) {
    throw new TypeError(`${parameter} must be letters out of ${order}, each once`)
  }
  return sorted
}

/** What a request does: at which level, and the letters of which one is enough. */
export interface AzureOperation {
  /** `s` the service, `c` a container, `o` a blob: the letters of `srt`. */
  readonly level: 's' | 'c' | 'o'
  /** Any one of these letters allows the request. */
  readonly permissions: string
}

// comp → letters, for requests on a blob. What is not here needs a write.
const BLOB_READS: Readonly<Record<string, string>> = {
  metadata: 'r',
  blocklist: 'r',
  pagelist: 'r',
  tags: 't',
}
const BLOB_WRITES: Readonly<Record<string, string>> = {
  metadata: 'w',
  properties: 'w',
  block: 'wc',
  blocklist: 'wc',
  page: 'w',
  appendblock: 'aw',
  snapshot: 'cw',
  lease: 'wd',
  copy: 'w',
  tier: 'w',
  undelete: 'w',
  seal: 'w',
  expiry: 'w',
  tags: 't',
  immutabilityPolicies: 'i',
  legalhold: 'i',
}

/** What in a request says what it does. */
export interface AzureRequestSigns {
  readonly method: string
  readonly isBlob: boolean
  readonly isService: boolean
  readonly comp: string | null
  readonly restype: string | null
  readonly isVersion: boolean
}

/**
 * The operation behind a Blob service request, by method and the parameters `comp` and `restype`; `null` if it is none
 * of the known ones. Creating and overwriting look alike, so a PUT asks for `c` or `w`: whoever knows whether the blob
 * exists must ask for `w` itself.
 */
export function operationOf(signs: AzureRequestSigns): AzureOperation | null {
  const { method, comp } = signs
  if (signs.isService) return serviceOperation(method, comp)
  if (!signs.isBlob) return containerOperation(method, comp, signs.restype)
  const permissions = blobPermissions(method, comp, signs.isVersion)
  return permissions === null ? null : { level: 'o', permissions }
}

function blobPermissions(method: string, comp: string | null, isVersion: boolean): string | null {
  if (method === 'GET' || method === 'HEAD') return comp === null ? 'r' : (BLOB_READS[comp] ?? null)
  if (method === 'PUT') return comp === null ? 'cw' : (BLOB_WRITES[comp] ?? null)
  if (method === 'POST') return comp === 'query' ? 'r' : null
  if (method !== 'DELETE') return null
  if (comp === 'immutabilityPolicies') return 'i'
  if (comp !== null) return null
  return isVersion ? 'x' : 'd'
}

function containerOperation(
  method: string,
  comp: string | null,
  restype: string | null,
): AzureOperation | null {
  if (restype !== 'container') return null
  if (method === 'GET' && comp === 'list') return { level: 'c', permissions: 'l' }
  if (method === 'GET' && comp === 'blobs') return { level: 'c', permissions: 'f' }
  if ((method === 'GET' || method === 'HEAD') && (comp === null || comp === 'metadata')) {
    return { level: 'c', permissions: 'r' }
  }
  if (method === 'PUT') return { level: 'c', permissions: comp === null ? 'cw' : 'w' }
  return method === 'DELETE' && comp === null ? { level: 'c', permissions: 'd' } : null
}

function serviceOperation(method: string, comp: string | null): AzureOperation | null {
  if (method !== 'GET') return null
  if (comp === 'list') return { level: 's', permissions: 'l' }
  if (comp === 'blobs') return { level: 's', permissions: 'f' }
  return comp === 'properties' || comp === 'stats' ? { level: 's', permissions: 'r' } : null
}
