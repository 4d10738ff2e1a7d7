import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAzurePrefix, presignAzureBlob } from '../../src/azure.ts'
import { presignCloudFront } from '../../src/cloudfront.ts'
import type * as all from '../../src/index.ts'
import { presignS3 } from '../../src/s3.ts'
import { pemOf } from '../dialects/cloud-support.ts'

const expiresInSeconds = 300
const expiresAt = new Date('2026-03-14T09:26:53Z')
const s3 = {
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'hallpass-fake-key' },
  region: 'eu-west-1',
  method: 'GET',
}
const azure = {
  account: 'account',
  accountKey: 'aGFsbHBhc3MgZmFrZSBrZXk=',
  container: 'reports',
  permissions: 'r',
}
const cloudFrontKey = pemOf('hallpass-test-rsa-1')
const cloudFront = {
  keyPairId: 'K1',
  privateKey: cloudFrontKey.private,
  url: 'https://media.example.test/a',
}

test('one end must be given, and not both: the compiler says it, and so does the call', () => {
  const wrong: readonly (() => unknown)[] = [
    // @ts-expect-error No end.
    () => presignS3({ ...s3, key: 'a' }),
    // @ts-expect-error Two ends.
    () => presignS3({ ...s3, key: 'a', expiresInSeconds, expiresAt }),
    // @ts-expect-error An end that may be missing.
    () => presignS3({ ...s3, key: 'a', expiresInSeconds: [300][1] }),
    // @ts-expect-error No end, and no stored policy that has one.
    () => presignAzureBlob({ ...azure, blob: 'a' }),
    // @ts-expect-error Two ends.
    () => presignAzureBlob({ ...azure, blob: 'a', expiresInSeconds, expiresAt }),
    // @ts-expect-error A prefix ends too.
    () => createAzurePrefix({ ...azure, directory: 'a' }),
    // @ts-expect-error No end, and no policy that has one.
    () => presignCloudFront(cloudFront),
    // @ts-expect-error Two ends.
    () => presignCloudFront({ ...cloudFront, expiresInSeconds, expiresAt }),
  ]
  for (const call of wrong)
    assert.throws(call, { name: 'TypeError', message: /expiresInSeconds|expiresAt/ })
  const stored = { ...azure, blob: 'a', permissions: undefined as never, storedPolicy: 'a' }
  assert.ok(presignAzureBlob(stored).url)
})

type OptionsOf<Call> = Call extends (options: infer Options) => unknown ? Options : never
type WithoutEnd<Options> = Options extends object
  ? Omit<Options, 'expiresInSeconds' | 'expiresAt'>
  : never
type WithBoth<Options> = WithoutEnd<Options> & { expiresInSeconds: number; expiresAt: Date }
/** Which of no end and of two ends the options of a call let through. */
type Lets<Options> =
  | (WithoutEnd<Options> extends Options ? 'none' : never)
  | (WithBoth<Options> extends Options ? 'both' : never)
/** Of the calls that take the end of a life, those that let through one of these. */
type Lax<Given> = {
  [Name in keyof typeof all]: 'expiresInSeconds' extends keyof OptionsOf<(typeof all)[Name]>
    ? Given extends Lets<OptionsOf<(typeof all)[Name]>>
      ? Name
      : never
    : never
}[keyof typeof all]

test('so it is with every call that takes the end of a life', () => {
  // Its rule has a life of its own.
  const none: Lax<'none'> = 'presignCloudflare'
  // @ts-expect-error There is no such call.
  const both: Lax<'both'> = none
  assert.equal(both, 'presignCloudflare')
})
