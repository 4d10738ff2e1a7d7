/**
 * The keys a command may try: those of a `--keys` file, and those the environment and credential files have.
 *
 * @module
 */
import { createPublicKey } from 'node:crypto'
import { DIALECT_NAMES } from '@hallpass/signing/detect'
import type { DialectName } from '@hallpass/signing/detect'
import type { ExplainKey } from '@hallpass/signing/explain'
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { readJsonDocument } from '../read-input.ts'
import { findAwsCredentials } from './aws-credentials.ts'
import { findAzureCredentials } from './azure-credentials.ts'
import { findGoogleServiceAccount } from './google-credentials.ts'
import { findSecret } from './secret.ts'

const MEMBERS = ['dialect', 'id', 'secret', 'publicKey', 'sessionToken', 'expression'] as const

export interface KeyRingOptions {
  /** A JSON file; with it nothing else is looked at. */
  readonly keys?: string | undefined
  readonly profile?: string | undefined
  /** A file with one secret, or one public key in PEM. */
  readonly keyFile?: string | undefined
}

/** Every key there is to try. */
export async function loadKeyRing(io: CliIo, options: KeyRingOptions): Promise<ExplainKey[]> {
  if (options.keys !== undefined) return readKeyFile(io, options.keys)
  const single = await singleKey(io, options.keyFile)
  if (options.keyFile !== undefined) return single
  return [...single, ...(await ambientKeys(io, options))]
}

async function singleKey(io: CliIo, path: string | undefined): Promise<ExplainKey[]> {
  const secret = await findSecret(io, path)
  if (secret === null) return []
  return secret.includes('-----BEGIN') ? [{ publicKey: secret }] : [{ secret }]
}

async function ambientKeys(io: CliIo, options: KeyRingOptions): Promise<ExplainKey[]> {
  const keys: ExplainKey[] = []
  const { profile } = options
  const aws = await orNote(io, findAwsCredentials(io, { profile }), profile === undefined)
  if (aws !== null) {
    const { accessKeyId, secretAccessKey, sessionToken } = aws
    const token = sessionToken === undefined ? {} : { sessionToken }
    keys.push({ dialect: 's3', id: accessKeyId, secret: secretAccessKey, ...token })
  }
  const azure = findAzureCredentials(io)
  if (azure !== null) keys.push({ dialect: 'azure', id: azure.account, secret: azure.accountKey })
  const google = await orNote(io, findGoogleServiceAccount(io, undefined), true)
  if (google !== null) {
    const publicKey = publicHalf(google.private_key)
    keys.push({ dialect: 'gcs', id: google.client_email, publicKey })
  }
  return keys
}

/** Credentials that nobody asked for by name and that cannot be used are no reason to stop: one may do without them. */
async function orNote<T>(io: CliIo, found: Promise<T>, isAmbient: boolean): Promise<T | null> {
  try {
    return await found
  } catch (error) {
    if (!isAmbient || !(error instanceof CliError)) throw error
    io.stderr.write(`hallpass: not used: ${error.message}\n`)
    return null
  }
}

function publicHalf(privateKey: string): string {
  try {
    return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
  } catch {
    throw new CliError('the private key of the service account cannot be read; it must be PEM.')
  }
}

/**
 * `[{ "dialect": "s3", "id": "AKIA…", "secret": "…" }]`, or the same list as the member `keys` of an object.
 * Messages name the entry and never show a value.
 */
async function readKeyFile(io: CliIo, path: string): Promise<ExplainKey[]> {
  const document = await readJsonDocument(io, path)
  const list = Array.isArray(document) ? document : (document as { keys?: unknown } | null)?.keys
  if (!Array.isArray(list)) {
    throw new CliError(
      `${path} must hold a list of keys: [{ "dialect": "s3", "id": "AKIA…", "secret": "…" }].`,
    )
  }
  return list.map((entry: unknown, index) => readKey(entry, `${path}: key ${index + 1}`))
}

function readKey(entry: unknown, where: string): ExplainKey {
  if (typeof entry !== 'object' || entry === null) throw new CliError(`${where} must be an object.`)
  const record = entry as Record<string, unknown>
  for (const [name, value] of Object.entries(record)) {
    if (!(MEMBERS as readonly string[]).includes(name)) {
      throw new CliError(
        `${where} has the unknown member ${name}; known are ${MEMBERS.join(', ')}.`,
      )
    }
    if (typeof value !== 'string') throw new CliError(`${where}: ${name} must be text.`)
  }
  if (
    record['dialect'] !== undefined &&
    !DIALECT_NAMES.some((name) => name === record['dialect'])
  ) {
    throw new CliError(`${where}: dialect must be one of ${DIALECT_NAMES.join(', ')}.`)
  }
  if (record['secret'] === undefined && record['publicKey'] === undefined) {
    throw new CliError(`${where} needs secret or publicKey.`)
  }
  return record
}

/** The keys that can be the one of this id in this dialect. */
export function keysFor(
  keys: readonly ExplainKey[],
  dialect: DialectName,
  id: string | null,
): ExplainKey[] {
  return keys.filter(
    (key) =>
      (key.dialect === undefined || key.dialect === dialect) &&
      (key.id === undefined || id === null || key.id === id),
  )
}
