/**
 * Headers filled with blanks, upload forms and chunk framing, each a valid request with its structure broken: no crash, no hang, no
 * internal error, and nothing of it stays open or on the disk. `FUZZ_COUNT` and `FUZZ_SEED` make it longer or repeat it.
 */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { test } from 'node:test'
import { formatPlainChunks, formatSignedChunks } from '../lib/chunked.ts'
import { presign } from '../lib/clients.ts'
import { basicTime, signHeaders } from '../lib/hand-signer.ts'
import { createRandom, mutate } from '../lib/mutate.ts'
import type { Random } from '../lib/mutate.ts'
import { countOpen } from '../lib/open-descriptors.ts'
import { orHung, waitUntil } from '../lib/patience.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { exchangeBytes, formatRequest, parseAnswer, targetOf } from '../lib/raw-http.ts'
import type { RawRequestParts } from '../lib/raw-http.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const COUNT = Number(process.env['FUZZ_COUNT'] ?? 600)
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(performance.timeOrigin % 2 ** 31))
const IN_FLIGHT = 16
/** Above what stays in memory, so that there are temporary files to leave behind. */
const LARGE: string = 'x'.repeat(70_000)
/** Impatient, so that requests which promise more than they bring are over soon. */
const LIMITS = {
  headersTimeoutMs: 300,
  slowBodyWindowMs: 300,
  keepAliveTimeoutMs: 200,
  checkIntervalMs: 20,
  maxDiscardMs: 300,
}

/** A request in the pieces that are broken: each header, each part, each line of framing. */
type Break = (server: RunningServer, next: Random) => Buffer

function pick<Item>(items: readonly Item[], next: Random): Item {
  const item = items[next(items.length)]
  assert.ok(item !== undefined)
  return item
}

/** Takes out, doubles, swaps or replaces one to three pieces. */
function shuffle(pieces: readonly string[], odd: readonly string[], next: Random): string[] {
  const broken = [...pieces]
  for (let times = 1 + next(3); times > 0; times -= 1) {
    const at = next(broken.length + 1)
    const piece = broken[at] ?? ''
    switch (next(5)) {
      case 0:
        broken.splice(at, 1)
        break
      case 1:
        broken.splice(at, 0, piece)
        break
      case 2:
        broken.splice(next(broken.length + 1), 0, ...broken.splice(at, 1))
        break
      case 3:
        broken.splice(at, 1, pick(odd, next))
        break
      default:
        broken.splice(at, 0, pick(odd, next))
    }
  }
  return broken
}

const FILLERS = [
  ' ',
  '\t',
  ' \t',
  ',',
  ', ',
  ';',
  '; ',
  '=',
  '"',
  '\\"',
  '",',
  '%20',
  '0-1,',
  '/',
  '*',
  "''",
]
const HEADERS = [
  'Range',
  'If-Match',
  'If-None-Match',
  'If-Modified-Since',
  'Content-Type',
  'Content-Disposition',
  'Content-MD5',
  'Content-Encoding',
  'Cache-Control',
  'Expect',
  'Accept',
  'Cookie',
  'Origin',
  'Sec-Purpose',
  'User-Agent',
  'X-Forwarded-For',
  'Forwarded',
  'Authorization',
  'x-amz-date',
  'x-amz-content-sha256',
  'x-amz-decoded-content-length',
  'x-amz-trailer',
  'x-amz-checksum-crc32',
  'x-amz-copy-source',
  'x-amz-meta-a',
] as const
const BEGINNINGS = [
  '',
  'bytes=',
  'bytes=0-',
  '"',
  'W/"',
  'multipart/form-data; boundary=',
  'Bearer ',
  'for=',
] as const

/** A header whose value is up to 8 KiB of next to nothing, somewhere in a valid request. */
const breakHeader: Break = (server, next) => {
  const request = pick(plainRequests(server), next)
  const filler = pick(FILLERS, next)
  const value = `${pick(BEGINNINGS, next)}${filler.repeat(next(8000 / filler.length))}${pick(['', 'x', '"', '0'], next)}`
  const header = [pick(HEADERS, next), value] as const
  const headers = [...(request.headers ?? [])]
  headers.splice(next(headers.length + 1), 0, header)
  return formatRequest(server.port, { ...request, headers })
}

