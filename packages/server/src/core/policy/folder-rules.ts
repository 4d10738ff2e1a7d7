/** What the folders above a path allow. */
import type { FolderPolicy, PolicyMethod } from '../../policy-lines/policy-lines.ts'
import type { GrantRecord, GrantTerms, LinkMethod, ShareTerms } from '../../catalog/records.ts'
import { areCidrsNarrow } from '../addresses.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import type { ResolvedFolder } from './resolve-folder.ts'
import type { VerifiedLink } from '../identity.ts'
import { DEFAULT_SHARE_SECONDS, REASON_NEEDED_SECONDS } from '../limits.ts'
import { lifeOf } from './key-rules.ts'
import { nameOfFolder } from './name-of-folder.ts'
import type { Ask, Rule } from './rule.ts'

/** A page may only come from where the folder says, whatever of its browser's cross-origin rules it can go around. */
export const PAGE_RULE: Rule = {
  name: 'folder-origins',
  refuse: ({ folder }, { caller }) => {
    const { corsOrigins } = folder.policy
    const { pageOrigin = null } = caller
    if (corsOrigins === undefined || pageOrigin === null || corsOrigins.includes(pageOrigin)) {
      return null
    }
    const reason = 'web pages of other origins than those it names may not come here'
    return policyRefused(folder, 'corsOrigins', reason)
  },
}

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
  PAGE_RULE,
]

/** What a policy looks at, of a link that is to be issued, was issued, or comes with a request. */
export interface LinkTerms {
  readonly method: PolicyMethod
  readonly seconds: number
  /** `null`: nobody counts. */
  readonly maxUses: number | null
  readonly terms: Pick<GrantTerms, 'networks' | 'reason'>
  /** Of a page for people; `null` of a link. */
  readonly share: Pick<ShareTerms, 'password'> | null
}

interface TermRule {
  readonly name: string
  readonly refuse: (folder: ResolvedFolder, terms: LinkTerms) => DomainError | null
}

const TERM_RULES: readonly TermRule[] = [
  {
    name: 'folder-methods',
    refuse: (folder, { method }) => {
      const { methods } = folder.policy
      if (methods.includes(method)) return null
      const allowed = methods.length === 0 ? 'links do nothing here' : `links ${methods.join(', ')}`
      return policyRefused(folder, 'methods', `${allowed}, and this is for ${method}`)
    },
  },
  {
    name: 'folder-longest-life',
    refuse: ({ policy }, { method, seconds, share }) => {
      const maxSeconds = policy[longestLine(policy, method, share !== null)] ?? 0
      if (seconds <= maxSeconds) return null
      const hint = 'The folder allows no longer life.'
      return refusal('expiry-too-long', { field: 'X-Amz-Expires', seconds, maxSeconds, hint })
    },
  },
  {
    // What the standard asks for is asked of whoever issues a link here: S3's own signers have nowhere to write a reason.
    name: 'folder-reason',
    refuse: (folder, { seconds, terms }) => {
      const { reasonOverSeconds } = folder.policy
      if (reasonOverSeconds >= REASON_NEEDED_SECONDS || seconds <= reasonOverSeconds) return null
      return (terms.reason ?? '').trim() === ''
        ? policyRefused(folder, 'reasonOverSeconds', whyReason(reasonOverSeconds))
        : null
    },
  },
  {
    name: 'folder-addresses',
    refuse: (folder, { terms: { networks = [] } }) => {
      if (!folder.policy.requireIp) return null
      if (networks.length > 0 && areCidrsNarrow(networks, NARROW)) return null
      const reason = `a link names the addresses it works from, at most /${NARROW.ipv4} or /${NARROW.ipv6} wide`
      return policyRefused(folder, 'requireIp', reason)
    },
  },
  {
    name: 'folder-password',
    refuse: (folder, { share }) => {
      if (folder.policy.requirePassword !== true) return null
      if (share === null || share.password !== undefined) return null
      return policyRefused(folder, 'requirePassword', 'a share asks for a password')
    },
  },
  {
    name: 'folder-uses',
    refuse: (folder, { maxUses }) => {
      const most = folder.policy.maxUses
      if (most === undefined || (maxUses !== null && maxUses <= most)) return null
      const reason = `a link has at most ${most} counted uses`
      return policyRefused(folder, 'maxUses', reason)
    },
  },
]

/** The line that bounds the life: a share keeps to that of links where none is for shares alone. */
function longestLine(
  policy: FolderPolicy,
  method: PolicyMethod,
  isShare: boolean,
): 'maxShareSeconds' | 'maxDownloadSeconds' | 'maxUploadSeconds' {
  if (isShare && policy.maxShareSeconds !== undefined) return 'maxShareSeconds'
  return method === 'GET' ? 'maxDownloadSeconds' : 'maxUploadSeconds'
}

/** A range wider than this binds nothing. */
const NARROW = { ipv4: 16, ipv6: 32 }

/** The first rule that stands against a link; `null` if none does. */
export function findBrokenTerm(
  folder: ResolvedFolder,
  terms: LinkTerms,
): { readonly rule: string; readonly refusal: DomainError } | null {
  for (const { name, refuse } of TERM_RULES) {
    const refused = refuse(folder, terms)
    if (refused !== null) return { rule: name, refusal: refused }
  }
  return null
}

