import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { detect } from '@hallpass/signing/detect'

interface SdkVector {
  readonly id: string
  readonly dialect?: string
  readonly kind?: string
  readonly expected: { readonly url?: string; readonly fields?: Record<string, string> }
}

function readVectors(file: string): SdkVector[] {
  const text = readFileSync(
    new URL(`../../../../vectors/sdk/${file}.json`, import.meta.url),
    'utf8',
  )
  return (JSON.parse(text) as { vectors: SdkVector[] }).vectors
}

const FILES: Readonly<Record<string, readonly string[]>> = {
  's3-presign': ['s3'],
  'gcs-v4': ['gcs', 's3'],
  'azure-sas': ['azure'],
  cloudfront: ['cloudfront'],
  'cdn-tokens': ['cloud-cdn', 'media-cdn', 'bunny', 'nginx', 'akamai', 'swift', 'edgio'],
}

for (const [file, dialects] of Object.entries(FILES)) {
  test(`every URL of vectors/sdk/${file}.json is detected as its dialect, with an end and a secret`, () => {
    let seen = 0
    for (const { id, expected, dialect } of readVectors(file)) {
      if (expected.url === undefined || expected.fields !== undefined) continue
      if (dialect === 'nginx-secret') continue
      const detection = detect(expected.url)
      assert.ok(detection !== null, id)
      assert.ok(dialects.includes(detection.dialect), `${id}: ${detection.dialect}`)
      assert.ok(detection.secrets.length > 0, id)
      if (!expected.url.includes('&si=') && !expected.url.includes('?si=')) {
        assert.ok(detection.expiresAt !== null, `${id} has an end`)
      }
      seen += 1
    }
    assert.ok(seen > 5)
  })
}

test('an S3 URL tells its method, object, key id, start, end and secret', () => {
  const found = detect(
    'https://my-bucket.s3.eu-west-1.amazonaws.com/a/b.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260314%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20260314T092653Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=00&x-id=GetObject',
  )
  assert.ok(found !== null)
  assert.deepEqual(found.methods, ['GET'])
  assert.deepEqual(found.resource, { scope: 'object', text: 'my-bucket/a/b.txt' })
  assert.equal(found.keyId, 'AKIDEXAMPLE')
  assert.equal(found.startsAt?.toISOString(), '2026-03-14T09:26:53.000Z')
  assert.equal(found.expiresAt?.toISOString(), '2026-03-14T09:41:53.000Z')
  assert.deepEqual(found.signedHeaders, ['host'])
  assert.deepEqual(found.secrets, ['X-Amz-Signature'])
})

test('an upload URL that binds neither type nor size says so', () => {
  const found = detect(
    'https://b.s3.amazonaws.com/k?X-Amz-Credential=A%2F20260314%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260314T092653Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=00&x-id=PutObject',
  )
  assert.deepEqual(
    found?.issues.map(({ code }) => code),
    ['content-type-unbound', 'size-unbound'],
  )
})

test('an Azure directory SAS opens the directory, not only the file of the URL', () => {
  const found = detect(
    'https://acct.blob.core.windows.net/box/docs/2026/a.txt?sv=2020-12-06&sr=d&sdd=1&sp=rl&se=2026-03-15&sip=192.0.2.1&spr=https&sig=x',
  )
  assert.deepEqual(found?.resource, {
    scope: 'prefix',
    text: 'acct.blob.core.windows.net/box/docs',
  })
  assert.equal(found?.audience.ip, '192.0.2.1')
  assert.equal(found?.audience.protocol, 'https')
  assert.deepEqual(found?.methods, ['GET', 'HEAD'])
})

test('Akamai tokens, Swift URLs, secure links, ectokens and signed cookies are detected', () => {
  const cases: [string, string][] = [
    ['https://c.test/v/1.m3u8?__token__=st=1~exp=1773484013~acl=/v/*~hmac=aa', 'akamai'],
    ['https://s.test/v1/AUTH_a/c/o?temp_url_sig=aa&temp_url_expires=2026-03-14T09:26:53Z', 'swift'],
    ['https://n.test/f.zip?md5=_e4Nc3iduzkWRm01TBBNYw&expires=2147483647', 'nginx'],
    [`https://e.test/f.zip?${'aB3_'.repeat(16)}`, 'edgio'],
  ]
  for (const [url, dialect] of cases) assert.equal(detect(url)?.dialect, dialect, url)
  const cookie = detect({
    url: 'https://d111.cloudfront.net/a/b',
    headers: [
      [
        'Cookie',
        'x=1; CloudFront-Expires=1773484013; CloudFront-Signature=a; CloudFront-Key-Pair-Id=K1',
      ],
    ],
  })
  assert.equal(cookie?.dialect, 'cloudfront')
  assert.equal(cookie?.form, 'cookie')
  assert.deepEqual(cookie?.secrets, ['CloudFront-Signature'])
})

