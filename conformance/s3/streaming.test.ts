/** Uploads in `aws-chunked` framing: every mode works, and nothing that is wrong in one is stored. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { crc32 } from 'node:zlib'
import { assertRefused } from '../lib/assert-refused.ts'
import type { Refusal } from '../lib/assert-refused.ts'
import { formatPlainChunks, formatSignedChunks } from '../lib/chunked.ts'
import type { SignedChunks } from '../lib/chunked.ts'
import { presign } from '../lib/clients.ts'
import { basicTime, signHeaders, signQuery } from '../lib/hand-signer.ts'
import { makeBucket } from '../lib/put-files.ts'
import { sendRaw } from '../lib/raw-http.ts'
import type { RawAnswer } from '../lib/raw-http.ts'
import { startServer } from '../lib/start-server.ts'
import type { Credentials, RunningServer } from '../lib/start-server.ts'

const SIGNED = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
const SIGNED_TRAILER = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'
const UNSIGNED_TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
const FIRST = 'a'.repeat(8192)
const DATA = `${FIRST}and the rest`
const CRC = crcOf(DATA)
const SHA1 = createHash('sha1').update(DATA).digest('base64')
const TRAILER = ['x-amz-checksum-crc32', CRC] as const
let server: RunningServer

before(async () => {
  server = await startServer({ isSpreadByConnection: true })
  await makeBucket(server, 'acme')
})

after(async () => {
  await server.stop()
})

function crcOf(text: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(text))
  return bytes.toString('base64')
}

interface Upload {
  readonly keyword: string
  /** Given the signature of the request, the body. */
  readonly body: (seed: string, date: string) => Buffer
  readonly decodedLength?: string | null
  readonly trailer?: string
  readonly credentials?: Credentials
  readonly path?: string
  readonly method?: string
  /** A parameter without a value. */
  readonly query?: string
  /** Changes the request's own signature. */
  readonly tamper?: (signature: string) => string
}

function upload(options: Upload): Promise<RawAnswer> {
  const date = basicTime(server.core.clock.now())
  const { decodedLength = String(DATA.length), method = 'PUT', path = '/acme/key' } = options
  const headers: (readonly [string, string])[] = []
  if (decodedLength !== null) headers.push(['x-amz-decoded-content-length', decodedLength])
  if (options.trailer !== undefined) headers.push(['x-amz-trailer', options.trailer])
  const { accessKeyId, secretAccessKey: secret } = options.credentials ?? server.credentials
  const signed = signHeaders(server, {
    method,
    path,
    ...(options.query !== undefined && { query: [[options.query, '']] }),
    headers,
    date,
    payload: options.keyword,
    accessKeyId,
    secret,
  })
  const tamper = options.tamper ?? ((signature: string) => signature)
  const sent = signed.headers.map(
    ([name, value]) => [name, value.replace(signed.signature, tamper(signed.signature))] as const,
  )
  return sendRaw(server.port, {
    method,
    target: signed.target,
    headers: sent,
    body: options.body(signed.signature, date),
  })
}

function signedBody(body: SignedChunks): Upload['body'] {
  return (seed, date) =>
    formatSignedChunks(
      { secret: server.credentials.secretAccessKey, region: server.region, date, seed },
      body,
    )
}

function refused(name: string, options: Upload, refusal: Refusal): Promise<RawAnswer> {
  return assertRefused(server, { name, send: () => upload(options) }, refusal)
}

const CHUNKS = [FIRST, 'and the rest'] as const
const ALL_MODES: readonly Upload[] = [
  { keyword: SIGNED, body: signedBody({ chunks: CHUNKS }) },
  {
    keyword: SIGNED_TRAILER,
    trailer: TRAILER[0],
    body: signedBody({ chunks: CHUNKS, trailer: TRAILER }),
  },
  {
    keyword: UNSIGNED_TRAILER,
    trailer: TRAILER[0],
    body: () => formatPlainChunks(CHUNKS, TRAILER),
  },
  { keyword: UNSIGNED_TRAILER, body: () => formatPlainChunks(CHUNKS, null) },
]

