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

export function createGrant(
  given: Pick<GrantRecord, Given>,
  asked: Partial<
    Pick<GrantRecord, 'versionId' | 'maxUses' | 'ownContentId' | 'terms' | 'share'>
  > = {},
): GrantRecord {
  return {
    versionId: null,
    maxUses: null,
    ownContentId: null,
    terms: {},
    share: null,
    ...asked,
    ...given,
    uses: 0,
    bytes: 0,
    lastUsedAt: null,
    lastUsedIp: null,
    reading: null,
    pausedAt: null,
    revokedAt: null,
    revokedBy: null,
  }
}
