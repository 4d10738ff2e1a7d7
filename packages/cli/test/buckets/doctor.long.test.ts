/** `hallpass doctor s3://…` over buckets of Hallpass itself and of SeaweedFS, good ones and bad ones. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { after, before, suite, test } from 'node:test'
import { signS3Headers } from '@hallpass/signing/s3'
import { startSeaweed, whyNoSeaweed } from '../../../../conformance/lib/seaweed.ts'
import type { Seaweed } from '../../../../conformance/lib/seaweed.ts'
import { withServer } from '../remote/with-server.ts'
import { run } from '../run-cli.ts'

interface Item {
  readonly id: string
  readonly status: string
  readonly found: string
  readonly means: string
  readonly remedy: string | null
  readonly command: string | null
}

interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const envOf = ({ accessKeyId, secretAccessKey }: Key): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
})

async function examine(
  url: string,
  key: Key,
  words: readonly string[] = [],
): Promise<{ exitCode: number; items: Record<string, Item> }> {
  const setup = { env: envOf(key), now: new Date() }
  const { exitCode, stdout, stderr } = await run(['doctor', url, '--json', ...words], setup)
  assert.notEqual(stdout, '', stderr)
  assert.doesNotMatch(stdout, new RegExp(key.secretAccessKey.replaceAll('+', '\\+')))
  const { items } = JSON.parse(stdout) as { items: Item[] }
  return { exitCode, items: Object.fromEntries(items.map((item) => [item.id, item])) }
}

const statusesOf = (items: Readonly<Record<string, Item>>): Record<string, string> =>
  Object.fromEntries(Object.entries(items).map(([id, { status }]) => [id, status]))

interface Store {
  readonly origin: string
  readonly key: Key
}

async function call(
  { origin, key }: Store,
  method: string,
  target: string,
  body = '',
): Promise<Response> {
  const [bucket = '', name = ''] = target.split('?', 1)[0]?.split(/\/(.*)/) ?? []
  const query = Object.fromEntries(new URLSearchParams(target.split('?')[1] ?? ''))
  const request = signS3Headers({
    credentials: key,
    region: 'us-east-1',
    endpoint: origin,
    method,
    bucket,
    key: name === '' ? null : name,
    query,
    payloadHash: 'UNSIGNED-PAYLOAD',
  })
  const { url, headers } = request
  return fetch(url, { method, headers, ...(body !== '' && { body }) })
}

suite('hallpass doctor s3://… over Hallpass', () => {
  const world = withServer()
  let key: Key = { accessKeyId: '', secretAccessKey: '' }
  const address = (more = ''): string => `s3://ward/deep?endpoint=${world.url()}${more}`

  before(async () => {
    const made = await world.call('POST', '/v1/access-keys', {
      name: 'doctor',
      actions: ['read', 'write', 'delete', 'list', 'admin'],
    })
    const { id, secretAccessKey } = (await made.json()) as { id: string; secretAccessKey: string }
    key = { accessKeyId: id, secretAccessKey }
    assert.equal((await world.call('PUT', '/v1/buckets/ward', {})).status, 201)
    await call({ origin: world.url(), key }, 'PUT', 'ward/deep/a.txt', 'a')
  })

  test('finds nothing failed in a private bucket, and says what is not known', async () => {
    const { exitCode, items } = await examine(address(), key)
    const statuses = statusesOf(items)
    assert.equal(exitCode, 0)
    for (const id of [
      'reached',
      'transport',
      'region',
      'clock',
      'unsigned-list',
      'unsigned-read',
      'unsigned-read-of-new',
      'unsigned-write',
      'conditional-writes',
    ]) {
      assert.equal(statuses[id], 'passed', `${id}: ${items[id]?.found}`)
    }
    assert.equal(statuses['versioning'], 'advice')
    assert.match(
      items['versioning']?.command ?? '',
      /^aws s3api put-bucket-versioning --bucket ward /,
    )
    for (const [id, { status, command }] of Object.entries(items)) {
      if (status === 'unknown') assert.equal(command, null, id)
    }
    assert.equal((await examine(address(), key, ['--strict'])).exitCode, 1)
  })

  test('leaves nothing behind, in a bucket with versions either', async () => {
    await call(
      { origin: world.url(), key },
      'PUT',
      'ward?versioning',
      '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
    )
    const { items } = await examine(address(), key)
    assert.equal(items['versioning']?.status, 'passed')
    const left = await (await call({ origin: world.url(), key }, 'GET', 'ward?versions')).text()
    assert.doesNotMatch(left, /hallpass-doctor/)
    assert.match(left, /deep\/a\.txt/)
  })

  test('stores nothing with --no-probe', async () => {
    const { items } = await examine(address(), key, ['--no-probe'])
    assert.equal(items['conditional-writes'], undefined)
    assert.equal(items['unsigned-read']?.status, 'passed')
  })

  test('sees that everybody can read', async () => {
    await world.call('PUT', '/v1/folders/ward', { visibility: 'public' })
    try {
      const { exitCode, items } = await examine(address(), key)
      assert.equal(exitCode, 1)
      assert.equal(items['unsigned-read']?.status, 'failed')
      assert.equal(items['unsigned-read-of-new']?.status, 'failed')
      assert.match(items['unsigned-read']?.command ?? '', /put-public-access-block/)
    } finally {
      await world.call('PUT', '/v1/folders/ward', { visibility: 'private' })
    }
  })

  test('says which region it is, if the address names another', async () => {
    const { exitCode, items } = await examine(address('&region=eu-west-1'), key)
    assert.equal(exitCode, 1)
    assert.notEqual(items['region']?.status, 'passed')
    assert.equal(items['reached']?.status, 'failed')
  })

  test('is for people too', async () => {
    const { stdout } = await run(['doctor', address()], { env: envOf(key), now: new Date() })
    assert.match(stdout, /^s3:\/\/ward\/deep\n\npassed {3}reached/)
    assert.match(stdout, /^ {9}aws s3api put-bucket-encryption|^unknown {2}encryption/m)
    assert.match(stdout, /\d+ passed, \d+ with advice, 0 failed, \d+ not known\n$/)
  })

  test('an address that is none is a mistake, and a store that is not there a failure', async () => {
    const env = envOf(key)
    const wrong = await run(['doctor', 's3://ward?nonsense=1'], { env })
    assert.equal(wrong.exitCode, 2)
    assert.match(wrong.stderr, /the address of the bucket has the parameter nonsense/)
    const nobody = await run(['doctor', 's3://ward?endpoint=http://127.0.0.1:1'], { env })
    assert.equal(nobody.exitCode, 3)
    assert.match(nobody.stderr, /does not answer/)
  })
})

suite('hallpass doctor s3://… over a store that says yes to all', () => {
  let server: Server
  let origin = ''
  const key = {
    accessKeyId: 'AKIAHALLPASSTESTS000',
    secretAccessKey: 'no+Secret/at+all/0123456789abcdefghijklm',
  }
  const answers: Readonly<Record<string, string>> = {
    policyStatus: '<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>',
    acl: '<AccessControlPolicy><AccessControlList><Grant><Grantee><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>',
    publicAccessBlock:
      '<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>',
    cors: '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>',
    lifecycle:
      '<LifecycleConfiguration><Rule><Status>Enabled</Status><Filter><Prefix>other/</Prefix></Filter><AbortIncompleteMultipartUpload><DaysAfterInitiation>3</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>',
    versioning: '<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>',
    encryption: '<ListBucketResult/>',
    'list-type':
      '<ListBucketResult><Contents><Key>deep/a.txt</Key><Size>1</Size></Contents></ListBucketResult>',
  }
  const written = new Set<string>()
  let breaksOff = false

  before(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://store')
      const name = [...url.searchParams.keys()].find((one) => one in answers)
      request.resume()
      if (breaksOff && request.method === 'DELETE') {
        request.destroy()
        return
      }
      if (request.method === 'PUT') written.add(url.pathname)
      if (request.method === 'DELETE') written.delete(url.pathname)
      response.writeHead(request.method === 'DELETE' ? 204 : 200, {
        'x-amz-bucket-region': 'eu-north-1',
        date: new Date(Date.now() - 3_600_000).toUTCString(),
      })
      response.end(request.method === 'GET' ? (answers[name ?? ''] ?? 'a') : undefined)
    })
    server.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const found = server.address()
    assert.ok(found !== null && typeof found === 'object')
    origin = `http://127.0.0.1:${found.port}`
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  test('every look fails, what answers with something else is not known, and the object of its own goes again', async () => {
    const { exitCode, items } = await examine(`s3://bad/deep?endpoint=${origin}`, key)
    assert.equal(exitCode, 1)
    assert.deepEqual(statusesOf(items), {
      reached: 'passed',
      transport: 'passed',
      region: 'failed',
      clock: 'failed',
      'public-policy': 'failed',
      'public-acl': 'failed',
      'public-access-block': 'advice',
      'unsigned-list': 'failed',
      'unsigned-read': 'failed',
      versioning: 'advice',
      'incomplete-uploads': 'advice',
      encryption: 'unknown',
      cors: 'advice',
      'conditional-writes': 'failed',
      'unsigned-read-of-new': 'failed',
      'unsigned-write': 'failed',
    })
    assert.equal(
      items['incomplete-uploads']?.command,
      null,
      'a call would replace the rule that is there',
    )
    assert.deepEqual([...written], [])
  })

  test('no finding is lost where the object of its own cannot be taken away', async () => {
    breaksOff = true
    const { exitCode, items } = await examine(`s3://bad/deep?endpoint=${origin}`, key)
    assert.equal(exitCode, 1)
    assert.equal(statusesOf(items)['unsigned-write'], 'failed')
  })
})

suite('hallpass doctor s3://… over SeaweedFS', { skip: whyNoSeaweed() }, () => {
  let seaweed: Seaweed
  before(async () => {
    seaweed = await startSeaweed()
  })
  after(() => seaweed.stop())

  test('sees what it does, and takes nothing that it does not know for good', async () => {
    const { origin, bucket, credentials } = seaweed
    const { exitCode, items } = await examine(`s3://${bucket}/deep?endpoint=${origin}`, credentials)
    const statuses = statusesOf(items)
    assert.equal(exitCode, 0)
    for (const id of [
      'reached',
      'clock',
      'unsigned-list',
      'unsigned-write',
      'conditional-writes',
    ]) {
      assert.equal(statuses[id], 'passed', `${id}: ${items[id]?.found}`)
    }
    const left = await (
      await call({ origin, key: credentials }, 'GET', `${bucket}?list-type=2`)
    ).text()
    assert.doesNotMatch(left, /hallpass-doctor/)
  })
})
