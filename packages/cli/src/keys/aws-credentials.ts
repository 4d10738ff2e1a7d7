/**
 * Finds AWS credentials where the AWS command line finds them: the environment, then the credentials file.
 *
 * @module
 */
import { join } from 'node:path'
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { pathOfVariable, readDocument } from '../read-input.ts'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface AwsOptions {
  /** A profile of the credentials file; it wins over the environment. */
  readonly profile?: string | undefined
}

type Section = ReadonlyMap<string, string>

/** The credentials, or `null` if there are none anywhere. A profile that was asked for by name must be there. */
export async function findAwsCredentials(
  io: CliIo,
  options: AwsOptions,
): Promise<AwsCredentials | null> {
  const { env } = io
  if (options.profile === undefined) {
    const fromEnvironment = toCredentials({
      accessKeyId: env['AWS_ACCESS_KEY_ID'],
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'],
      sessionToken: env['AWS_SESSION_TOKEN'],
    })
    if (fromEnvironment !== null) return fromEnvironment
  }
  const wanted = options.profile ?? env['AWS_PROFILE']
  const path = env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(io.home, '.aws', 'credentials')
  const section = (await readSections(io, path)).get(wanted ?? 'default')
  if (section === undefined) {
    if (wanted === undefined) return null
    throw new CliError(
      `${path} has no profile ${wanted}. 'aws configure list-profiles' shows those there are.`,
    )
  }
  return toCredentials({
    accessKeyId: section.get('aws_access_key_id'),
    secretAccessKey: section.get('aws_secret_access_key'),
    sessionToken: section.get('aws_session_token'),
  })
}

/** The credentials; an error that says where they were looked for if there are none. */
export async function requireAwsCredentials(
  io: CliIo,
  options: AwsOptions,
): Promise<AwsCredentials> {
  const found = await findAwsCredentials(io, options)
  if (found !== null) return found
  throw new CliError(
    'no AWS credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile of ~/.aws/credentials with --profile.',
  )
}

/** The region of the environment or of the configuration file, or `null`. */
export async function findAwsRegion(io: CliIo, options: AwsOptions): Promise<string | null> {
  const { env } = io
  const fromEnvironment = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION']
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment
  const path = env['AWS_CONFIG_FILE'] ?? join(io.home, '.aws', 'config')
  const profile = options.profile ?? env['AWS_PROFILE'] ?? 'default'
  const sections = await readSections(io, path)
  return (sections.get(`profile ${profile}`) ?? sections.get(profile))?.get('region') ?? null
}

function toCredentials(found: {
  accessKeyId: string | undefined
  secretAccessKey: string | undefined
  sessionToken: string | undefined
}): AwsCredentials | null {
  const { accessKeyId, secretAccessKey, sessionToken } = found
  if (accessKeyId === undefined || secretAccessKey === undefined) return null
  if (accessKeyId === '' || secretAccessKey === '') return null
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined || sessionToken === '' ? {} : { sessionToken }),
  }
}

/** The sections of an INI file; none if there is no file. */
async function readSections(io: CliIo, path: string): Promise<Map<string, Section>> {
  const text = await readDocument(io, pathOfVariable(path)).catch(() => '')
  const sections = new Map<string, Map<string, string>>()
  let current: Map<string, string> | null = null
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)
    if (header !== null) {
      current = new Map()
      sections.set(header[1] ?? '', current)
      continue
    }
    const equals = line.indexOf('=')
    const isComment = /^\s*[#;]/.test(line)
    if (current === null || equals === -1 || isComment) continue
    current.set(line.slice(0, equals).trim().toLowerCase(), line.slice(equals + 1).trim())
  }
  return sections
}