test('every mode stores the data without the framing', async () => {
  for (const [index, mode] of ALL_MODES.entries()) {
    const answer = await upload({ ...mode, path: `/acme/mode-${index}` })
    assert.equal(answer.status, 200, `${mode.keyword}: ${answer.body.toString()}`)
    const checksum = answer.headers.get('x-amz-checksum-crc32')
    assert.deepEqual(checksum, mode.trailer === undefined ? undefined : [CRC])
    const read = await fetch(presign(server, 'GET', `acme/mode-${index}`))
    assert.equal(await read.text(), DATA)
    assert.equal(read.headers.get('content-encoding'), null)
  }
})

test('the signature of the request is checked in every mode, in the header and in the query', async () => {
  const mismatch = { status: 403, code: 'SignatureDoesNotMatch' }
  for (const mode of ALL_MODES) {
    await refused(`${mode.keyword} header`, { ...mode, tamper: () => '0'.repeat(64) }, mismatch)
  }
  const headers = [
    ['x-amz-content-sha256', UNSIGNED_TRAILER],
    ['x-amz-decoded-content-length', String(DATA.length)],
    ['x-amz-trailer', TRAILER[0]],
  ] as const
  const target = signQuery(server, {
    method: 'PUT',
    path: '/acme/key',
    headers,
    payload: UNSIGNED_TRAILER,
    sign: () => '0'.repeat(64),
  })
  const body = formatPlainChunks(CHUNKS, TRAILER)
  await assertRefused(
    server,
    { name: 'query', send: () => sendRaw(server.port, { method: 'PUT', target, headers, body }) },
    mismatch,
  )
})

test('a key that may not write writes in no mode', async () => {
  const credentials = await server.createKey({ name: 'reader', actions: ['read', 'list'] })
  for (const mode of ALL_MODES) {
    await refused(mode.keyword, { ...mode, credentials }, { status: 403, code: 'AccessDenied' })
  }
})

test('only PutObject and UploadPart take a chunked body', async () => {
  const elsewhere: readonly (readonly [method: string, path: string, query?: string])[] = [
    ['PUT', '/new-bucket'],
    ['PUT', '/acme', 'tagging'],
    ['PUT', '/acme', 'cors'],
    ['PUT', '/acme', 'versioning'],
    ['POST', '/acme', 'delete'],
    ['PUT', '/acme/key', 'tagging'],
    ['POST', '/acme/key', 'uploads'],
  ]
  for (const keyword of [SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER]) {
    for (const [method, path, query] of elsewhere) {
      const where = { method, path, ...(query !== undefined && { query }) }
      const options = { keyword, body: () => formatPlainChunks(CHUNKS, null), ...where }
      const name = `${keyword} ${method} ${path}?${query}`
      await refused(name, options, { status: 400, code: 'InvalidRequest' })
    }
  }
})

test('a decoded length beside a body without framing means nothing: what comes is counted', async () => {
  for (const decodedLength of ['1', '5000000000000', 'abc']) {
    const plain = {
      keyword: 'UNSIGNED-PAYLOAD',
      path: '/acme/plain',
      body: () => Buffer.from(DATA),
    }
    const answer = await upload({ ...plain, decodedLength })
    assert.equal(answer.status, 200, answer.body.toString())
    const file = await server.core.files.find({ bucket: 'acme', key: 'plain' })
    assert.equal(file?.size, DATA.length)
  }
})

test('a length that is not the body\u2019s is refused', async () => {
  for (const decodedLength of ['0', '8192', String(DATA.length - 1), String(DATA.length + 1)]) {
    for (const mode of ALL_MODES) {
      await refused(
        `${mode.keyword} ${decodedLength}`,
        { ...mode, decodedLength },
        {
          status: 400,
          code: 'IncompleteBody',
        },
      )
    }
  }
  const [mode] = ALL_MODES
  assert.ok(mode !== undefined)
  await refused(
    'none',
    { ...mode, decodedLength: null },
    { status: 411, code: 'MissingContentLength' },
  )
  await refused(
    'no number',
    { ...mode, decodedLength: '0x10' },
    { status: 400, code: 'InvalidArgument' },
  )
})

