/**
 * Which storage account an Azure request is for. A host of the service names it; an own domain and an emulator do not.
 *
 * @module
 */
import type { RawRequest } from '../../types.ts'
import type { ExplainKey } from '../facts/dialect-facts.ts'
import { headerValues } from '../../lib/raw-headers.ts'

/** An account, and whether it stands in front of the path. */
export interface AzureTargetAccount {
  readonly account: string
  readonly addressing: 'path' | 'virtual'
}

/** `account.blob.core.windows.net`, `account-secondary.…`, `account.z12.blob.storage.azure.net`, sovereign clouds. */
const SERVICE_HOST =
  /^([a-z0-9]{3,24})(?:-secondary)?\.(?:z\d{1,3}\.)?(?:blob|dfs|web|queue|table|file)\./i
const ACCOUNT = /^[a-z0-9]{3,24}$/
const MAX_ACCOUNTS = 20

/** The account a host of the service names, or `null`. */
function azureAccountOfHost(host: string): string | null {
  return SERVICE_HOST.exec(host)?.[1]?.toLowerCase() ?? null
}

/** The accounts to ask, the likeliest first; never empty. */
export function azureTargets(
  request: RawRequest,
  keys: readonly ExplainKey[],
): AzureTargetAccount[] {
  const [host = ''] = headerValues(request.headers, 'host')
  const account = azureAccountOfHost(host)
  if (account !== null) return [{ account, addressing: 'virtual' }]
  const first = (/^\/([^/?]{1,64})/.exec(request.target)?.[1] ?? '').replace(/-secondary$/, '')
  const named = keys.flatMap(({ id }) => (id !== undefined && ACCOUNT.test(id) ? [id] : []))
  const isEmulator = named.includes(first) || /^(?:localhost|[\d.]+|\[.*\])(?::\d+)?$/.test(host)
  const ofPath: AzureTargetAccount[] = ACCOUNT.test(first)
    ? [{ account: first, addressing: 'path' }]
    : []
  const ofRing = named
    .slice(0, MAX_ACCOUNTS)
    .map((id): AzureTargetAccount => ({ account: id, addressing: 'virtual' }))
  const targets = isEmulator ? [...ofPath, ...ofRing] : [...ofRing, ...ofPath]
  return targets.length > 0 ? targets : [{ account: first || 'unknown', addressing: 'path' }]
}
