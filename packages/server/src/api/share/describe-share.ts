/** A share for programs that ask for JSON: what the page says. */
import type { ShareGrant } from '../../auth/authenticate-share.ts'
import type { FileRecord } from '../../catalog/records.ts'
import { nameOf } from '../../core/paths.ts'
import type { ShareAnswer } from './exchange.ts'

export function describeShare(grant: ShareGrant, file: FileRecord | null): ShareAnswer {
  const { share, key, expiresAt, maxUses, uses } = grant
  const body = {
    kind: share.kind,
    name: nameOf(key),
    ...(file !== null && { size: file.size, contentType: file.contentType }),
    owner: share.owner ?? null,
    greeting: share.greeting ?? null,
    expiresAt: new Date(expiresAt).toISOString(),
    usesLeft: maxUses === null ? null : Math.max(0, maxUses - uses),
  }
  const headers = { 'content-type': 'application/json' }
  return { status: 200, headers, body: JSON.stringify(body) }
}
