/** Settings of buckets through the AWS SDK: CORS, policies, and what S3 says of a bucket where nothing is set. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as s3 from '@aws-sdk/client-s3'
import type { CORSRule, S3Client } from '@aws-sdk/client-s3'
import { createAwsClient, presign } from '../lib/clients.ts'
import { waitUntil } from '../lib/patience.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

let server: RunningServer
let client: S3Client
let count = 0

before(async () => {
  server = await startServer()
  client = createAwsClient(server)
})

after(async () => {
  client.destroy()
  await server.stop()
})

async function makeBucket(): Promise<string> {
  count += 1
  const Bucket = `settings-${count}`
  await client.send(new s3.CreateBucketCommand({ Bucket }))
  return Bucket
}

async function put(Bucket: string, Key: string): Promise<void> {
  await client.send(new s3.PutObjectCommand({ Bucket, Key, Body: 'x' }))
}

async function assertCode(call: Promise<unknown>, code: string, status: number): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof s3.S3ServiceException, String(error))
    assert.deepEqual([error.name, error.$metadata.httpStatusCode], [code, status])
    return true
  })
}

const RULE: CORSRule = {
  ID: 'app',
  AllowedHeaders: ['content-type', 'x-amz-*'],
  AllowedMethods: ['PUT', 'GET'],
  AllowedOrigins: ['https://*.example.com'],
  ExposeHeaders: ['ETag'],
  MaxAgeSeconds: 60,
}
const APP = 'https://app.example.com'

function setCors(Bucket: string, ...CORSRules: CORSRule[]): Promise<unknown> {
  return client.send(new s3.PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }))
}

function preflight(path: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${server.origin}/${path}`, { method: 'OPTIONS', headers })
}

test('CORS rules are kept with their bucket, and asked first to last', async () => {
  const Bucket = await makeBucket()
  const get = new s3.GetBucketCorsCommand({ Bucket })
  await assertCode(client.send(get), 'NoSuchCORSConfiguration', 404)
  const any: CORSRule = { AllowedMethods: ['GET'], AllowedOrigins: ['*'] }
  await setCors(Bucket, RULE, any)
  assert.deepEqual((await client.send(get)).CORSRules, [RULE, any])
  const asked = { origin: APP, 'access-control-request-method': 'PUT' }
  const allowed = await preflight(`${Bucket}/a`, {
    ...asked,
    'access-control-request-headers': 'Content-Type, x-amz-meta-a',
  })
  assert.equal(allowed.status, 200)
  const of = (name: string, answer = allowed): string | null =>
    answer.headers.get(`access-control-${name}`)
  assert.equal(of('allow-origin'), APP)
  assert.equal(of('allow-methods'), 'PUT, GET')
  assert.equal(of('allow-headers'), 'Content-Type, x-amz-meta-a')
  assert.equal(of('expose-headers'), 'ETag')
  assert.equal(of('max-age'), '60')
  assert.equal(of('allow-credentials'), null)
  assert.match(allowed.headers.get('vary') ?? '', /Origin/)
  const refused = [
    { ...asked, 'access-control-request-headers': 'authorization' },
    { ...asked, origin: 'https://example.com' },
    { ...asked, 'access-control-request-method': 'DELETE' },
  ]
  for (const headers of refused) {
    const answer = await preflight(`${Bucket}/a`, headers)
    assert.deepEqual([answer.status, of('allow-origin', answer)], [403, null])
  }
  assert.equal((await preflight(`${Bucket}-other/a`, asked)).status, 403)
  const open = await preflight(`${Bucket}/a`, {
    ...asked,
    'access-control-request-method': 'GET',
    origin: 'https://b.test',
  })
  assert.equal(of('allow-origin', open), '*')
  await client.send(new s3.DeleteBucketCorsCommand({ Bucket }))
  assert.equal((await preflight(`${Bucket}/a`, asked)).status, 403)
})

test('what a rule allows can be read, refusals too, and caches are told that it varies', async () => {
  const Bucket = await makeBucket()
  await put(Bucket, 'a')
  await setCors(Bucket, RULE)
  const url = presign(server, 'GET', `${Bucket}/a`)
  const seen = await fetch(url, { headers: { origin: APP } })
  assert.equal(seen.headers.get('access-control-allow-origin'), APP)
  assert.equal(seen.headers.get('access-control-expose-headers'), 'ETag')
  const missing = await fetch(presign(server, 'GET', `${Bucket}/b`), { headers: { origin: APP } })
  assert.deepEqual([missing.status, missing.headers.get('access-control-allow-origin')], [404, APP])
  const nobody = await fetch(`${server.origin}/${Bucket}/a`, { headers: { origin: APP } })
  assert.deepEqual([nobody.status, nobody.headers.get('access-control-allow-origin')], [403, APP])
  for (const headers of [{}, { origin: 'https://other.test' }]) {
    const answer = await fetch(url, { headers })
    assert.equal(answer.headers.get('access-control-allow-origin'), null)
    assert.match(answer.headers.get('vary') ?? '', /Origin/)
  }
})

test('rules that could not hold are refused', async () => {
  const Bucket = await makeBucket()
  const with_ = (change: Partial<CORSRule>): Promise<unknown> =>
    setCors(Bucket, { ...RULE, ...change })
  await assertCode(with_({ AllowedMethods: ['PATCH'] }), 'InvalidRequest', 400)
  await assertCode(with_({ AllowedOrigins: ['https://*.a.*'] }), 'InvalidRequest', 400)
  await assertCode(with_({ AllowedHeaders: ['*-*'] }), 'InvalidRequest', 400)
  await assertCode(with_({ ExposeHeaders: ['x-*'] }), 'InvalidRequest', 400)
  await assertCode(with_({ ExposeHeaders: ['a\r\nb'] }), 'InvalidRequest', 400)
  await assertCode(with_({ AllowedHeaders: ['a b'] }), 'InvalidRequest', 400)
  await assertCode(with_({ AllowedOrigins: ['https://a\u0007'] }), 'MalformedXML', 400)
  await assertCode(setCors(Bucket), 'MalformedXML', 400)
  await assertCode(setCors(Bucket, ...Array.from({ length: 101 }, () => RULE)), 'MalformedXML', 400)
  await assertCode(setCors('no-such-bucket', RULE), 'NoSuchBucket', 404)
})

test('the list of the operator comes first, and rules of a bucket add to it', async () => {
  const other = await startServer({ corsOrigins: ['https://operator.test'] })
  const sdk = createAwsClient(other)
  try {
    const Bucket = 'both'
    await sdk.send(new s3.CreateBucketCommand({ Bucket }))
    const CORSConfiguration = { CORSRules: [RULE] }
    await sdk.send(new s3.PutBucketCorsCommand({ Bucket, CORSConfiguration }))
    for (const origin of ['https://operator.test', APP]) {
      const headers = { origin, 'access-control-request-method': 'PUT' }
      const answer = await fetch(`${other.origin}/both/a`, { method: 'OPTIONS', headers })
      assert.ok(answer.ok, origin)
      assert.equal(answer.headers.get('access-control-allow-origin'), origin)
    }
  } finally {
    sdk.destroy()
    await other.stop()
  }
})

function publicPolicy(...resources: string[]): string {
  const Resource = resources.map((path) => `arn:aws:s3:::${path}`)
  const Statement = [
    { Sid: 'all', Effect: 'Allow', Principal: '*', Action: ['s3:GetObject'], Resource },
  ]
  return JSON.stringify({ Version: '2012-10-17', Statement })
}

function setPolicy(Bucket: string, Policy: string): Promise<unknown> {
  return client.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }))
}

test('a policy that makes a prefix public becomes the visibility of a folder, and goes with it', async () => {
  const Bucket = await makeBucket()
  for (const key of ['docs/a', 'img/b', 'c']) await put(Bucket, key)
  const isPublic = async (key: string): Promise<boolean> =>
    (await fetch(`${server.origin}/${Bucket}/${key}`)).ok
  const get = new s3.GetBucketPolicyCommand({ Bucket })
  const status = new s3.GetBucketPolicyStatusCommand({ Bucket })
  await assertCode(client.send(get), 'NoSuchBucketPolicy', 404)
  await assertCode(client.send(status), 'NoSuchBucketPolicy', 404)
  const policy = publicPolicy(`${Bucket}/docs/*`, `${Bucket}/img/*`)
  await setPolicy(Bucket, policy)
  assert.equal((await client.send(get)).Policy, policy)
  assert.equal((await client.send(status)).PolicyStatus?.IsPublic, true)
  // Some SDKs take any other spelling for false.
  const url = presign(server, 'GET', Bucket, { query: { policyStatus: '' } })
  assert.match(await (await fetch(url)).text(), /<IsPublic>true<\/IsPublic>/)
  assert.deepEqual(
    [await isPublic('docs/a'), await isPublic('img/b'), await isPublic('c')],
    [true, true, false],
  )
  await setPolicy(Bucket, publicPolicy(`${Bucket}/*`))
  assert.deepEqual([await isPublic('docs/a'), await isPublic('c')], [true, true])
  await client.send(new s3.DeleteBucketPolicyCommand({ Bucket }))
  assert.deepEqual([await isPublic('docs/a'), await isPublic('c')], [false, false])
  await assertCode(client.send(get), 'NoSuchBucketPolicy', 404)
})

test('a folder that is made public over REST is told as a policy, and one that is private in it cannot be', async () => {
  const Bucket = await makeBucket()
  const folder = (path: string, visibility: string): Promise<Response> =>
    fetch(`${server.origin}/v1/folders/${Bucket}/${path}`, {
      method: 'PUT',
      headers: { authorization: server.adminKey, 'content-type': 'application/json' },
      body: JSON.stringify({ visibility }),
    })
  assert.equal((await folder('open', 'public')).status, 200)
  const get = new s3.GetBucketPolicyCommand({ Bucket })
  const { Policy = '' } = await client.send(get)
  assert.match(Policy, new RegExp(`"arn:aws:s3:::${Bucket}/open/\\*"`))
  await folder('open/secret', 'private')
  await assertCode(client.send(get), 'NotImplemented', 501)
  await assertCode(setPolicy(Bucket, publicPolicy(`${Bucket}/*`)), 'NotImplemented', 501)
  await setPolicy(Bucket, publicPolicy(`${Bucket}/other/*`))
  assert.equal((await client.send(get)).Policy, publicPolicy(`${Bucket}/other/*`))
})

test('policies that say more than folders can are refused, and change nothing', async () => {
  const Bucket = await makeBucket()
  await put(Bucket, 'a')
  const statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${Bucket}/*`,
  }
  const with_ = (change: object): Promise<unknown> =>
    setPolicy(
      Bucket,
      JSON.stringify({ Version: '2012-10-17', Statement: { ...statement, ...change } }),
    )
  const more = [
    { Effect: 'Deny' },
    { Principal: { AWS: 'arn:aws:iam::1:root' } },
    { Action: 's3:*' },
    { Action: ['s3:GetObject', 's3:PutObject'] },
    { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
    { Resource: `arn:aws:s3:::${Bucket}/a*` },
    { Resource: `arn:aws:s3:::${Bucket}/*/b/*` },
    { Resource: `arn:aws:s3:::${Bucket}` },
  ]
  for (const change of more) await assertCode(with_(change), 'NotImplemented', 501)
  // All that most clients show.
  const told = { message: /not implemented: policy\. What a policy can do here is .*s3:GetObject/ }
  await assert.rejects(with_({ Effect: 'Deny' }), told)
  await assertCode(with_({ Resource: 'arn:aws:s3:::another/*' }), 'MalformedPolicy', 400)
  await assertCode(setPolicy(Bucket, '{'), 'MalformedPolicy', 400)
  await assertCode(setPolicy(Bucket, '{"Statement":[]}'), 'MalformedPolicy', 400)
  assert.equal((await fetch(`${server.origin}/${Bucket}/a`)).status, 403)
  await with_({ Principal: { AWS: ['*'] } })
  assert.equal((await fetch(`${server.origin}/${Bucket}/a`)).status, 200)
})

test('a bucket where nothing is set answers as S3 does, and takes what is so anyway', async () => {
  const Bucket = await makeBucket()
  await put(Bucket, 'a')
  const object = { Bucket, Key: 'a' }
  const missing: readonly (readonly [() => Promise<unknown>, string])[] = [
    [
      () => client.send(new s3.GetBucketEncryptionCommand({ Bucket })),
      'ServerSideEncryptionConfigurationNotFoundError',
    ],
    [
      () => client.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket })),
      'NoSuchLifecycleConfiguration',
    ],
    [
      () => client.send(new s3.GetBucketReplicationCommand({ Bucket })),
      'ReplicationConfigurationNotFoundError',
    ],
    [() => client.send(new s3.GetBucketWebsiteCommand({ Bucket })), 'NoSuchWebsiteConfiguration'],
    [
      () => client.send(new s3.GetPublicAccessBlockCommand({ Bucket })),
      'NoSuchPublicAccessBlockConfiguration',
    ],
    [
      () => client.send(new s3.GetObjectLockConfigurationCommand({ Bucket })),
      'ObjectLockConfigurationNotFoundError',
    ],
  ]
  for (const [call, code] of missing) await assertCode(call(), code, 404)
  const ownership = await client.send(new s3.GetBucketOwnershipControlsCommand({ Bucket }))
  assert.deepEqual(ownership.OwnershipControls?.Rules, [{ ObjectOwnership: 'BucketOwnerEnforced' }])
  const payment = await client.send(new s3.GetBucketRequestPaymentCommand({ Bucket }))
  assert.equal(payment.Payer, 'BucketOwner')
  const logging = await client.send(new s3.GetBucketLoggingCommand({ Bucket }))
  assert.equal(logging.LoggingEnabled, undefined)
  await client.send(new s3.GetBucketNotificationConfigurationCommand({ Bucket }))
  await client.send(new s3.GetBucketAccelerateConfigurationCommand({ Bucket }))
  for (const { Grants, Owner } of [
    await client.send(new s3.GetBucketAclCommand({ Bucket })),
    await client.send(new s3.GetObjectAclCommand(object)),
  ]) {
    assert.deepEqual(Grants, [
      { Grantee: { ...Owner, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' },
    ])
  }
  const retention = new s3.GetObjectRetentionCommand(object)
  await assertCode(client.send(retention), 'InvalidRequest', 400)
  await assertCode(client.send(new s3.GetObjectLegalHoldCommand(object)), 'InvalidRequest', 400)
  await client.send(new s3.DeleteBucketLifecycleCommand({ Bucket }))
  await client.send(new s3.DeleteBucketEncryptionCommand({ Bucket }))
  await client.send(new s3.DeleteBucketWebsiteCommand({ Bucket }))
  await client.send(new s3.DeleteBucketReplicationCommand({ Bucket }))
  await client.send(new s3.DeletePublicAccessBlockCommand({ Bucket }))
  await client.send(new s3.PutBucketAclCommand({ Bucket, ACL: 'private' }))
  await client.send(new s3.PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: {} }))
  const Rules = [{ ObjectOwnership: 'BucketOwnerEnforced' }] as const
  await client.send(
    new s3.PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [...Rules] } }),
  )
})

test('a bucket says of public ACLs what it was told, and of policies that they may be public', async () => {
  const Bucket = await makeBucket()
  const block = (PublicAccessBlockConfiguration: s3.PublicAccessBlockConfiguration) =>
    client.send(new s3.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }))
  const told = async (): Promise<s3.PublicAccessBlockConfiguration | undefined> =>
    (await client.send(new s3.GetPublicAccessBlockCommand({ Bucket })))
      .PublicAccessBlockConfiguration
  const of = { BlockPublicPolicy: false, RestrictPublicBuckets: false }
  for (const asked of [
    { BlockPublicAcls: true, IgnorePublicAcls: true },
    { BlockPublicAcls: true },
  ]) {
    await block(asked)
    assert.deepEqual(await told(), { IgnorePublicAcls: false, ...asked, ...of })
  }
  for (const name of ['BlockPublicPolicy', 'RestrictPublicBuckets'] as const) {
    await assert.rejects(block({ [name]: true }), (error) => {
      assert.ok(error instanceof s3.S3ServiceException)
      assert.equal(error.name, 'NotImplemented')
      assert.equal((error as { readonly Feature?: string }).Feature, name)
      return true
    })
  }
  assert.equal((await told())?.BlockPublicAcls, true)
  await client.send(new s3.DeletePublicAccessBlockCommand({ Bucket }))
  await assertCode(told(), 'NoSuchPublicAccessBlockConfiguration', 404)
})

test('Object Lock needs versions, and is not done with them either', async () => {
  const Bucket = await makeBucket()
  const lock = () =>
    client.send(
      new s3.PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
      }),
    )
  await assertCode(lock(), 'InvalidBucketState', 409)
  const VersioningConfiguration = { Status: 'Enabled' as const }
  await client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  await assertCode(lock(), 'NotImplemented', 501)
})

test('an ACL that is none, is missing or comes twice has the code of S3', async () => {
  const Bucket = await makeBucket()
  await put(Bucket, 'a')
  const AccessControlPolicy = await client.send(new s3.GetBucketAclCommand({ Bucket }))
  const wishes: readonly (readonly [s3.PutBucketAclCommandInput, string])[] = [
    [{ Bucket }, 'MissingSecurityHeader'],
    [{ Bucket, ACL: 'public' as 'private' }, 'InvalidArgument'],
    [{ Bucket, GrantRead: 'everybody' }, 'InvalidArgument'],
    [{ Bucket, ACL: 'private', GrantRead: 'id="a"' }, 'InvalidRequest'],
    [{ Bucket, ACL: 'private', AccessControlPolicy }, 'UnexpectedContent'],
  ]
  for (const [wish, code] of wishes) {
    await assertCode(client.send(new s3.PutBucketAclCommand(wish)), code, 400)
    const onObject = new s3.PutObjectAclCommand({ ...wish, Key: 'a' })
    await assertCode(client.send(onObject), code, 400)
  }
})

test('what asks a bucket for more is refused, and the log names the feature', async () => {
  const Bucket = await makeBucket()
  await put(Bucket, 'a')
  const acl = { Bucket, ACL: 'public-read' } as const
  await assertCode(
    client.send(new s3.PutBucketAclCommand(acl)),
    'AccessControlListNotSupported',
    400,
  )
  const onObject = new s3.PutObjectAclCommand({ ...acl, Key: 'a' })
  await assertCode(client.send(onObject), 'AccessControlListNotSupported', 400)
  const write = new s3.PutObjectCommand({ ...acl, Key: 'b', Body: 'x' })
  await assertCode(client.send(write), 'AccessControlListNotSupported', 400)
  const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] }
  const ownership = new s3.PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls })
  await assertCode(client.send(ownership), 'NotImplemented', 501)
  const RequestPaymentConfiguration = { Payer: 'Requester' as const }
  const payment = new s3.PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration })
  await assertCode(client.send(payment), 'NotImplemented', 501)
  const WebsiteConfiguration = { IndexDocument: { Suffix: 'index.html' } }
  const website = new s3.PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration })
  await assertCode(client.send(website), 'NotImplemented', 501)
  for (const feature of ['ownershipControls', 'requestPayment', 'website']) {
    // What another process logs is heard a moment later.
    const line = `"feature":"${feature}"`
    await waitUntil(() => server.logText().includes(line), line)
  }
})

test('buckets are listed in pages, by prefix and by region', async () => {
  const other = await startServer()
  const sdk = createAwsClient(other)
  try {
    for (const Bucket of ['log-1', 'log-2', 'log-3', 'media']) {
      await sdk.send(new s3.CreateBucketCommand({ Bucket }))
    }
    const list = async (query: s3.ListBucketsCommandInput): Promise<s3.ListBucketsCommandOutput> =>
      sdk.send(new s3.ListBucketsCommand(query))
    const names = ({ Buckets = [] }: s3.ListBucketsCommandOutput): unknown[] =>
      Buckets.map(({ Name }) => Name)
    const first = await list({ Prefix: 'log-', MaxBuckets: 2 })
    assert.deepEqual([names(first), first.Prefix], [['log-1', 'log-2'], 'log-'])
    assert.equal(first.Buckets?.[0]?.BucketRegion, 'us-east-1')
    const ContinuationToken = first.ContinuationToken ?? ''
    const second = await list({ Prefix: 'log-', MaxBuckets: 2, ContinuationToken })
    assert.deepEqual([names(second), second.ContinuationToken], [['log-3'], undefined])
    assert.deepEqual(names(await list({ BucketRegion: 'eu-west-1' })), [])
    assert.equal(names(await list({ BucketRegion: 'us-east-1' })).length, 4)
    await assertCode(list({ MaxBuckets: 0 }), 'InvalidArgument', 400)
    await assertCode(list({ Prefix: 'm', ContinuationToken }), 'InvalidArgument', 400)
  } finally {
    sdk.destroy()
    await other.stop()
  }
})

test('names that S3 gives to no new bucket are refused', async () => {
  for (const Bucket of [
    'xn--a',
    'sthree-a',
    'amzn-s3-demo-a',
    'a-s3alias',
    'a--ol-s3',
    'a.mrap',
    'a--table-s3',
    'a.-b',
    'a-.b',
    '10.0.0.1',
    'ab',
    'a',
  ]) {
    await assertCode(client.send(new s3.CreateBucketCommand({ Bucket })), 'InvalidBucketName', 400)
  }
  await client.send(new s3.CreateBucketCommand({ Bucket: 'a.b-c.d' }))
})

test('a key that ends in a slash is an object like any other, and empty metadata is kept', async () => {
  const Bucket = await makeBucket()
  const Metadata = { empty: '', full: 'x' }
  await client.send(new s3.PutObjectCommand({ Bucket, Key: 'dir/', Body: 'inside', Metadata }))
  const answer = await client.send(new s3.GetObjectCommand({ Bucket, Key: 'dir/' }))
  assert.equal(await answer.Body?.transformToString(), 'inside')
  assert.deepEqual(answer.Metadata, Metadata)
  await assertCode(client.send(new s3.GetObjectCommand({ Bucket, Key: 'dir' })), 'NoSuchKey', 404)
})

test('prefixes that no key begins with list nothing, and names that no list can hold are refused', async () => {
  const Bucket = await makeBucket()
  await put(Bucket, 'a/b')
  for (const Prefix of ['a/../', './', '\u0001', 'a\n', '\uFFFE', 'a/..', '\u0000']) {
    const page = await client.send(new s3.ListObjectsV2Command({ Bucket, Prefix }))
    assert.deepEqual([page.KeyCount, page.Contents], [0, undefined], JSON.stringify(Prefix))
  }
  for (const Key of ['a\uFFFE', '\uFFFF']) {
    await assertCode(
      client.send(new s3.PutObjectCommand({ Bucket, Key, Body: 'x' })),
      'InvalidURI',
      400,
    )
  }
})

test('a missing bucket is named before a missing key', async () => {
  const missing = { Bucket: 'no-such-bucket', Key: 'a' }
  await assertCode(client.send(new s3.GetObjectCommand(missing)), 'NoSuchBucket', 404)
  await assertCode(client.send(new s3.GetObjectTaggingCommand(missing)), 'NoSuchBucket', 404)
  await assertCode(client.send(new s3.DeleteObjectCommand(missing)), 'NoSuchBucket', 404)
  await assertCode(client.send(new s3.ListObjectVersionsCommand(missing)), 'NoSuchBucket', 404)
  await assertCode(client.send(new s3.HeadBucketCommand(missing)), 'NotFound', 404)
})