const MAC = 'UtRxvN3sJFrCq9A_cw1vTsv4jXQbxrCNRx-VQWoGzEM'
const ESCAPED_MAC = '7v%2FbkqGljMbactNlCOGnv1P0zTxZ9mvk7P%2Fqy0xiVzw%3D'

test('a timed HMAC of Cloudflare is known by its shape, whatever its parameter is called', () => {
  const cases: [url: string, secret: string][] = [
    [`https://z.test/a.jpg?verify=1773478800-${MAC}`, 'verify'],
    [`https://z.test/a.jpg?own=1&mac=1773478800-${ESCAPED_MAC}`, 'mac'],
    [`https://z.test/a.jpg?verify=1773478800-${decodeURIComponent(ESCAPED_MAC)}`, 'verify'],
    // A separator that was appended to a query as it is.
    [`https://z.test/a.jpg?own=1?verify=1773478800-${MAC}`, 'own'],
  ]
  for (const [url, secret] of cases) {
    const found = detect(url)
    assert.equal(found?.dialect, 'cloudflare', url)
    assert.equal(found.startsAt?.toISOString(), '2026-03-14T09:00:00.000Z')
    assert.equal(found.expiresAt, null)
    assert.deepEqual(found.secrets, [secret])
    assert.deepEqual(found.resource, { scope: 'object', text: 'z.test/a.jpg' })
  }
})

test('what has only almost the shape of a timed HMAC is none', () => {
  for (const value of [
    `0773478800-${MAC}`,
    `177347880-${MAC}`,
    `17734788001-${MAC}`,
    `1773478800_${MAC}`,
    `1773478800-${MAC.slice(1)}`,
    `1773478800-${MAC}A`,
    // Its last digit holds bits that 32 bytes do not have.
    `1773478800-${MAC.slice(0, -1)}N`,
    // Both alphabets at once.
    `1773478800-${MAC.replace('_', '%2F')}`,
    `1773478800-${ESCAPED_MAC.replace('%3D', '')}`,
  ]) {
    assert.equal(detect(`https://z.test/a.jpg?verify=${value}`), null, value)
  }
  assert.equal(detect(`https://z.test/a.jpg/1773478800-${MAC}`), null)
})

test('a timed HMAC beside the signature of another dialect leaves the URL to that dialect', () => {
  for (const [file, dialects] of Object.entries(FILES)) {
    for (const { id, expected, dialect } of readVectors(file)) {
      if (expected.url === undefined || expected.fields !== undefined) continue
      if (dialect === 'nginx-secret' || !expected.url.includes('?')) continue
      const detection = detect(`${expected.url}&verify=1773478800-${MAC}`)
      assert.ok(dialects.includes(detection?.dialect ?? ''), id)
    }
  }
})

test('one unbound Bunny token in 4,096 begins like a bound one, and is told by its length', () => {
  const digits = 'UtRxvN3sJFrCq9AUcw1vTsv4jXQbxrCNRxJVQWoGzEM'
  const ipOf = (token: string) =>
    detect(`https://zone.b-cdn.net/a.mp4?token=${token}&expires=2147483647`)?.audience.ip
  assert.equal(ipOf(`HS256-1-${digits.slice(2)}`), null)
  assert.equal(ipOf(`HS256-1-${digits}`), 'bound to one address')
})

test('a POST form is detected from its body', () => {
  const boundary = 'xxx'
  const fields: [string, string][] = [
    ['key', 'a.txt'],
    ['X-Amz-Credential', 'AKID/20260314/us-east-1/s3/aws4_request'],
    ['X-Amz-Date', '20260314T092653Z'],
    [
      'Policy',
      Buffer.from('{"expiration":"2026-03-14T10:26:53Z","conditions":[]}').toString('base64'),
    ],
    ['X-Amz-Signature', '00'],
  ]
  const body =
    fields
      .map(
        ([name, value]) =>
          `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join('') + `--${boundary}--\r\n`
  const found = detect({
    method: 'POST',
    url: 'https://b.s3.amazonaws.com/',
    headers: [['Content-Type', `multipart/form-data; boundary=${boundary}`]],
    body,
  })
  assert.equal(found?.form, 'form')
  assert.equal(found?.expiresAt?.toISOString(), '2026-03-14T10:26:53.000Z')
})

test('URLs without a signature, and texts that are no URL, give null', () => {
  for (const url of [
    '',
    'https://example.test/a?token=hello&expires=1',
    '?',
    '%',
    'https://',
    'a b',
  ]) {
    assert.equal(detect(url), null, url)
  }
})
