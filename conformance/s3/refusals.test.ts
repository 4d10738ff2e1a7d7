/**
 * The refusals people meet most: each says in its XML what to do, and `hallpass explain` finds the same cause in the request and
 * the answer that was kept.
 */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { CauseCode, Explanation } from '@hallpass/signing/explain'
import { folderOf, run } from '../../packages/cli/test/run-cli.ts'
import { presign } from '../lib/clients.ts'
import type { PresignOptions } from '../lib/clients.ts'
import { signHeaders, signQuery } from '../lib/hand-signer.ts'
import { MOVES_CLOCK } from '../lib/many-nodes.ts'
import { waitUntil } from '../lib/patience.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { startServer } from '../lib/start-server.ts'
import type { Credentials, RunningServer } from '../lib/start-server.ts'

let server: RunningServer
let folder: string

before(async () => {
  server = await startServer()
  folder = folderOf({})
  await makeBucket(server, 'acme')
  await putFile(server, { bucket: 'acme', key: 'a.txt' }, 'content')
})

after(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

interface Ask {
  readonly method?: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface Refusal {
  readonly ask: () => Ask | Promise<Ask>
  /** Status and code of S3. */
  readonly answer: readonly [status: number, code: string]
  /** What `explain` puts first. */
  readonly cause: CauseCode
  /** What the answer advises. */
  readonly remedy?: RegExp
  readonly movesClock?: boolean
}

function get(options: PresignOptions = {}, path = 'acme/a.txt'): Ask {
  return { url: presign(server, 'GET', path, options) }
}

function put(headers: Readonly<Record<string, string>>, options: PresignOptions = {}): Ask {
  const url = presign(server, 'PUT', 'acme/new', { headers, ...options })
  return { method: 'PUT', url, headers, body: 'content' }
}

function ago(seconds: number): Date {
  return new Date(server.core.clock.now() - seconds * 1000)
}

interface Link {
  readonly id: string
  readonly url: string
}

async function rest(method: string, path: string, json?: object): Promise<unknown> {
  const answer = await fetch(`${server.origin}/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${server.adminKey}`, 'content-type': 'application/json' },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  })
  const text = await answer.text()
  assert.ok(answer.ok, text)
  return text === '' ? null : JSON.parse(text)
}

async function issue(wish: object): Promise<Link> {
  return (await rest('POST', 'links', { path: 'acme/a.txt', ...wish })) as Link
}

