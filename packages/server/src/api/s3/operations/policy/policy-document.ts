/**
 * Bucket policies, as far as folders can say the same: everything, or a prefix, may be read by anybody [S3-POLICY]. A policy that says
 * anything else is `not-implemented`: half of it would be another policy.
 */
import { isDomainError } from '../../../../core/errors.ts'
import { formatPath, parseFolderPath } from '../../../../core/paths.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'

/** S3's own limit. */
export const MAX_POLICY_BYTES: number = 20 * 1024

const INSTEAD =
  ' What a policy can do here is to allow everybody s3:GetObject on the bucket or a prefix of it; nobody lists without a key.'
const ARN = 'arn:aws:s3:::'
const VERSIONS: readonly unknown[] = [undefined, '2012-10-17', '2008-10-17']
const KNOWN: ReadonlySet<string> = new Set(['Sid', 'Effect', 'Principal', 'Action', 'Resource'])

/** The folders that it makes public. Throws `bucket-policy-malformed`, `not-implemented`. */
export function parsePolicy(text: string, bucket: string): string[] {
  const policy = parseJson(text)
  if (!isObject(policy)) throw malformed('Policies must be valid JSON and the first byte must be {')
  if (!VERSIONS.includes(policy['Version'])) throw malformed('The policy has an unknown Version')
  const statements = listOf(policy['Statement'])
  if (statements.length === 0) throw malformed('Missing required field Statement')
  const folders = [...new Set(statements.flatMap((statement) => foldersOf(statement, bucket)))]
  return folders.filter((path) => !isBelowAny(path, folders)).toSorted()
}

export function formatPolicy(folders: readonly string[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: folders.map((folder) => `${ARN}${folder}*`),
      },
    ],
  })
}

function isBelowAny(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => folder !== path && path.startsWith(folder))
}

function foldersOf(statement: unknown, bucket: string): string[] {
  if (!isObject(statement)) throw malformed('A Statement must be an object')
  const { Effect, Principal, Action, Resource } = statement
  if (Effect === undefined) throw malformed('Missing required field Effect')
  const isExact =
    Object.keys(statement).every((name) => KNOWN.has(name)) &&
    Effect === 'Allow' &&
    isEverybody(Principal) &&
    isExactly(Action, 's3:GetObject')
  const resources = listOf(Resource)
  for (const resource of resources) requireOwn(resource, bucket)
  if (!isExact || resources.length === 0) throw unsupported()
  return resources.map(toFolder)
}

function isEverybody(principal: unknown): boolean {
  if (principal === '*') return true
  return (
    isObject(principal) && Object.keys(principal).length === 1 && isExactly(principal['AWS'], '*')
  )
}

function isExactly(value: unknown, text: string): boolean {
  const list = listOf(value)
  return list.length === 1 && list[0] === text
}

function requireOwn(resource: unknown, bucket: string): void {
  const isOwn =
    typeof resource === 'string' &&
    (resource === `${ARN}${bucket}` || resource.startsWith(`${ARN}${bucket}/`))
  if (!isOwn) throw malformed('Policy has invalid resource')
}

/** `arn:aws:s3:::bucket/some/prefix/*` is the folder `bucket/some/prefix/`. */
function toFolder(resource: unknown): string {
  const path = String(resource).slice(ARN.length)
  const folder = path.slice(0, -1)
  if (!path.endsWith('/*') || /[*?]|\$\{/.test(folder)) throw unsupported()
  try {
    return formatPath(parseFolderPath(folder))
  } catch (error) {
    if (isDomainError(error)) throw unsupported(error)
    throw error
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw malformed('This policy contains invalid Json', error)
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What S3 takes one of or several. */
function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly unknown[]) : [value]
}

function malformed(reason: string, cause?: unknown): Error {
  return s3Refusal('bucket-policy-malformed', { reason }, cause)
}

function unsupported(cause?: unknown): Error {
  return s3Refusal('not-implemented', { feature: 'policy', instead: INSTEAD }, cause)
}
