/**
 * Finds the account and key of Azure Storage where its tools find them.
 *
 * @module
 */
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'

export interface AzureCredentials {
  readonly account: string
  /** base64, as the portal shows it. */
  readonly accountKey: string
  readonly endpoint?: string
}

/** From `AZURE_STORAGE_CONNECTION_STRING`, or from `AZURE_STORAGE_ACCOUNT` and `AZURE_STORAGE_KEY`; `null` without. */
export function findAzureCredentials(io: CliIo): AzureCredentials | null {
  const { env } = io
  const connection = parseConnectionString(env['AZURE_STORAGE_CONNECTION_STRING'] ?? '')
  if (connection !== null) return connection
  const account = env['AZURE_STORAGE_ACCOUNT'] ?? env['AZURE_STORAGE_ACCOUNT_NAME']
  const accountKey = env['AZURE_STORAGE_KEY'] ?? env['AZURE_STORAGE_ACCOUNT_KEY']
  return account === undefined || accountKey === undefined ? null : { account, accountKey }
}

export function requireAzureCredentials(io: CliIo): AzureCredentials {
  const found = findAzureCredentials(io)
  if (found !== null) return found
  throw new CliError(
    'no Azure credentials. Set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY.',
  )
}

function parseConnectionString(text: string): AzureCredentials | null {
  const parts = new Map<string, string>()
  for (const part of text.split(';')) {
    const equals = part.indexOf('=')
    if (equals > 0)
      parts.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim())
  }
  const account = parts.get('accountname')
  const accountKey = parts.get('accountkey')
  if (account === undefined || accountKey === undefined) return null
  const endpoint = parts.get('blobendpoint')?.replace(/\/$/, '')
  return { account, accountKey, ...(endpoint === undefined ? {} : { endpoint }) }
}