const OTHER = { accessKeyId: 'HPAAAAAAAAAAAAAAAAAA', secretAccessKey: 'x'.repeat(40) }

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'another type than the link was signed for': {
    ask: async () => {
      const { url } = await issue({ path: 'acme/typed', method: 'PUT', contentType: 'image/png' })
      return { method: 'PUT', url, body: 'content', headers: { 'content-type': 'text/html' } }
    },
    answer: [403, 'SignatureDoesNotMatch'],
    cause: 'header-changed',
    remedy: /content-type \(X-Amz-SignedHeaders\)/,
  },
  'a link for an upload that is only opened': {
    ask: async () => ({ url: (await issue({ path: 'acme/plain', method: 'PUT' })).url }),
    answer: [403, 'SignatureDoesNotMatch'],
    cause: 'method-differs',
    remedy: /Send it as PUT/,
  },
  'a link for an upload with a type that is only opened': {
    ask: async () => ({
      url: (await issue({ path: 'acme/typed', method: 'PUT', contentType: 'image/png' })).url,
    }),
    answer: [403, 'SignatureDoesNotMatch'],
    cause: 'header-missing',
    remedy: /content-type did not come\. A URL with that header is for an upload/,
  },
  'a URL that is over': {
    ask: () => get({ now: ago(7200) }),
    answer: [403, 'AccessDenied'],
    cause: 'url-expired',
  },
  'a URL of a clock that runs ahead': {
    ask: () => get({ now: ago(-3000) }),
    answer: [403, 'AccessDenied'],
    cause: 'clock-ahead',
  },
  'the wrong secret': {
    ask: () =>
      get({ credentials: { ...server.credentials, secretAccessKey: OTHER.secretAccessKey } }),
    answer: [403, 'SignatureDoesNotMatch'],
    cause: 'signature-mismatch',
  },
  'another key than was signed': {
    ask: () => ({ url: presign(server, 'GET', 'acme/b.txt').replace('b.txt', 'a.txt') }),
    answer: [403, 'SignatureDoesNotMatch'],
    cause: 'signature-mismatch',
  },
  'a key that is not known': {
    ask: () => get({ credentials: OTHER }),
    answer: [403, 'InvalidAccessKeyId'],
    cause: 'key-unknown',
  },
  'another region': {
    ask: () => get({ region: 'eu-west-1' }),
    answer: [400, 'AuthorizationQueryParametersError'],
    cause: 'region-wrong',
  },
  'a life of more than a week': {
    ask: () => ({
      url:
        server.origin +
        signQuery(server, { method: 'GET', path: '/acme/a.txt', expires: '604801' }),
    }),
    answer: [400, 'AuthorizationQueryParametersError'],
    cause: 'expiry-too-long',
  },
  'a header that was signed by a clock that is behind': {
    ask: () => {
      const date = '20200101T000000Z'
      const { target, headers } = signHeaders(server, { method: 'GET', path: '/acme/a.txt', date })
      return { url: server.origin + target, headers: Object.fromEntries(headers) }
    },
    answer: [403, 'RequestTimeTooSkewed'],
    cause: 'clock-skewed',
  },
  'an Authorization header that lacks a part': {
    ask: () => {
      const { target, headers } = signHeaders(server, { method: 'GET', path: '/acme/a.txt' })
      const cut = headers.map(([name, value]) => [
        name,
        value.replace(/SignedHeaders=[^,]*, ?/, ''),
      ])
      return { url: server.origin + target, headers: Object.fromEntries(cut) }
    },
    answer: [400, 'AuthorizationHeaderMalformed'],
    cause: 'parameter-missing',
  },
  'a header that is not signed': {
    ask: () => ({ ...get(), headers: { 'x-amz-meta-a': 'b' } }),
    answer: [403, 'AccessDenied'],
    cause: 'headers-unsigned',
  },
  'a body whose digest is not told': {
    ask: () => {
      const { target, headers } = signHeaders(server, {
        method: 'GET',
        path: '/acme/a.txt',
        signedHeaders: 'host;x-amz-date',
      })
      const others = headers.filter(([name]) => name !== 'x-amz-content-sha256')
      return { url: server.origin + target, headers: Object.fromEntries(others) }
    },
    answer: [400, 'InvalidRequest'],
    cause: 'header-missing',
    remedy: /^Send x-amz-content-sha256: .* or UNSIGNED-PAYLOAD/,
  },
  'a signature of version 2': {
    ask: () => ({
      url: `${server.origin}/acme/a.txt?AWSAccessKeyId=AKID&Signature=c2lnbmF0dXJlc2lnbmF0dXJlMDA%3D&Expires=2000000000`,
    }),
    answer: [400, 'InvalidRequest'],
    cause: 'sigv2-refused',
  },
  'two ways of signing at once': {
    ask: () => {
      const { headers } = signHeaders(server, { method: 'GET', path: '/acme/a.txt' })
      return { ...get(), headers: Object.fromEntries(headers) }
    },
    answer: [400, 'InvalidArgument'],
    cause: 'authorization-header-added',
  },
  'a session token that is none': {
    ask: () => {
      const credentials = Object.assign({ sessionToken: 'nonsense' }, server.credentials)
      return get({ credentials })
    },
    answer: [400, 'InvalidToken'],
    cause: 'session-token-changed',
  },
  'temporary credentials that are over': {
    movesClock: true,
    ask: async () => {
      const wish = { actions: ['read'], expiresIn: 60 }
      const credentials = (await rest('POST', 'access-keys/temporary', wish)) as Credentials
      server.advanceClock(61_000)
      return get({ credentials })
    },
    answer: [400, 'ExpiredToken'],
    cause: 'session-token-ended',
  },
  'a key without the right': {
    ask: async () =>
      get({ credentials: await server.createKey({ name: 'writer', actions: ['write'] }) }),
    answer: [403, 'AccessDenied'],
    cause: 'signer-not-allowed',
  },
  'a link that was revoked': {
    ask: async () => {
      const { id, url } = await issue({})
      await rest('DELETE', `links/${id}`)
      return { url }
    },
    answer: [403, 'AccessDenied'],
    cause: 'link-spent',
  },
  'a link that was used up': {
    movesClock: true,
    ask: async () => {
      const { url } = await issue({ maxUses: 1, expiresIn: 3600 })
      await (await fetch(url)).arrayBuffer()
      // Whoever used it may take a broken download up again for a while.
      server.advanceClock(700_000)
      await waitUntil(async () => {
        const again = await fetch(url)
        await again.arrayBuffer()
        return again.status === 410
      })
      return { url }
    },
    answer: [410, 'AccessDenied'],
    cause: 'link-spent',
  },
  'a link for another network': {
    ask: async () => ({ url: (await issue({ ip: ['198.51.100.0/24'] })).url }),
    answer: [403, 'AccessDenied'],
    cause: 'ip-not-allowed',
  },
  'an object that is not there': {
    ask: () => get({}, 'acme/nope.txt'),
    answer: [404, 'NoSuchKey'],
    cause: 'object-missing',
  },
  'a bucket that is not there': {
    ask: () => get({}, 'nope/a.txt'),
    answer: [404, 'NoSuchBucket'],
    cause: 'bucket-missing',
  },
  'an upload under a condition that does not hold': {
    ask: () => ({
      ...put({}),
      url: presign(server, 'PUT', 'acme/a.txt'),
      headers: { 'if-none-match': '*' },
    }),
    answer: [412, 'PreconditionFailed'],
    cause: 'condition-failed',
  },
  'a body that is not the one that was announced': {
    ask: () => put({ 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }),
    answer: [400, 'BadDigest'],
    cause: 'checksum-mismatch',
  },
  'a body that is not the one that was signed': {
    ask: () => {
      const payload = 'a'.repeat(64)
      const { target, headers } = signHeaders(server, {
        method: 'PUT',
        path: '/acme/new',
        payload,
      })
      return {
        method: 'PUT',
        url: server.origin + target,
        headers: Object.fromEntries(headers),
        body: 'content',
      }
    },
    answer: [400, 'XAmzContentSHA256Mismatch'],
    cause: 'payload-mismatch',
  },
  'a range behind the end': {
    ask: () => ({ ...get(), headers: { range: 'bytes=100-' } }),
    answer: [416, 'InvalidRange'],
    cause: 'range-wrong',
  },
  'a file that is too large': {
    ask: async () => {
      const { url } = await issue({ path: 'acme/small', method: 'PUT', maxBytes: 3 })
      return { method: 'PUT', url, body: 'content' }
    },
    answer: [400, 'EntityTooLarge'],
    cause: 'entity-too-large',
  },
  'a type that is not taken': {
    ask: async () => {
      const { url } = await issue({ path: 'acme/image', method: 'PUT', contentTypes: ['image/*'] })
      return { method: 'PUT', url, body: 'content', headers: { 'content-type': 'text/plain' } }
    },
    answer: [403, 'AccessDenied'],
    cause: 'request-malformed',
  },
  'what is not implemented': {
    ask: () => put({ 'x-amz-server-side-encryption': 'aws:kms' }),
    answer: [501, 'NotImplemented'],
    cause: 'operation-unsupported',
  },
  'an ACL': {
    ask: () => put({ 'x-amz-acl': 'public-read' }),
    answer: [400, 'AccessControlListNotSupported'],
    cause: 'operation-unsupported',
  },
  'an upload that is not open': {
    ask: () => ({
      ...get({ query: { uploadId: 'nope', partNumber: '1' } }),
      method: 'PUT',
      url: presign(server, 'PUT', 'acme/a.txt', { query: { uploadId: 'nope', partNumber: '1' } }),
      body: 'part',
    }),
    answer: [404, 'NoSuchUpload'],
    cause: 'upload-unknown',
  },
  'another owner than the bucket has': {
    ask: () => put({ 'x-amz-expected-bucket-owner': '111122223333' }),
    answer: [403, 'AccessDenied'],
    cause: 'request-malformed',
    remedy: /hallpass/,
  },
  'metadata that is too large': {
    ask: () => put({ 'x-amz-meta-a': 'x'.repeat(2100) }),
    answer: [400, 'MetadataTooLarge'],
    cause: 'url-too-long',
  },
  'a bucket name that is none': {
    ask: () => ({ method: 'PUT', url: presign(server, 'PUT', 'Acme_Files') }),
    answer: [400, 'InvalidBucketName'],
    cause: 'request-malformed',
  },
  'a presigned DELETE that the key may not make': {
    ask: async () => ({
      method: 'DELETE',
      url: presign(server, 'DELETE', 'acme/a.txt', {
        credentials: await server.createKey({ name: 'deleter', actions: ['delete'] }),
      }),
    }),
    answer: [403, 'AccessDenied'],
    cause: 'signer-not-allowed',
  },
  'a bucket that is not empty': {
    ask: () => ({ method: 'DELETE', url: presign(server, 'DELETE', 'acme') }),
    answer: [409, 'BucketNotEmpty'],
    cause: 'state-conflict',
  },
}