test('a wrong signature on any chunk, the last one and the trailer is refused', async () => {
  for (let wrong = 0; wrong < 4; wrong += 1) {
    const body = signedBody({
      chunks: CHUNKS,
      trailer: TRAILER,
      tamper: (index, signature) => (index === wrong ? '0'.repeat(64) : signature),
    })
    const options = { keyword: SIGNED_TRAILER, trailer: TRAILER[0], body }
    await refused(`part ${wrong}`, options, { status: 403, code: 'SignatureDoesNotMatch' })
  }
})

test('a signature of the wrong length or alphabet is refused on every chunk', async () => {
  for (const wrong of ['', 'a', 'a'.repeat(63), 'a'.repeat(65), 'g'.repeat(64), 'a'.repeat(200)]) {
    for (const at of [0, 2, 3]) {
      const body = signedBody({
        chunks: CHUNKS,
        trailer: TRAILER,
        tamper: (index, signature) => (index === at ? wrong : signature),
      })
      const options = { keyword: SIGNED_TRAILER, trailer: TRAILER[0], body }
      await refused(`${wrong.length} letters at ${at}`, options, { status: [400, 403] })
    }
  }
})

test('broken framing is refused', async () => {
  const broken: Readonly<Record<string, string>> = {
    'no size': '\r\nabc\r\n',
    'a negative size': `-5\r\nhello\r\n0\r\n\r\n`,
    'a huge size': `ffffffffffffffff\r\nhello\r\n0\r\n\r\n`,
    'a size with a prefix': `0x5\r\nhello\r\n0\r\n\r\n`,
    'no line end after the data': `5\r\nhello0\r\n\r\n`,
    'data after the end': `5\r\nhello\r\n0\r\n\r\nmore`,
    'no last chunk': `5\r\nhello\r\n`,
    'a bare line feed': `5\nhello\n0\n\n`,
    'an endless line': 'a'.repeat(5000),
  }
  for (const [name, body] of Object.entries(broken)) {
    const options = { keyword: UNSIGNED_TRAILER, decodedLength: '5', body: () => Buffer.from(body) }
    await refused(name, options, { status: 400, code: 'IncompleteBody' })
  }
  const tiny = {
    keyword: UNSIGNED_TRAILER,
    decodedLength: '10',
    body: () => formatPlainChunks(['hello', 'world'], null),
  }
  await refused('tiny chunks', tiny, { status: 403, code: 'InvalidChunkSizeError' })
})

test('a checksum in the trailer is enforced, and must have been announced', async () => {
  const cases: readonly (readonly [
    string,
    readonly [string, string] | null,
    string | undefined,
    Refusal,
  ])[] = [
    ['wrong', [TRAILER[0], 'AAAAAA=='], TRAILER[0], { status: 400, code: 'BadDigest' }],
    ['no base64', [TRAILER[0], '!'], TRAILER[0], { status: 400, code: 'InvalidRequest' }],
    ['undeclared', TRAILER, undefined, { status: 400, code: 'MalformedTrailerError' }],
    [
      'another',
      ['x-amz-checksum-sha1', CRC],
      TRAILER[0],
      { status: 400, code: 'MalformedTrailerError' },
    ],
    ['missing', null, TRAILER[0], { status: 400, code: 'MalformedTrailerError' }],
    [
      'unknown',
      ['x-amz-checksum-crc128', CRC],
      'x-amz-checksum-crc128',
      { status: 501, code: 'NotImplemented' },
    ],
  ]
  for (const [name, trailer, announced, refusal] of cases) {
    await refused(
      name,
      {
        keyword: UNSIGNED_TRAILER,
        body: () => formatPlainChunks(CHUNKS, trailer),
        ...(announced !== undefined && { trailer: announced }),
      },
      refusal,
    )
  }
})

test('a second checksum in the trailer is refused, whether it is the same or another', async () => {
  for (const second of [TRAILER, ['x-amz-checksum-sha1', SHA1]] as const) {
    const lines = [TRAILER, second].map((line) => `${line.join(':')}\r\n`).join('')
    const framed = formatPlainChunks(CHUNKS, null).toString('latin1')
    const body = Buffer.from(`${framed.slice(0, -2)}${lines}\r\n`, 'latin1')
    for (const trailer of [TRAILER[0], `${TRAILER[0]},${second[0]}`]) {
      const options = { keyword: UNSIGNED_TRAILER, trailer, body: () => body }
      await refused(`${second[0]}, announced ${trailer}`, options, { status: 400 })
    }
  }
})
