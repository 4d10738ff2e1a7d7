/**
 * No header, whatever fills it, may cost more than a moment: every header that the sources look for is sent filled with what
 * naive parsers read again and again. Time is counted as CPU of this process, which holds server and client, and
 * what the same bytes cost in a header nobody reads is taken off.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { presign } from '../lib/clients.ts'
import { basicTime } from '../lib/hand-signer.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { sendRaw, targetOf } from '../lib/raw-http.ts'
import type { RawRequestParts } from '../lib/raw-http.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const MAX_CPU_MS = 5
/** A value that fills a header block of 16 KiB beside a signed target. */
const VALUE_BYTES = 14_500
const SLOWEST_TRIES = 8
/** What `spin` takes on the machine that the limit was chosen on. */
const SPIN_MS = 6

const SOURCES = [
  'packages/server/src/{http,auth,api,core}/**/*.ts',
  'packages/signing/src/{lib,dialects/s3}/**/*.ts',
]
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Looked for by a name that has no hyphen, by node:http, or by what is in front. */
const PLAIN = [
  'accept',
  'authorization',
  'cookie',
  'date',
  'expires',
  'forwarded',
  'host',
  'origin',
  'purpose',
  'range',
  'referer',
  'te',
  'trailer',
  'user-agent',
  'via',
]
/** node:http refuses these itself, before anything here sees them. */
const REFUSED_BY_PARSER = new Set(['content-length', 'transfer-encoding'])
const HYPHENATED =
  /'((?:x|if|content|access-control|accept|cache|upload|sec|last)-[a-z0-9-]*[a-z0-9])'/g

/** Every header name that stands in the sources, and those of `PLAIN`. */
function headerNames(): string[] {
  const names = new Set(PLAIN)
  for (const file of SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT }))) {
    for (const [, name = ''] of readFileSync(ROOT + file, 'utf8').matchAll(HYPHENATED))
      names.add(name)
  }
  return [...names].filter((name) => !REFUSED_BY_PARSER.has(name)).toSorted()
}

/** What a value begins with, for its parser to come so far. */
const BEGINNINGS: Readonly<Record<string, readonly string[]>> = {
  range: ['bytes=', 'bytes=0', 'bytes=0-', 'bytes=-'],
  authorization: [
    'Bearer ',
    'AWS4-HMAC-SHA256 ',
    'AWS4-HMAC-SHA256 Credential=',
    'AWS4-HMAC-SHA256 SignedHeaders=',
  ],
  'content-type': [
    'multipart/form-data;',
    'multipart/form-data; boundary=',
    'application/json;',
    'text/plain; charset="',
  ],
  'content-disposition': ['attachment; filename=', 'attachment; filename*='],
  'if-match': ['W/"'],
  'if-none-match': ['W/', '"'],
  'content-encoding': ['gzip,', 'aws-chunked'],
  'x-forwarded-for': ['1.2.3.4,'],
  forwarded: ['for=', 'for="'],
  host: ['127.0.0.1', 'a:', '['],
}
const FILLERS = [
  ' ',
  '\t',
  ',',
  ', ',
  '"',
  '"a",',
  ';',
  '=',
  '\\"',
  '0-1,',
  '/',
  '%',
  'W/',
  '\u00e9',
  'a',
] as const

function* valuesOf(name: string): Generator<string> {
  for (const beginning of ['', ...(BEGINNINGS[name] ?? [])]) {
    for (const filler of FILLERS) {
      // Blanks at an end are taken off before anybody sees them: something has to stand behind.
      yield `${beginning}${filler.repeat(Math.floor(VALUE_BYTES / filler.length))}x`
    }
  }
}

type Shape = (name: string, value: string) => RawRequestParts