function plainRequests(server: RunningServer): RawRequestParts[] {
  const key = ['Authorization', server.adminKey] as const
  const json = ['Content-Type', 'application/json'] as const
  return [
    { method: 'GET', target: targetOf(presign(server, 'GET', 'acme/a.txt')) },
    { method: 'PUT', target: targetOf(presign(server, 'PUT', 'acme/b.txt')), body: 'b' },
    { method: 'GET', target: '/v1/files?folder=acme', headers: [key] },
    { method: 'PUT', target: '/v1/files?path=acme/c.txt', headers: [key], body: 'c' },
    { method: 'POST', target: '/v1/links', headers: [key, json], body: '{"path":"acme/a.txt"}' },
  ]
}

const ODD_PARTS = [
  '--B\r\n',
  '--B--\r\n',
  '--B',
  '--',
  '\r\n',
  '\n',
  '\r\n\r\n',
  '--B\r\n\r\n\r\n',
  '--BB\r\n',
  '--B \t \r\n',
  'Content-Disposition: form-data\r\n',
  'Content-Disposition: form-data; name="file"; filename=""\r\n',
  'Content-Disposition: form-data; name="file"; filename="a"; filename="b"\r\n',
  `Content-Disposition: form-data;${' '.repeat(3000)}name="folder"\r\n`,
  `Content-Disposition: form-data; name="${'\\"'.repeat(1500)}\r\n`,
  'Content-Disposition: form-data; name="file"; filename*=UTF-8\'\'%00%ff\r\n',
  'Content-Type: multipart/mixed; boundary=B\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  `X: ${' '.repeat(9000)}x\r\n`,
  'x: y\r\n'.repeat(300),
  '\0',
  LARGE,
] as const

/** A form whose boundaries, part headers and contents are out of place. */
const breakForm: Break = (server, next) => {
  const pieces = [
    '--B\r\n',
    'Content-Disposition: form-data; name="folder"\r\n',
    '\r\n',
    'acme/in',
    '\r\n',
    '--B\r\n',
    'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n',
    'Content-Type: text/plain\r\n',
    '\r\n',
    pick(['hello', LARGE], next),
    '\r\n',
    '--B--\r\n',
  ]
  const body = shuffle(pieces, ODD_PARTS, next).join('')
  const headers = [
    ['Authorization', server.adminKey],
    ['Content-Type', 'multipart/form-data; boundary=B'],
  ] as const
  const request = { method: 'POST', target: '/v1/files', headers }
  return next(3) === 0
    ? inChunks(server, request, body, next)
    : ofLength(server, request, body, next)
}

const ODD_FRAMING = [
  '0\r\n',
  '0\r\n\r\n',
  '\r\n',
  '\n',
  '-1\r\n',
  '0x5\r\n',
  '+5\r\n',
  ' 5\r\n',
  '5 \r\n',
  '5\n',
  '00000000000000000005\r\n',
  'FFFFFFFFFFFFFFFF\r\n',
  '7fffffff\r\n',
  'fffffffffffffffffffffffff\r\n',
  'g\r\n',
  '5;\r\n',
  '5;chunk-signature=\r\n',
  `5;chunk-signature=${'0'.repeat(64)}\r\n`,
  `5;${' '.repeat(3000)}\r\n`,
  `5;${'a=b;'.repeat(3000)}\r\n`,
  'x-amz-checksum-crc32:AAAAAA==\r\n',
  `x-amz-checksum-crc32:${' '.repeat(3000)}x\r\n`,
  'x-amz-trailer-signature:0\r\n',
  '\0',
  'a'.repeat(4000),
  LARGE,
] as const

/** `aws-chunked` bodies, signed and unsigned, whose lines are out of place. */
const breakFraming: Break = (server, next) => {
  const date = basicTime(server.core.clock.now())
  const isSigned = next(2) === 0
  const chunks = pick([['hello'], ['c'.repeat(8192), 'd'.repeat(808)], [LARGE]], next)
  const length = String(chunks.join('').length)
  const { target, headers, signature } = signHeaders(server, {
    method: 'PUT',
    path: '/acme/chunked',
    date,
    payload: isSigned ? 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' : 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    headers: [
      ['x-amz-decoded-content-length', length],
      ...(isSigned ? [] : ([['x-amz-trailer', 'x-amz-checksum-crc32']] as const)),
    ],
  })
  const signing = { secret: server.credentials.secretAccessKey, region: server.region, date }
  const body = isSigned
    ? formatSignedChunks({ ...signing, seed: signature }, { chunks })
    : formatPlainChunks(chunks, ['x-amz-checksum-crc32', 'NhCmhg=='])
  const lines = body.toString('latin1').split(/(?<=\r\n)/)
  const broken = shuffle(lines, ODD_FRAMING, next).join('')
  const request = { method: 'PUT', target, headers }
  return next(3) === 0
    ? inChunks(server, request, broken, next)
    : ofLength(server, request, broken, next)
}

