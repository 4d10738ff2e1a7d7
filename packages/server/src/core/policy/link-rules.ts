/**
 * Whether a link whose signature held still works: not revoked, from an allowed address, with uses left, for people. The signature
 * alone cannot say, and this is what makes one link revocable.
 */
import type { Action, GrantRecord, LinkMethod } from '../../catalog/records.ts'
import { isAddressAllowed } from '../addresses.ts'
import { refusal } from '../errors.ts'
import type { VerifiedLink } from '../identity.ts'
import { FOREIGN_SWEEP_MS } from '../limits.ts'
import { isAutomaticLink } from '../link-id.ts'
import { isUseOpen } from './use-window.ts'
import type { ObjectPath } from '../paths.ts'
import { refuseAfterEnd, refuseBeforeBegin, refusePaused } from './record-rules.ts'
import type { Ask, Rule } from './rule.ts'

/**
 * A form carries a policy that a URL has not: one cannot stand in for the other. The server itself signs both for whoever uploads in
 * parts by a link (core/uploads/sign-for-bearer.ts), and nobody else can sign for a record.
 */
function isUploadBy(caller: VerifiedLink, granted: LinkMethod, action: Action): boolean {
  const { method, isOwn } = caller
  const isSame = method === granted || (isOwn && (method === 'PUT' || method === 'POST'))
  return isSame && action === 'write'
}

/**
 * A share outlives the keys of the server: whichever is in use signs what its page hands out. The record of an automatic link was
 * written later: which of the server's keys had signed it, nobody knew then.
 */
function isSignedFor({ id, share, signingKeyId }: GrantRecord, caller: VerifiedLink): boolean {
  const isByAnyOfOurs = share !== null || isAutomaticLink(id)
  return signingKeyId === caller.keyId || (isByAnyOfOurs && caller.isOwn)
}

/**
 * The share of a folder is for what lies in it, and for the folder itself. A drop is for files right in it: a folder below may be public, or
 * have rules of its own, and whoever sends sees neither.
 */
function isItsPlace({ share, bucket, key }: GrantRecord, path: ObjectPath): boolean {
  if (bucket !== path.bucket) return false
  if (share === null || share.kind === 'file') return key === path.key
  const isBelow = path.key.startsWith(key)
  return share.kind === 'drop' ? isBelow && !path.key.includes('/', key.length) : isBelow
}

export const LINK_RULES: readonly Rule<Ask & { readonly caller: VerifiedLink }>[] = [
  {
    // Whoever holds a key chooses the date of what they sign: such dates count a little earlier than they say.
    name: 'links-revoked',
    refuse: ({ revocation }, { caller }) => {
      if (revocation === null) return null
      const issuedAt = caller.isOwn ? caller.issuedAt : caller.signedAt - FOREIGN_SWEEP_MS
      return issuedAt < revocation.notBefore ? refusal('link-revoked', {}) : null
    },
  },
  {
    // Those that were signed, and those that the record was narrowed to since.
    name: 'link-addresses',
    refuse: ({ grant }, { caller: { clientIp, ips } }) =>
      isAddressAllowed(clientIp, ips) && isAddressAllowed(clientIp, grant?.terms.networks ?? [])
        ? null
        : refusal('link-ip-not-allowed', {}),
  },
  {
    name: 'link-revoked',
    refuse: ({ grant }, { caller, action }) => {
      if (grant !== null) return grant.revokedAt === null ? null : refusal('link-revoked', {})
      // What the server signs has a record or says that it reads one file: nobody could take back anything else.
      const needsRecord = caller.isOwn || caller.linkId !== null
      const readsAlone = caller.linkId !== null && isAutomaticLink(caller.linkId)
      const isWithout = readsAlone && action === 'read'
      return needsRecord && !isWithout ? refusal('link-revoked', {}) : null
    },
  },
  {
    name: 'link-paused',
    refuse: ({ grant }) => (grant === null ? null : refusePaused(grant)),
  },
  {
    // A record speaks for its own signer, file, version and method, whoever signed its id into another URL.
    name: 'link-record',
    refuse: ({ grant }, { caller, path, action }) => {
      if (grant === null) return null
      const isIts =
        isSignedFor(grant, caller) &&
        isItsPlace(grant, path) &&
        grant.versionId === caller.versionId &&
        (grant.method === 'GET'
          ? action === 'read' || (action === 'list' && grant.share?.kind === 'folder')
          : isUploadBy(caller, grant.method, action))
      return isIts ? null : refusal('link-revoked', {})
    },
  },
  {
    name: 'link-begin',
    refuse: ({ grant }, { admittedAt }) =>
      grant === null ? null : refuseBeforeBegin(grant, admittedAt),
  },
  {
    name: 'link-previews',
    refuse: ({ grant }, { caller, action }) => {
      const { previewAgent } = caller
      if (previewAgent === null || action !== 'read' || (grant?.maxUses ?? null) === null)
        return null
      return refusal('link-preview-refused', { agent: previewAgent })
    },
  },
  {
    // A used-up link answers nothing more, not even a HEAD; only what is left of its last download.
    name: 'link-uses',
    refuse: ({ grant }, { caller, action, nowMs }) => {
      if (grant === null || grant.maxUses === null || grant.uses < grant.maxUses) return null
      if (action === 'read' && isUseOpen(grant, caller.clientIp, nowMs)) return null
      return refusal('link-used', {})
    },
  },
  {
    name: 'link-end',
    refuse: ({ grant }, { admittedAt }) =>
      grant === null ? null : refuseAfterEnd(grant, admittedAt),
  },
]
