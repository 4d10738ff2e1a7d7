/**
 * Thousands of broken requests, each a mutation of a valid one: no crash, no hang, no internal error, and whatever is
 * served nevertheless means exactly what was signed. `FUZZ_COUNT` and `FUZZ_SEED` make it longer or repeat it.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { performance } from 'node:perf_hooks'
import { orHung } from '../lib/patience.ts'
import { formatPlainChunks, formatSignedChunks } from '../lib/chunked.ts'
import { presign } from '../lib/clients.ts'
import { basicTime, signHeaders, signQuery } from '../lib/hand-signer.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { exchangeBytes, formatRequest, parseAnswer, targetOf } from '../lib/raw-http.ts'
import type { RawRequestParts } from '../lib/raw-http.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const COUNT = Number(process.env['FUZZ_COUNT'] ?? 1000)
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(performance.timeOrigin % 2 ** 31))
const IN_FLIGHT = 16
let server: RunningServer

before(async () => {
  server = await startServer({
    limits: {
      headersTimeoutMs: 300,
      slowBodyWindowMs: 300,
      keepAliveTimeoutMs: 200,
      checkIntervalMs: 20,
      maxDiscardMs: 300,
    },
  })
  await makeBucket(server, 'acme')
  await putFile(server, { bucket: 'acme', key: 'a b/c.txt' }, 'fuzzed')
})

after(async () => {
  await server.stop()
})

/** One generator for everything, so that a seed tells the whole story. */
function createRandom(seed: number): (bound: number) => number {
  let state = seed >>> 0
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}

/** Valid requests of every kind. Signed afresh, because their time runs. */
function makeSeeds(): RawRequestParts[] {
  const path = '/acme/a%20b/c.txt'
  const date = basicTime(server.core.clock.now())
  const get = signHeaders(server, { method: 'GET', path })
  const list = signHeaders(server, {
    method: 'GET',
    path: '/acme',
    query: [
      ['list-type', '2'],
      ['prefix', 'a b/'],
    ],
  })
  const streamed = signHeaders(server, {
    method: 'PUT',
    path: '/acme/streamed',
    date,
    payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    headers: [['x-amz-decoded-content-length', '9000']],
  })
  const trailed = signHeaders(server, {
    method: 'PUT',
    path: '/acme/trailed',
    payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    headers: [
      ['x-amz-decoded-content-length', '5'],
      ['x-amz-trailer', 'x-amz-checksum-crc32'],
    ],
  })
  const chunked = formatSignedChunks(
    {
      secret: server.credentials.secretAccessKey,
      region: server.region,
      date,
      seed: streamed.signature,
    },
    { chunks: ['c'.repeat(8192), 'd'.repeat(808)] },
  )
  return [
    { method: 'GET', target: targetOf(presign(server, 'GET', 'acme/a b/c.txt')) },
    { method: 'HEAD', target: targetOf(presign(server, 'HEAD', 'acme/a b/c.txt')) },
    {
      method: 'GET',
      target: signQuery(server, {
        method: 'GET',
        path,
        query: [['response-content-type', 'text/plain']],
      }),
      headers: [
        ['Range', 'bytes=1-3'],
        ['If-None-Match', '"abc"'],
        ['Accept', 'text/html'],
      ],
    },
    { method: 'GET', target: get.target, headers: get.headers },
    { method: 'GET', target: list.target, headers: list.headers },
    {
      method: 'PUT',
      target: signQuery(server, {
        method: 'PUT',
        path: '/acme/put',
        query: [['x-amz-meta-a', 'b']],
      }),
      headers: [
        ['Content-Type', 'text/plain'],
        ['If-None-Match', '*'],
        ['Expect', '100-continue'],
      ],
      body: 'hello',
    },
    { method: 'PUT', target: streamed.target, headers: streamed.headers, body: chunked },
    {
      method: 'PUT',
      target: trailed.target,
      headers: trailed.headers,
      body: formatPlainChunks(['hello'], ['x-amz-checksum-crc32', 'NhCmhg==']),
    },
    { method: 'DELETE', target: '/acme/none', headers: [] },
    { method: 'OPTIONS', target: path, headers: [['Origin', 'https://a.test']] },
    {
      method: 'GET',
      target: '/v1/files?folder=acme',
      headers: [['Authorization', server.adminKey]],
    },
  ]
}

