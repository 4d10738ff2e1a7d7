/**
 * Temporary credentials: an access key that nobody stores. Its secret and its rights are sealed in the session token that comes with
 * every request, so that making one writes nothing and reading one asks nobody. It ends at its time, with the key that made it,
 * and with every sweep that would end links of that key.
 */
import type { AccessKeyRecord, Action, KeyScope } from '../../catalog/records.ts'
import { createTemporaryKeyId, createSecretText, isTemporaryKeyId } from '../../platform/ids.ts'
import { StoreError } from '../../platform/store-errors.ts'
import { createRecentlyUsed } from '../../platform/recently-used.ts'
import type { CoreContext } from '../context.ts'
import { actorOf } from '../actor-of.ts'
import { refusal } from '../errors.ts'
import { callerId, isLink } from '../identity.ts'
import { MAX_EXPIRES_SECONDS } from '../../platform/s3-limits.ts'
import { chooseIssueTime } from '../links/issue-time.ts'
import { formatPath } from '../paths.ts'
import type { Permit } from '../policy/permit.ts'
import type { UsableAccessKey } from '../known-keys.ts'
import { chooseKeyEnd, createScope } from './scopes.ts'
import type { ScopeOptions } from './scopes.ts'

/** What S3 has operations for; keys and folders are changed by keys that are stored. */
export const TEMPORARY_ACTIONS = ['read', 'write', 'delete', 'list'] as const satisfies Action[]

export interface TemporaryKeyOptions extends Omit<ScopeOptions, 'quota'> {
  readonly actions: readonly (typeof TEMPORARY_ACTIONS)[number][]
  readonly expiresInSeconds: number
  readonly mayPresignDelete?: boolean
}

export interface TemporaryKey extends UsableAccessKey {
  readonly sessionToken: string
}

/** What a token holds. */
interface Claims {
  readonly secret: string
  readonly scope: KeyScope
  readonly mayPresignDelete: boolean
  readonly createdBy: string
  readonly createdAt: number
  readonly expiresAt: number
  /** The link whose bearer they were made for. */
  readonly linkId?: string
}

/**
 * Never more than its maker may, nor longer than its maker lives. Throws `forbidden`, `field-invalid`, `revocation-ahead`.
 */
export async function createTemporaryKey(
  core: CoreContext,
  permit: Permit<'share'>,
  options: TemporaryKeyOptions,
): Promise<TemporaryKey> {
  const { expiresInSeconds, mayPresignDelete = false } = options
  const { caller } = permit
  if (!isLink(caller) && caller.kind === 'person') {
    const reason = 'Temporary credentials end with the key that makes them: make them with a key'
    throw refusal('forbidden', { action: 'make temporary keys', reason })
  }
  const makersEnd = await chooseKeyEnd(core, permit, undefined)
  const id = createTemporaryKeyId(core.random)
  const scope = createScope(permit, { ...options, id })
  const createdBy = callerId(permit.caller)
  const { bucket, key } = permit.path
  const keys = await core.keyRing.current()
  const createdAt = chooseIssueTime(core, keys, { keyIds: [id, createdBy], bucket, key })
  const wanted = createdAt + expiresInSeconds * 1000
  const expiresAt = makersEnd === null ? wanted : Math.min(wanted, makersEnd)
  const secret = createSecretText(core.random)
  const claims: Claims = { secret, scope, mayPresignDelete, createdBy, createdAt, expiresAt }
  const made = seal(core, id, claims)
  core.log.info(
    { key: id, by: createdBy, actions: scope.actions, prefix: scope.pathPrefix, expiresAt },
    'temporary credentials issued',
  )
  core.events.note({
    ...actorOf(permit.caller),
    kind: 'key.issued',
    code: null,
    path: bucket === '' ? '' : formatPath(permit.path),
    target: id,
    referrer: null,
    bytes: 0,
  })
  return made
}