/** The requests that together reach every place where a header is read. */
function shapesOf(server: RunningServer): Readonly<Record<string, Shape>> {
  const get = targetOf(presign(server, 'GET', 'acme/a.txt'))
  const put = targetOf(presign(server, 'PUT', 'acme/b.txt'))
  const key: [string, string] = ['Authorization', server.adminKey]
  const withKey = (name: string): [string, string][] => (name === 'authorization' ? [] : [key])
  const time = basicTime(server.core.clock.now())
  const scope = `${server.credentials.accessKeyId}/${time.slice(0, 8)}/${server.region}/s3/aws4_request`
  return {
    'signed GET': (name, value) => ({ method: 'GET', target: get, headers: [[name, value]] }),
    'signed PUT': (name, value) => ({
      method: 'PUT',
      target: put,
      headers: [[name, value]],
      body: 'b',
    }),
    // The signature does not hold, but everything that it would cover is read first.
    'signed headers': (name, value) => ({
      method: 'PUT',
      target: '/acme/c.txt',
      headers: [
        [name, value],
        ['x-amz-date', time],
        ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
        ['x-amz-decoded-content-length', '1'],
        [
          'Authorization',
          `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${['host', name, 'x-amz-content-sha256', 'x-amz-date'].toSorted().join(';')}, Signature=${'0'.repeat(64)}`,
        ],
      ].filter(([given], index) => index === 0 || given?.toLowerCase() !== name) as [
        string,
        string,
      ][],
      body: 'c',
    }),
    anonymous: (name, value) => ({
      method: 'GET',
      target: '/',
      headers: [
        ['Accept', 'text/html'],
        [name, value],
      ],
    }),
    preflight: (name, value) => ({
      method: 'OPTIONS',
      target: '/acme/a.txt',
      headers: [
        [name, value],
        ...(name === 'origin' ? [] : [['Origin', 'https://a.test'] as const]),
        ['Access-Control-Request-Method', 'PUT'],
      ],
    }),
    'REST GET': (name, value) => ({
      method: 'GET',
      target: '/v1/files?folder=acme',
      headers: [...withKey(name), [name, value]],
    }),
    'REST PUT': (name, value) => ({
      method: 'PUT',
      target: '/v1/files?path=acme/d.txt',
      headers: [...withKey(name), [name, value]],
      body: 'd',
    }),
    'REST JSON': (name, value) => ({
      method: 'POST',
      target: '/v1/links',
      headers: [
        ...withKey(name),
        ...(name === 'content-type' ? [] : [['Content-Type', 'application/json'] as const]),
        [name, value],
      ],
      body: '{"path":"acme/a.txt"}',
    }),
    'REST form': (name, value) => ({
      method: 'POST',
      target: '/v1/files',
      headers: [
        ...withKey(name),
        ...(name === 'content-type'
          ? []
          : [['Content-Type', 'multipart/form-data; boundary=B'] as const]),
        [name, value],
      ],
      body: '--B--\r\n',
    }),
  }
}

/** A fixed piece of work that does not depend on what is tested. */
function spin(): number {
  const before = process.cpuUsage()
  let sum = 0
  for (let index = 0; index < 5_000_000; index += 1) sum = (sum + index * 7) % 1_000_003
  assert.ok(sum >= 0)
  return cpuSince(before)
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

async function costOf(server: RunningServer, parts: RawRequestParts): Promise<number> {
  const before = process.cpuUsage()
  const answer = await sendRaw(server.port, parts)
  const cost = cpuSince(before)
  assert.notEqual(answer.status, 500, `${answer.status} to ${parts.method} ${parts.target}`)
  return cost
}

/** The least of several: what else this process does, and the machine, only ever add. */
async function leastCost(
  server: RunningServer,
  parts: RawRequestParts,
  limit: number,
): Promise<number> {
  let least = Infinity
  for (let tries = 0; tries < SLOWEST_TRIES && least > limit; tries += 1) {
    least = Math.min(least, await costOf(server, parts))
  }
  return least
}

test('no value of 16 KiB in any header the server parses costs 5 ms of CPU', async () => {
  const names = headerNames()
  for (const expected of [
    'range',
    'if-none-match',
    'content-type',
    'x-amz-content-sha256',
    'x-amz-trailer',
  ]) {
    assert.ok(names.includes(expected), `${expected} was not found in the sources`)
  }
  await withServer(
    async (server) => {
      await makeBucket(server, 'acme')
      await putFile(server, { bucket: 'acme', key: 'a.txt' }, 'secret')
      const slowness = Math.max(1, Math.min(...Array.from({ length: 5 }, spin)) / SPIN_MS)
      for (const [shape, make] of Object.entries(shapesOf(server))) {
        const harmless = make('x-nobody-reads', 'x'.repeat(VALUE_BYTES))
        for (let round = 0; round < 20; round += 1) await costOf(server, harmless)
        const base = await leastCost(server, harmless, 0)
        const limit = base + MAX_CPU_MS * slowness
        for (const name of names) {
          for (const value of valuesOf(name)) {
            const cost = await leastCost(server, make(name, value), limit)
            const shown = `${shape}, ${name}: ${value.slice(0, 40)}…`
            assert.ok(
              cost <= limit,
              `${shown}: ${cost.toFixed(1)} ms of CPU, ${limit.toFixed(1)} allowed`,
            )
          }
        }
      }
    },
    { corsOrigins: ['https://a.test'] },
  )
})
