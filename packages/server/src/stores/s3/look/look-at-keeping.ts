/** What a bucket does with what it holds: versions, uploads that nobody finished, encryption; and which pages may use it. */
import type { XmlNode } from '../../../platform/xml.ts'
import { childOf } from '../../../platform/xml.ts'
import type { BucketFinding } from '../../bucket-look.ts'
import type { S3Calls } from '../s3-calls.ts'
import { textOf } from '../../send/xml-answer.ts'
import { askSetting } from './ask-setting.ts'
import { awsCommand } from './aws-command.ts'
import { lookFor } from './findings.ts'
import type { Seen } from './findings.ts'

export function lookAtKeeping(calls: S3Calls): Promise<BucketFinding[]> {
  return Promise.all([
    lookFor('versioning', () => seeVersioning(calls)),
    lookFor('incomplete-uploads', () => seeIncompleteUploads(calls)),
    lookFor('encryption', () => seeEncryption(calls)),
    lookFor('cors', () => seeCors(calls)),
  ])
}

async function seeVersioning(calls: S3Calls): Promise<Seen> {
  const versioning = await askSetting(calls, {
    operation: 'GetBucketVersioning',
    query: 'versioning',
    root: 'VersioningConfiguration',
    absent: null,
  })
  const state = versioning === null ? '' : textOf(versioning, 'Status')
  if (state === 'Enabled') {
    return {
      status: 'passed',
      found: 'Versions are kept.',
      means:
        'What is replaced or deleted in a mounted bucket can be had back, and is paid for until a rule of the bucket ends it; as HALLPASS_BLOBS it keeps what Hallpass has swept.',
    }
  }
  const settings = { Status: 'Enabled' }
  return {
    status: 'advice',
    found: state === 'Suspended' ? 'Versioning is suspended.' : 'No versions are kept.',
    means:
      'What is replaced or deleted in a mounted bucket is gone. For HALLPASS_BLOBS that is right: Hallpass keeps versions itself.',
    remedy: 'Keep versions if the bucket is to be mounted and written to.',
    command: awsCommand(calls.location, 'put-bucket-versioning', [
      '--versioning-configuration',
      settings,
    ]),
  }
}

async function lifecycleRules(calls: S3Calls): Promise<readonly XmlNode[]> {
  const lifecycle = await askSetting(calls, {
    operation: 'GetBucketLifecycleConfiguration',
    query: 'lifecycle',
    root: 'LifecycleConfiguration',
    absent: 'NoSuchLifecycleConfiguration',
  })
  const rules = lifecycle?.children.filter(({ name }) => name === 'Rule') ?? []
  return rules.filter((rule) => textOf(rule, 'Status') === 'Enabled')
}

async function seeIncompleteUploads(calls: S3Calls): Promise<Seen> {
  const { location } = calls
  const rules = await lifecycleRules(calls)
  const ends = rules.some(
    (rule) =>
      childOf(rule, 'AbortIncompleteMultipartUpload') !== null &&
      location.prefix.startsWith(prefixOf(rule)),
  )
  if (ends) {
    const found = 'A rule ends uploads in parts that nobody completes.'
    return { status: 'passed', found, means: 'Their parts are not paid for without end.' }
  }
  const own = {
    ID: 'end-incomplete-uploads',
    Status: 'Enabled',
    Filter: { Prefix: location.prefix },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
  }
  const remedy = 'Add a rule with AbortIncompleteMultipartUpload, of two days at least.'
  return {
    status: 'advice',
    found: 'No rule ends uploads in parts that nobody completes.',
    means: 'Hallpass aborts its own. Those of other programs stay, unseen, and are paid for.',
    // The call replaces every rule there is.
    ...(rules.length === 0
      ? {
          remedy,
          command: awsCommand(location, 'put-bucket-lifecycle-configuration', [
            '--lifecycle-configuration',
            { Rules: [own] },
          ]),
        }
      : { remedy: `${remedy} The bucket has rules, which a call replaces: send them along.` }),
  }
}

/** Of the keys that a rule is for; one with tags or sizes is for some of them only, and so for none that can be counted on. */
function prefixOf(rule: XmlNode): string {
  const filter = childOf(rule, 'Filter')
  if (filter === null) return textOf(rule, 'Prefix')
  const others = filter.children.some(({ name }) => name !== 'Prefix')
  return others ? '\0' : textOf(filter, 'Prefix')
}

async function seeEncryption(calls: S3Calls): Promise<Seen> {
  const encryption = await askSetting(calls, {
    operation: 'GetBucketEncryption',
    query: 'encryption',
    root: 'ServerSideEncryptionConfiguration',
    absent: 'ServerSideEncryptionConfigurationNotFoundError',
  })
  const rule = encryption === null ? null : childOf(encryption, 'Rule')
  const byDefault = rule === null ? null : childOf(rule, 'ApplyServerSideEncryptionByDefault')
  const algorithm = byDefault === null ? '' : textOf(byDefault, 'SSEAlgorithm')
  if (/^[A-Za-z0-9:]{1,32}$/.test(algorithm)) {
    const found = `What is stored is encrypted by the store (${algorithm}).`
    return { status: 'passed', found, means: 'A disk that is taken away tells nothing.' }
  }
  const byStore = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }
  return {
    status: 'advice',
    found: 'The bucket does not say that what is stored is encrypted.',
    means: 'Bytes may lie on its disks as they are.',
    remedy: 'Let the store encrypt, for the bucket or with sse= in the address.',
    command: awsCommand(calls.location, 'put-bucket-encryption', [
      '--server-side-encryption-configuration',
      { Rules: [byStore] },
    ]),
  }
}

async function seeCors(calls: S3Calls): Promise<Seen> {
  const cors = await askSetting(calls, {
    operation: 'GetBucketCors',
    query: 'cors',
    root: 'CORSConfiguration',
    absent: 'NoSuchCORSConfiguration',
  })
  const rules = cors?.children.filter(({ name }) => name === 'CORSRule') ?? []
  if (rules.length === 0) {
    return {
      status: 'passed',
      found: 'No page of another origin may use the bucket.',
      means:
        'That is right where bytes pass Hallpass. Direct uploads and downloads of pages need the origin of the page, PUT, and ETag exposed.',
    }
  }
  const writing = rules.filter(
    (rule) =>
      has(rule, 'AllowedOrigin', /^\*$/) && has(rule, 'AllowedMethod', /^(?:PUT|POST|DELETE)$/),
  )
  if (writing.length === 0) {
    const found = `${rules.length} rules name the pages that may use the bucket.`
    return { status: 'passed', found, means: 'No page that was not named writes there.' }
  }
  return {
    status: 'advice',
    found: 'Every page may send writes to the bucket (AllowedOrigin *).',
    means: 'A signed URL that leaks to a page can be used by its script.',
    remedy: 'Name the origins of the pages in place of *.',
    command: awsCommand(calls.location, 'put-bucket-cors', [
      '--cors-configuration',
      {
        CORSRules: [
          {
            AllowedOrigins: ['https://app.example.com'],
            AllowedMethods: ['GET', 'PUT'],
            AllowedHeaders: ['*'],
            ExposeHeaders: ['ETag'],
          },
        ],
      },
    ]),
  }
}

function has(rule: XmlNode, member: string, pattern: RegExp): boolean {
  return rule.children.some(({ name, text }) => name === member && pattern.test(text.trim()))
}