/** What its maker has of a link that takes files; how long they are good for, at most. */
const UPLOAD_KEY_SECONDS = 3600

/**
 * For whoever uploads by the link of the permit and signs by themselves. Nothing is asked of these credentials but which link it is: its
 * record says with every request what may come, how often and until when.
 */
export async function createUploadKey(
  core: CoreContext,
  { grant }: Permit<'write'>,
): Promise<TemporaryKey> {
  if (grant === null) throw new Error('Only the bearer of a link is given credentials for it.')
  const { id: linkId, bucket, key, createdBy } = grant
  const id = createTemporaryKeyId(core.random)
  const keys = await core.keyRing.current()
  const createdAt = chooseIssueTime(core, keys, { keyIds: [id, createdBy], bucket, key })
  const expiresAt = Math.min(createdAt + UPLOAD_KEY_SECONDS * 1000, grant.expiresAt)
  const pathPrefix = formatPath({ bucket, key })
  const scope: KeyScope = { actions: ['write'], pathPrefix, cidrs: [] }
  const secret = createSecretText(core.random)
  core.log.info({ key: id, link: linkId, expiresAt }, 'credentials for an upload link issued')
  return seal(core, id, {
    secret,
    scope,
    mayPresignDelete: false,
    createdBy,
    createdAt,
    expiresAt,
    linkId,
  })
}

function seal({ sealer }: Pick<CoreContext, 'sealer'>, id: string, claims: Claims): TemporaryKey {
  const sealed = sealer.for('session-token').seal(id, JSON.stringify(claims))
  return toKey(id, claims, Buffer.from(sealed).toString('base64url'))
}

/** Those that are at work at once. */
const MAX_OPENED = 10_000
/** Far above any that is made, and a bound on what a stranger has opened in vain. */
const MAX_TOKEN_LENGTH = 8192

export interface TemporaryKeys {
  /** The key of this id, as its token says; `null` if the token is not the server's own, or another key's. */
  open(id: string, sessionToken: string): TemporaryKey | null
}

export function createTemporaryKeys({ sealer }: Pick<CoreContext, 'sealer'>): TemporaryKeys {
  const opened = createRecentlyUsed<TemporaryKey>(MAX_OPENED)
  return {
    open(id, sessionToken) {
      if (!isTemporaryKeyId(id) || sessionToken.length > MAX_TOKEN_LENGTH) return null
      const known = opened.get(sessionToken)
      if (known !== undefined) return known.accessKeyId === id ? known : null
      const sealed = Buffer.from(sessionToken, 'base64url')
      // One token, one spelling.
      if (sealed.toString('base64url') !== sessionToken) return null
      const claims = read(() => sealer.for('session-token').open(id, sealed))
      if (claims === null) return null
      const key = toKey(id, claims, sessionToken)
      opened.set(sessionToken, key)
      return key
    },
  }
}

function read(open: () => string): Claims | null {
  try {
    return JSON.parse(open()) as Claims
  } catch (error) {
    // What does not open was made by a stranger, and no store is damaged.
    if (error instanceof StoreError) return null
    throw error
  }
}

function toKey(id: string, claims: Claims, sessionToken: string): TemporaryKey {
  const { secret, expiresAt, createdAt, createdBy, scope, mayPresignDelete, linkId } = claims
  const record: AccessKeyRecord = {
    id,
    kind: 'access',
    name: 'temporary',
    sealedSecret: new Uint8Array(0),
    scope,
    // What it signs ends with it, whatever life it was signed for.
    maxExpiresInSeconds: MAX_EXPIRES_SECONDS,
    mayPresignDelete,
    state: 'active',
    rotatedAt: null,
    createdAt,
    createdBy,
    expiresAt,
    revokedAt: null,
    lastUsedAt: null,
    disabledAt: null,
  }
  return { accessKeyId: id, secretAccessKey: secret, sessionToken, record, linkId }
}
