/** Browser uploads: forms that SDKs made, and submissions of them to take or refuse. */
import assert from 'node:assert/strict'
import type { Check } from './family.ts'
import { listOf } from './family.ts'
import { fieldOf, policyOf } from './post-fields.ts'
import { parseBasicDate } from './moments.ts'
import { assertRefused, tamper } from './refusals.ts'
import type { S3Library } from './s3-library.ts'
import { assertAnswer } from './aws-answers.ts'

interface PostCheck {
  readonly now: string
  readonly addFields: Readonly<Record<string, string>>
  readonly file: { readonly filename?: string; readonly size: number }
  readonly expect: { readonly status: number; readonly code?: string }
  readonly tamper?: string
}

interface PostVector {
  readonly id: string
  readonly inputs: {
    readonly post?: {
      readonly Bucket: string
      readonly Key: string
      readonly Expires: number
      readonly Fields?: Readonly<Record<string, string>>
      readonly Conditions?: Parameters<S3Library['createS3PostPolicy']>[0]['conditions']
    }
    readonly client?: { readonly endpoint?: string; readonly forcePathStyle?: boolean }
  }
  readonly sign: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly scope: string
  }
  readonly expected: {
    readonly url: string
    readonly fields: Readonly<Record<string, string>>
    readonly signature: string
  }
  readonly checks?: readonly PostCheck[]
}

export async function runPostForms(
  content: unknown,
  library: S3Library,
  check: Check,
): Promise<void> {
  for (const vector of listOf(content, 'vectors') as unknown as PostVector[]) {
    if (vector.inputs.post !== undefined) {
      await check(`${vector.id} create`, () => createAgain(vector, library))
    }
    await check(`${vector.id} verify`, () => verifyForm(vector, library))
    for (const [index, submission] of (vector.checks ?? []).entries()) {
      await check(`${vector.id} submission ${index}`, () => submit(vector, submission, library))
    }
  }
}

function keyOf(vector: PostVector): {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
} {
  const { accessKeyId, secretAccessKey } = vector.sign
  const sessionToken = fieldOf(vector.expected.fields, 'x-amz-security-token')
  return { accessKeyId, secretAccessKey, ...(sessionToken === '' ? {} : { sessionToken }) }
}

function regionOf(vector: PostVector): string {
  return vector.sign.scope.split('/')[1] ?? ''
}

function createAgain(vector: PostVector, library: S3Library): void {
  const { client = {}, post } = vector.inputs
  assert.ok(post !== undefined)
  const form = library.createS3PostPolicy({
    bucket: post.Bucket,
    key: post.Key,
    region: regionOf(vector),
    credentials: keyOf(vector),
    expiresInSeconds: post.Expires,
    now: parseBasicDate(fieldOf(vector.expected.fields, 'x-amz-date')),
    fields: post.Fields,
    conditions: post.Conditions,
    endpoint: client.endpoint,
    addressing: client.forcePathStyle ? 'path' : 'virtual',
  })
  assert.equal(form.url.replace(/\/$/, ''), vector.expected.url.replace(/\/$/, ''))
  assert.deepEqual({ ...form.fields }, { ...vector.expected.fields })
}

function verify(
  vector: PostVector,
  library: S3Library,
  fields: Readonly<Record<string, string>>,
  submission: { now: Date; file: PostCheck['file'] },
): ReturnType<S3Library['verifyS3PostPolicy']> {
  const key = keyOf(vector)
  return library.verifyS3PostPolicy(
    { fields, file: submission.file },
    {
      bucket: policyOf(vector.expected.fields).bucket,
      region: regionOf(vector),
      now: submission.now,
      lookup: (id) => (id === key.accessKeyId ? key : null),
    },
  )
}

function verifyForm(vector: PostVector, library: S3Library): void {
  const now = parseBasicDate(fieldOf(vector.expected.fields, 'x-amz-date'))
  const fields = completed(vector)
  const submission = { now, file: { filename: 'f.txt', size: sizeInside(vector) } }
  verify(vector, library, fields, submission)
  const policyName = Object.keys(fields).find((name) => name.toLowerCase() === 'policy') ?? ''
  const policy = fields[policyName] ?? ''
  for (let index = 0; index < policy.length; index += 7) {
    assertRefused(
      () => verify(vector, library, { ...fields, [policyName]: tamper(policy, index) }, submission),
      `a policy changed at ${index}`,
    )
  }
}

/** The form with whatever its conditions ask for and the browser would add. */
function completed(vector: PostVector): Readonly<Record<string, string>> {
  const fields: Record<string, string> = { ...vector.expected.fields }
  for (const [operator, name = '', value] of policyOf(fields).conditions) {
    if (operator === 'content-length-range') continue
    const isThere = Object.keys(fields).some(
      (other) => other.toLowerCase() === name.slice(1).toLowerCase(),
    )
    if (!isThere && name !== '$bucket') fields[name.slice(1)] = String(value)
  }
  return fields
}

function sizeInside(vector: PostVector): number {
  const range = policyOf(vector.expected.fields).conditions.find(
    ([operator]) => operator === 'content-length-range',
  )
  return range === undefined ? 10 : Number(range[1])
}

function submit(vector: PostVector, submission: PostCheck, library: S3Library): void {
  const fields: Record<string, string> = { ...vector.expected.fields }
  for (const [name, value] of Object.entries(submission.addFields)) {
    const same = Object.keys(fields).find((other) => other.toLowerCase() === name.toLowerCase())
    if (same !== undefined) delete fields[same]
    fields[name] = value
  }
  if (submission.tamper === 'policy') fields['Policy'] = tamper(fields['Policy'] ?? '', 10)
  const act = (): unknown =>
    verify(vector, library, fields, { now: new Date(submission.now), file: submission.file })
  assertAnswer(act, { ...submission.expect, allow: submission.expect.code === undefined })
}