/** `Transfer-Encoding: chunked` whose lines are out of place, around a body that is well. */
const breakTransfer: Break = (server, next) => {
  const request = pick(
    plainRequests(server).filter(({ body }) => body !== undefined),
    next,
  )
  const headers = [...(request.headers ?? []), ['Transfer-Encoding', 'chunked'] as const]
  const head = formatRequest(server.port, { ...request, headers, body: '' }).toString('latin1')
  const lines = ['1\r\n', String(request.body), '\r\n', '0\r\n', '\r\n']
  return Buffer.from(head + shuffle(lines, ODD_FRAMING, next).join(''), 'latin1')
}

/** With the length that the body has, or one that it has not. */
function ofLength(
  server: RunningServer,
  request: RawRequestParts,
  body: string,
  next: Random,
): Buffer {
  if (next(4) > 0) return formatRequest(server.port, { ...request, body })
  const length = String(Math.max(0, body.length + next(200) - 100))
  const headers = [...(request.headers ?? []), ['Content-Length', length] as const]
  return formatRequest(server.port, { ...request, headers, body })
}

/** In chunks of HTTP, which may lack their end. */
function inChunks(
  server: RunningServer,
  request: RawRequestParts,
  body: string,
  next: Random,
): Buffer {
  const headers = [...(request.headers ?? []), ['Transfer-Encoding', 'chunked'] as const]
  const end = next(4) === 0 ? '' : '0\r\n\r\n'
  const chunk = body === '' ? '' : `${body.length.toString(16)}\r\n${body}\r\n`
  return formatRequest(server.port, { ...request, headers, body: chunk + end })
}

const BREAKS: readonly Break[] = [breakHeader, breakForm, breakFraming, breakTransfer]

async function sendOne(server: RunningServer, seed: number): Promise<number> {
  const next = createRandom(seed)
  const broken = pick(BREAKS, next)(server, next)
  const bytes = next(4) === 0 ? mutate(broken, next) : broken
  const shown = JSON.stringify(bytes.toString('latin1').slice(0, 1500))
  const { status } = parseAnswer(await orHung(exchangeBytes(server.port, bytes), shown))
  assert.ok(status < 500 || status === 501, `FUZZ_SEED: ${status} for ${shown}`)
  return status
}

test(`${COUNT} broken headers, forms and framings leave nothing behind, seed ${SEED}`, async (context) => {
  await withServer(
    async (server) => {
      await makeBucket(server, 'acme')
      await putFile(server, { bucket: 'acme', key: 'a.txt' }, 'fuzzed')
      const open = countOpen()
      const statuses = new Map<number, number>()
      let left = COUNT
      const sendSome = async (): Promise<void> => {
        while (left > 0) {
          left -= 1
          const status = await sendOne(server, SEED + left * 7919)
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
        }
      }
      await Promise.all(Array.from({ length: IN_FLIGHT }, sendSome))
      const seen = [...statuses].toSorted(([a], [b]) => a - b)
      context.diagnostic(seen.map(([status, count]) => `${status}: ${count}`).join(', '))
      for (const status of [200, 400, 403]) assert.ok(statuses.has(status), `${status} never came`)
      const lines = server.logText().split('\n')
      assert.deepEqual(
        lines.filter((line) => line.includes('"request failed"')),
        [],
      )
      const temporary = join(server.dataDir, 'blobs', 'tmp')
      await waitUntil(async () => (await readdir(temporary)).length === 0, 'temporary files go')
      await waitUntil(() => countOpen() <= open + 2, 'descriptors are closed')
      assert.equal((await fetch(presign(server, 'GET', 'acme/a.txt'))).status, 200)
    },
    { limits: LIMITS },
  )
})