for (const [name, { ask, answer, cause, remedy = /./, movesClock = false }] of Object.entries(
  REFUSALS,
)) {
  const skip = movesClock && MOVES_CLOCK
  test(`${name}: the answer says what to do, and explain agrees`, { skip }, async () => {
    const { method = 'GET', url, headers = {}, body } = await ask()
    const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) })
    const text = await response.text()
    const code = /<Code>([^<]+)</.exec(text)?.[1] ?? ''
    assert.deepEqual([response.status, code], answer, text)
    assert.match(text, /<Remedy>[A-Z][^<]{15,}\.<\/Remedy>/)
    assert.match(/<Remedy>([^<]*)/.exec(text)?.[1] ?? '', remedy)
    const { causes } = await explain(
      { url, method, headers: Object.entries(headers), ...(body !== undefined && { body }) },
      response,
      text,
    )
    const found = causes.map((one) => `${one.code} ${one.confidence}`)
    assert.equal(causes[0]?.code, cause, found.join(', '))
  })
}

test('explain knows every code that docs/errors.md has for S3', async () => {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  const codes = new Map(
    [...page.matchAll(/S3 (\d{3}) ([A-Za-z]+)/g)].map(([, status, code = '']) => [code, status]),
  )
  assert.ok(codes.size > 40, `${codes.size} codes`)
  const { url } = get()
  for (const [code, status] of codes) {
    const text = `<Error><Code>${code}</Code><Message>x</Message></Error>`
    const answer = new Response(status === '304' ? null : text, { status: Number(status) })
    const { causes } = await explain({ url }, answer, text)
    const found = causes.map((one) => one.code)
    assert.ok(!found.includes('answer-unknown'), `${code}: ${found.join(', ')}`)
  }
})

/** What the command says of a request, and of its answer in a file as `curl -i` writes it. */
async function explain(request: object, answer: Response, text: string): Promise<Explanation> {
  const now = new Date(server.core.clock.now())
  // The header tells the time of the machine, which does not move with the clock of the tests.
  const headers = [...answer.headers].map(([name, value]) =>
    name === 'date' ? [name, now.toUTCString()] : [name, value],
  )
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`)
  const file = join(folder, 'answer')
  writeFileSync(file, `HTTP/1.1 ${answer.status} \r\n${lines.join('')}\r\n${text}`)
  const { stdout, stderr } = await run(['explain', '--json', '--answer', file], {
    stdin: JSON.stringify(request),
    now,
  })
  assert.equal(stderr, '')
  return JSON.parse(stdout) as Explanation
}
