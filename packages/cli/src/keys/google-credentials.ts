/**
 * Finds the key of a Google service account where Google's own tools find it.
 *
 * @module
 */
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { pathOfVariable, readJsonDocument } from '../read-input.ts'

/** A key file of a service account, as far as it is used. */
export interface GoogleServiceAccount {
  readonly client_email: string
  readonly private_key: string
}

/** The key file named, else the one in `GOOGLE_APPLICATION_CREDENTIALS`; `null` if neither is. */
export async function findGoogleServiceAccount(
  io: CliIo,
  path: string | undefined,
): Promise<GoogleServiceAccount | null> {
  const file = path ?? pathOfVariable(io.env['GOOGLE_APPLICATION_CREDENTIALS'] ?? '')
  if (file === '') return null
  const document = await readJsonDocument(io, file)
  if (!isServiceAccount(document)) {
    throw new CliError(
      `${file} is not the key file of a service account: it needs client_email and private_key. Credentials of people and of workload identity cannot sign by themselves.`,
    )
  }
  return document
}

export async function requireGoogleServiceAccount(
  io: CliIo,
  path: string | undefined,
): Promise<GoogleServiceAccount> {
  const found = await findGoogleServiceAccount(io, path)
  if (found !== null) return found
  throw new CliError(
    'no Google key. Name a key file of a service account with --key-file or GOOGLE_APPLICATION_CREDENTIALS, or give --hmac-id with the secret in HALLPASS_SECRET.',
  )
}

function isServiceAccount(document: unknown): document is GoogleServiceAccount {
  if (typeof document !== 'object' || document === null) return false
  const { client_email: email, private_key: key } = document as Record<string, unknown>
  return typeof email === 'string' && typeof key === 'string'
}
