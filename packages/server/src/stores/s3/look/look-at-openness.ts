/** What a bucket gives to everybody: what its settings say, and what a request without a signature gets. */
import { childOf } from '../../../platform/xml.ts'
import type { XmlNode } from '../../../platform/xml.ts'
import type { BucketFinding } from '../../bucket-look.ts'
import { dropBody } from '../../send/store-answer.ts'
import type { StoreAnswer } from '../../send/store-answer.ts'
import type { S3Calls } from '../s3-calls.ts'
import { listObjects } from '../list-objects.ts'
import { textOf } from '../../send/xml-answer.ts'
import { askSetting, refusalOf } from './ask-setting.ts'
import { awsCommand } from './aws-command.ts'
import { Unseen, lookFor } from './findings.ts'
import type { Seen } from './findings.ts'

const PUBLIC_MEANS =
  'Everybody has what lies there, past every link, policy and revocation of Hallpass.'

/** Objects that are there already, of which some may be open and others not. */
const TRIED_OBJECTS = 5

export function lookAtOpenness(calls: S3Calls): Promise<BucketFinding[]> {
  return Promise.all([
    lookFor('public-policy', () => seePolicy(calls)),
    lookFor('public-acl', () => seeAcl(calls)),
    lookFor('public-access-block', () => seeBlock(calls)),
    lookFor('unsigned-list', () => seeUnsignedList(calls)),
    lookFor('unsigned-read', () => seeUnsignedRead(calls)),
  ])
}

/** What a request without a signature is answered. */
export async function askUnsigned(
  calls: S3Calls,
  call: { readonly operation: string; readonly method: 'GET' | 'PUT'; readonly key: string | null },
): Promise<StoreAnswer> {
  const answer = await calls.ask({
    ...call,
    isUnsigned: true,
    query: call.key === null ? { 'list-type': '2', 'max-keys': '1' } : {},
  })
  dropBody(answer.body)
  const { status } = answer
  const isClear = (status >= 200 && status < 300) || status === 416 || [401, 403].includes(status)
  if (isClear) return answer
  throw new Unseen(`Without a signature: ${refusalOf(call.operation, answer)}`)
}

export function isRefused({ status }: StoreAnswer): boolean {
  return status === 401 || status === 403
}

async function seePolicy(calls: S3Calls): Promise<Seen> {
  const status = await askSetting(calls, {
    operation: 'GetBucketPolicyStatus',
    query: 'policyStatus',
    root: 'PolicyStatus',
    absent: 'NoSuchBucketPolicy',
  })
  const isPublic = status === null ? 'false' : textOf(status, 'IsPublic').toLowerCase()
  if (isPublic === 'false') {
    const found = status === null ? 'The bucket has no policy.' : 'Its policy makes nothing public.'
    return { status: 'passed', found, means: 'No policy opens it to everybody.' }
  }
  if (isPublic !== 'true') throw new Unseen('The store does not say whether the policy is public.')
  return {
    status: 'failed',
    found: 'The policy of the bucket makes it public.',
    means: PUBLIC_MEANS,
    remedy:
      'Take the statements for everybody ("Principal": "*") out of it, or block public access.',
    command: blockCommand(calls),
  }
}

const EVERYBODY = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/

async function seeAcl(calls: S3Calls): Promise<Seen> {
  const acl = await askSetting(calls, {
    operation: 'GetBucketAcl',
    query: 'acl',
    root: 'AccessControlPolicy',
    absent: null,
  })
  const list = acl === null ? null : childOf(acl, 'AccessControlList')
  const open = (list?.children ?? []).flatMap(openGrant)
  if (open.length === 0) {
    const found = 'Its access control list names nobody but accounts.'
    return { status: 'passed', found, means: 'No list opens the bucket to everybody.' }
  }
  return {
    status: 'failed',
    found: `Its access control list gives ${open.join(', ')}.`,
    means: PUBLIC_MEANS,
    remedy: 'Make it private. Objects have lists of their own.',
    command: `${awsCommand(calls.location, 'put-bucket-acl')} --acl private`,
  }
}

function openGrant(grant: XmlNode): string[] {
  const grantee = childOf(grant, 'Grantee')
  const [, group = null] = EVERYBODY.exec(grantee === null ? '' : textOf(grantee, 'URI')) ?? []
  if (group === null) return []
  const whom = group === 'AllUsers' ? 'everybody' : 'everybody with an account'
  return [`${textOf(grant, 'Permission')} to ${whom}`]
}

const BLOCKS = [
  'BlockPublicAcls',
  'IgnorePublicAcls',
  'BlockPublicPolicy',
  'RestrictPublicBuckets',
] as const

async function seeBlock(calls: S3Calls): Promise<Seen> {
  const block = await askSetting(calls, {
    operation: 'GetPublicAccessBlock',
    query: 'publicAccessBlock',
    root: 'PublicAccessBlockConfiguration',
    absent: 'NoSuchPublicAccessBlockConfiguration',
  })
  const lacking = BLOCKS.filter(
    (name) => block === null || textOf(block, name).toLowerCase() !== 'true',
  )
  if (lacking.length === 0) {
    const means = 'A policy or a list that somebody writes by mistake opens nothing.'
    return { status: 'passed', found: 'Public access is blocked.', means }
  }
  return {
    status: 'advice',
    found: `Public access is not blocked: ${lacking.join(', ')}.`,
    means:
      'One policy or list, written by mistake, opens the bucket. An account may block it for all its buckets, which is not seen here.',
    remedy: 'Block it, unless something else is to be public from this bucket.',
    command: blockCommand(calls),
  }
}

function blockCommand({ location }: S3Calls): string {
  const all = Object.fromEntries(BLOCKS.map((name) => [name, true]))
  return awsCommand(location, 'put-public-access-block', [
    '--public-access-block-configuration',
    all,
  ])
}

async function seeUnsignedList(calls: S3Calls): Promise<Seen> {
  const call = { operation: 'ListObjectsV2', method: 'GET', key: null } as const
  if (isRefused(await askUnsigned(calls, call))) {
    const found = 'A list without a signature is refused.'
    return { status: 'passed', found, means: 'Strangers do not learn what is there.' }
  }
  return {
    status: 'failed',
    found: 'Everybody can list the bucket.',
    means: `${PUBLIC_MEANS} The names alone tell much.`,
    remedy: 'Block public access.',
    command: blockCommand(calls),
  }
}

async function seeUnsignedRead(calls: S3Calls): Promise<Seen> {
  const all = { prefix: '', delimiter: null, after: '', limit: TRIED_OBJECTS }
  const { objects } = await listObjects(calls, all)
  const tried = objects.slice(0, TRIED_OBJECTS)
  if (tried.length === 0) throw new Unseen('There is no object to try it with.')
  for (const { key } of tried) {
    const call = { operation: 'GetObject', method: 'GET', key } as const
    if (!isRefused(await askUnsigned(calls, call))) return openRead(calls)
  }
  const found = `${tried.length} objects that are there are refused without a signature.`
  return { status: 'passed', found, means: 'Whoever has no link gets nothing from the store.' }
}

function openRead(calls: S3Calls): Seen {
  return {
    status: 'failed',
    found: 'Everybody can read an object that is there.',
    means: PUBLIC_MEANS,
    remedy:
      'Block public access; where an object has a list of its own, that takes its force away.',
    command: blockCommand(calls),
  }
}