/** Throws `policy-refused` or `expiry-too-long`. */
export function requireTerms(folder: ResolvedFolder, terms: LinkTerms): void {
  const broken = findBrokenTerm(folder, terms)
  if (broken !== null) throw broken.refusal
}

/** Whoever signed a URL, and whenever: the folder binds it. */
export const FOLDER_RULES: readonly Rule<Ask & { readonly terms: LinkTerms }>[] = [
  ...TERM_RULES.map(({ name, refuse }): Rule<Ask & { readonly terms: LinkTerms }> => ({
    name,
    refuse: ({ folder }, { terms }) => refuse(folder, terms),
  })),
  PAGE_RULE,
]

/** What a link that comes with a request was signed for, and narrowed to since. */
export function termsOf(
  grant: GrantRecord | null,
  { caller, action }: Pick<Ask, 'action'> & { readonly caller: VerifiedLink },
): LinkTerms {
  const method = action === 'delete' ? 'DELETE' : methodOf(caller)
  const signed = lifeOf(caller)
  // Without a record, what is signed; a record says the same, and what it was narrowed to since.
  if (grant === null) {
    return { method, seconds: signed, maxUses: null, terms: { networks: caller.ips }, share: null }
  }
  const { maxUses, terms, share } = grant
  // Of an automatic link the record was written later, by what is usual: what was signed says how long it lives. What a share hands out
  // lives for minutes, whatever the life of the share.
  const seconds = share === null ? Math.min(lifeOfGrant(grant), signed) : lifeOfGrant(grant)
  return { method, seconds, maxUses, terms, share }
}

/** In seconds. */
function lifeOfGrant({ createdAt, expiresAt }: GrantRecord): number {
  return Math.floor((expiresAt - createdAt) / 1000)
}

function methodOf({ method }: VerifiedLink): PolicyMethod {
  return method === 'HEAD' ? 'GET' : method
}

/** What a record says of the link that it stands behind. */
export function termsOfGrant(grant: GrantRecord): LinkTerms {
  const { method, maxUses, terms, share } = grant
  return { method, maxUses, terms, share, seconds: lifeOfGrant(grant) }
}

export interface LifeWish {
  readonly method: LinkMethod
  /** `undefined`: as long as usual. */
  readonly seconds: number | undefined
  /** What the rounding of its signing time adds at most. */
  readonly windowSeconds: number
  readonly reason: string | undefined
  readonly isShare?: boolean
}

/** The life of a link to be issued; throws `expiry-too-long`, or `field-invalid` where a reason is missing. */
export function chooseLife(folder: ResolvedFolder, wish: LifeWish): number {
  const { method, windowSeconds, isShare = false } = wish
  const line = longestLine(folder.policy, method, isShare)
  const longest = folder.policy[line] ?? 0
  const usual = isShare ? usualLifeOfShare(folder, wish.reason) : usualLife(folder, method)
  const maxSeconds = longest - windowSeconds
  const seconds = wish.seconds ?? Math.min(usual, maxSeconds)
  if (seconds > maxSeconds || maxSeconds < 1) {
    const isLowered = folder.policyFrom[line] !== undefined
    const reach = isLowered ? 'The folder lowers it.' : 'No link lives longer.'
    const hint = windowSeconds === 0 ? reach : `${reach} stableWindow counts too.`
    throw refusal('expiry-too-long', { field: 'expiresIn', seconds, maxSeconds, hint })
  }
  requireReason(folder, seconds + windowSeconds, wish.reason)
  return seconds
}

function requireReason(
  { policy }: ResolvedFolder,
  seconds: number,
  given: string | undefined,
): void {
  const { reasonOverSeconds } = policy
  if (seconds <= reasonOverSeconds || (given ?? '').trim() !== '') return
  throw refusal('field-invalid', { field: 'reason', reason: whyReason(reasonOverSeconds) })
}

function whyReason(reasonOverSeconds: number): string {
  return reasonOverSeconds === 0
    ? 'every link needs a written reason here'
    : `a link that lives longer than ${reasonOverSeconds} seconds needs a written reason`
}

/** Of links that read (`GET`) or change (all others) what lies here. */
function usualLife({ policy }: ResolvedFolder, method: LinkMethod): number {
  return method === 'GET' ? policy.defaultDownloadSeconds : policy.defaultUploadSeconds
}

/** A share is for people, who come when they can; it needs no reason unless every link does, or a longer life is asked for. */
function usualLifeOfShare({ policy }: ResolvedFolder, reason: string | undefined): number {
  const needsNone = reason === undefined ? policy.reasonOverSeconds : DEFAULT_SHARE_SECONDS
  return Math.min(DEFAULT_SHARE_SECONDS, needsNone || DEFAULT_SHARE_SECONDS)
}

/** The life of a download link that nobody asks for, and so nobody gives a reason for, unless every link needs one. */
export function automaticLife({ policy }: ResolvedFolder): number {
  const { defaultDownloadSeconds, reasonOverSeconds } = policy
  return Math.min(defaultDownloadSeconds, reasonOverSeconds || defaultDownloadSeconds)
}

function policyRefused(
  { policyFrom }: ResolvedFolder,
  line: keyof FolderPolicy,
  reason: string,
): DomainError<'policy-refused'> {
  return refusal('policy-refused', { line, where: nameOfFolder(policyFrom[line]), reason })
}
