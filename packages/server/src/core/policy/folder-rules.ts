/** What the folders above a path allow. */
import type { LinkMethod } from '../../catalog/records.ts'
import { refusal } from '../errors.ts'
import type { ResolvedFolder } from '../folders/resolve-folder.ts'
import type { VerifiedLink } from '../identity.ts'
import {
  DEFAULT_DOWNLOAD_SECONDS,
  DEFAULT_UPLOAD_SECONDS,
  MAX_EXPIRES_SECONDS,
  REASON_NEEDED_SECONDS,
} from '../limits.ts'
import { lifeOf } from './key-rules.ts'
import type { Ask, Rule } from './rule.ts'

/** Somebody without a key reads what lies in a public folder, and nothing else. */
export const PUBLIC_RULES: readonly Rule[] = [
  {
    name: 'folder-private',
    refuse: ({ folder }, { action, path }) => {
      if (action === 'read' && path.key !== '' && folder.visibility === 'public') return null
      const reason = 'the request carries no credentials and the folder is private'
      return refusal('unauthenticated', { reason })
    },
  },
]

/** Whoever signed a URL, the folder's longest life binds it. */
export const LIFE_RULES: readonly Rule<Ask & { readonly caller: VerifiedLink }>[] = [
  {
    name: 'folder-longest-life',
    refuse: ({ folder }, { caller, action }) => {
      const changes = action === 'write' || action === 'delete'
      const maxSeconds = longestLife(folder, changes ? 'PUT' : 'GET')
      const seconds = lifeOf(caller)
      if (seconds <= maxSeconds) return null
      const hint = 'The folder allows no longer life.'
      return refusal('expiry-too-long', { field: 'X-Amz-Expires', seconds, maxSeconds, hint })
    },
  },
]

export interface LifeWish {
  readonly method: LinkMethod
  /** `undefined`: as long as usual. */
  readonly seconds: number | undefined
  /** What the rounding of its signing time adds at most. */
  readonly windowSeconds: number
  readonly reason: string | undefined
}

/** The life of a link to be issued; throws `expiry-too-long`, or `field-invalid` where a reason is missing. */
export function chooseLife(folder: ResolvedFolder, wish: LifeWish): number {
  const { method, windowSeconds } = wish
  const longest = longestLife(folder, method)
  const maxSeconds = longest - windowSeconds
  const seconds = wish.seconds ?? Math.min(USUAL_SECONDS[method], maxSeconds)
  if (seconds > maxSeconds || maxSeconds < 1) {
    const reach = longest < MAX_EXPIRES_SECONDS ? 'The folder lowers it.' : 'No link lives longer.'
    const hint = windowSeconds === 0 ? reach : `${reach} stableWindow counts too.`
    throw refusal('expiry-too-long', { field: 'expiresIn', seconds, maxSeconds, hint })
  }
  const isLong = seconds + windowSeconds > REASON_NEEDED_SECONDS
  if (isLong && (wish.reason ?? '').trim() === '') {
    const reason = `a link that lives longer than ${REASON_NEEDED_SECONDS} seconds needs a written reason`
    throw refusal('field-invalid', { field: 'reason', reason })
  }
  return seconds
}

const USUAL_SECONDS: Readonly<Record<LinkMethod, number>> = {
  GET: DEFAULT_DOWNLOAD_SECONDS,
  PUT: DEFAULT_UPLOAD_SECONDS,
  POST: DEFAULT_UPLOAD_SECONDS,
}

/** The longest life of a link that reads (`GET`) or changes (all others) what lies here. */
function longestLife({ policy }: ResolvedFolder, method: LinkMethod): number {
  const lowered = method === 'GET' ? policy.maxDownloadSeconds : policy.maxUploadSeconds
  return Math.min(lowered ?? MAX_EXPIRES_SECONDS, MAX_EXPIRES_SECONDS)
}