const PIECES = [
  '%00',
  '%',
  '%2e%2e/',
  '/../',
  '//',
  '\\',
  '?',
  '&',
  '=',
  '#',
  ';',
  ',',
  '"',
  "'",
  '<',
  '>',
  '\0',
  '\r\n',
  '\n',
  '\t',
  ' ',
  'é',
  '\xff',
  '%ff',
  '+',
  '*',
  '0',
  '-1',
  '99999999999999999999',
  '1e9',
  'NaN',
  '__proto__',
  'constructor',
  '[]',
  '&X-Amz-Signature=0',
  '&X-Amz-Date=1',
  '&acl',
  '&uploads',
  '&list-type=3',
  '&max-keys=x',
  '&continuation-token=AAAA',
  '&response-content-type=%0d%0a',
  'aws-chunked',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 3\r\n',
  'Expect: 100-continue\r\n',
  'Range: bytes=-\r\n',
  'If-Match: "\r\n',
  'Host: b\r\n',
  'Content-MD5: x\r\n',
  'x-amz-content-sha256: x\r\n',
  'x-amz-copy-source: /a/b\r\n',
  'Upgrade: websocket\r\nConnection: Upgrade\r\n',
]

function mutate(bytes: Buffer, next: (bound: number) => number): Buffer {
  let result = bytes
  for (let times = 1 + next(3); times > 0; times -= 1) result = mutateOnce(result, next)
  return result
}

function mutateOnce(bytes: Buffer, next: (bound: number) => number): Buffer {
  // Targets are short beside headers and bodies, and far more interesting.
  const head = Math.max(1, bytes.indexOf('\r\n\r\n'))
  const line = Math.max(1, bytes.indexOf(' HTTP/1.1'))
  const at = next([bytes.length + 1, head, line, line][next(4)] ?? line)
  const length = 1 + next(12)
  switch (next(7)) {
    case 0: {
      const flipped = Buffer.from(bytes)
      if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << next(8))
      return flipped
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
    case 2:
      return Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(at, at + length),
        bytes.subarray(at),
      ])
    case 3:
      return bytes.subarray(0, at)
    case 4: {
      const lines = bytes.toString('latin1').split('\r\n')
      const [moved = ''] = lines.splice(next(lines.length), 1)
      lines.splice(next(lines.length), 0, moved)
      if (next(2) === 0) lines.splice(next(lines.length), 0, moved)
      return Buffer.from(lines.join('\r\n'), 'latin1')
    }
    default: {
      const piece = Buffer.from(PIECES[next(PIECES.length)] ?? '', 'latin1')
      return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)])
    }
  }
}

/** What a request means, by the simplest possible reading: method, decoded path, decoded query in order of names. */
function meaningOf(request: Buffer): string {
  // Empty lines before a request are allowed [RFC9112 2.2].
  const [line = ''] = request
    .toString('latin1')
    .replace(/^[\r\n]+/, '')
    .split('\r\n')
  // The parser takes more than one blank between the parts: no other reading is possible.
  const [method = '', target = ''] = line.split(/ +/)
  const [path = '', query = ''] = target.split(/\?(.*)/s)
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) =>
      decodeURIComponent(`${pair}${pair.includes('=') ? '' : '='}`.replaceAll('+', ' ')),
    )
    .toSorted()
  return JSON.stringify([method, decodeURIComponent(path), pairs])
}

test(`${COUNT} mutated requests, seed ${SEED}`, async (context) => {
  const statuses = new Map<number, number>()
  let left = COUNT
  async function runSome(): Promise<void> {
    while (left > 0) {
      left -= 1
      // A generator each: the order in which answers come must not change what is sent.
      const next = createRandom(SEED + left * 7919)
      const seeds = makeSeeds()
      const seed = seeds[next(seeds.length)]
      assert.ok(seed !== undefined)
      const original = formatRequest(server.port, seed)
      const mutated = mutate(original, next)
      const shown = JSON.stringify(mutated.toString('latin1').slice(0, 1500))
      const answer = parseAnswer(await orHung(exchangeBytes(server.port, mutated), shown))
      const isExpected = answer.status < 500 || answer.status === 501
      assert.ok(isExpected, `seed ${SEED}: ${answer.status} for ${shown}`)
      const isRest = seed.target.startsWith('/v1/')
      if (answer.status >= 200 && answer.status < 300 && !isRest) {
        assert.equal(meaningOf(mutated), meaningOf(original), `seed ${SEED}: served ${shown}`)
      }
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, runSome))
  const seen = [...statuses].toSorted(([a], [b]) => a - b)
  context.diagnostic(seen.map(([status, count]) => `${status}: ${count}`).join(', '))
  assert.doesNotMatch(server.logText(), /"request failed"/)
  assert.equal((await fetch(presign(server, 'GET', 'acme/a b/c.txt'))).status, 200)
})
