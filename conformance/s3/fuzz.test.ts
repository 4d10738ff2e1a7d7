/**
 * Thousands of broken requests, each a mutation of a valid one: no crash, no hang, no internal error, and whatever is
 * served nevertheless means exactly what was signed. `FUZZ_COUNT` and `FUZZ_SEED` make it longer or repeat it.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { performance } from 'node:perf_hooks'
import { createRandom, mutate } from '../lib/mutate.ts'
import { orHung } from '../lib/patience.ts'
import { formatPlainChunks, formatSignedChunks } from '../lib/chunked.ts'
import { presign } from '../lib/clients.ts'
import { basicTime, signHeaders, signQuery } from '../lib/hand-signer.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { OWN_LIMITS } from '../lib/many-nodes.ts'
import { exchangeBytes, formatRequest, parseAnswer, targetOf } from '../lib/raw-http.ts'
import type { RawRequestParts } from '../lib/raw-http.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const COUNT = Number(process.env['FUZZ_COUNT'] ?? 1000)
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(performance.timeOrigin % 2 ** 31))
const IN_FLIGHT = 16
let server: RunningServer

before(async () => {
  if (OWN_LIMITS !== false) return
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
  if (OWN_LIMITS !== false) return
  await server.stop()
})

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

test(`${COUNT} mutated requests, seed ${SEED}`, { skip: OWN_LIMITS }, async (context) => {
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
