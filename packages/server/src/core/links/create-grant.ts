/** A record of a link as it begins: nothing used, nothing revoked, and no limit that was not asked for. */
import type { GrantRecord } from '../../catalog/records.ts'

type Given =
  | 'id'
  | 'method'
  | 'bucket'
  | 'key'
  | 'fileId'
  | 'signingKeyId'
  | 'createdAt'
  | 'createdBy'
  | 'expiresAt'
type Limit =
  | 'versionId'
  | 'reason'
  | 'maxUses'
  | 'maxBytes'
  | 'contentTypes'
  | 'mayOverwrite'
  | 'ownContentId'
  | 'networks'

export function createGrant(
  given: Pick<GrantRecord, Given>,
  limits: Partial<Pick<GrantRecord, Limit>> = {},
): GrantRecord {
  return {
    versionId: null,
    reason: null,
    maxUses: null,
    maxBytes: null,
    contentTypes: [],
    mayOverwrite: false,
    ownContentId: null,
    networks: [],
    ...limits,
    ...given,
    uses: 0,
    bytes: 0,
    lastUsedAt: null,
    lastUsedIp: null,
    reading: null,
    revokedAt: null,
    revokedBy: null,
  }
}
