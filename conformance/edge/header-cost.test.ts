/**
 * No header, whatever fills it, may cost more than a moment: every header that the sources of a face look for is sent to it filled with what
 * naive parsers read again and again. Time is counted as CPU of this process, which holds server and client, and
 * what the same bytes cost in a header nobody reads is taken off.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { PROBLEMS } from '../../packages/server/src/api/rest/render-error.ts'
import { presign } from '../lib/clients.ts'
import { basicTime } from '../lib/hand-signer.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { sendRaw, targetOf } from '../lib/raw-http.ts'
import type { RawRequestParts } from '../lib/raw-http.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { share } from '../share/visit.ts'

const MAX_CPU_MS = 5
/** A value that fills a header block of 16 KiB beside a signed target. */
const VALUE_BYTES = 14_500
const SLOWEST_TRIES = 8
/** What `spin` takes on the machine that the limit was chosen on. */
const SPIN_MS = 6

/** What looks for headers whichever face answers. */
const COMMON = [
  'packages/server/src/{http,auth,core}/**/*.ts',
  'packages/server/src/api/*.ts',
  'packages/signing/src/{lib,dialects/s3}/**/*.ts',
]
type Face = 's3' | 'rest' | 'tus' | 'share'
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
  /'((?:x|if|content|access-control|accept|cache|upload|sec|last|tus|hallpass)-[a-z0-9-]*[a-z0-9])'/gi

/** Every header name that stands in the sources of the face, and those of `PLAIN`. Codes of refusals look alike. */
function headerNames(face: Face): string[] {
  const names = new Set(PLAIN)
  const sources = [...COMMON, `packages/server/src/api/${face}/**/*.ts`]
  for (const file of sources.flatMap((pattern) => globSync(pattern, { cwd: ROOT }))) {
    for (const [, name = ''] of readFileSync(ROOT + file, 'utf8').matchAll(HYPHENATED))
      names.add(name.toLowerCase())
  }
  const isHeader = (name: string): boolean =>
    !REFUSED_BY_PARSER.has(name) && !Object.hasOwn(PROBLEMS, name)
  return [...names].filter(isHeader).toSorted()
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
  'upload-concat': ['final;'],
  'upload-metadata': ['name '],
  'upload-checksum': ['sha1 '],
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

type Headers = readonly (readonly [name: string, value: string])[]

interface Shape extends Omit<RawRequestParts, 'headers'> {
  readonly face: Face
  /** Beside the one that is filled, which stands in place of its own kind. */
  readonly beside?: Headers | ((name: string) => Headers)
}

/** The requests that together reach every place where these faces read a header. */
async function shapesOf(server: RunningServer): Promise<Readonly<Record<string, Shape>>> {
  const get = targetOf(presign(server, 'GET', 'acme/a.txt'))
  const put = targetOf(presign(server, 'PUT', 'acme/b.txt'))
  const key = ['Authorization', server.adminKey] as const
  const page = targetOf((await share(server, { path: 'acme/a.txt' })).url)
  const tus = [key, ['Tus-Resumable', '1.0.0']] as const
  const begun = await fetch(`${server.origin}/-/tus?path=acme/t.bin`, {
    method: 'POST',
    headers: { ...Object.fromEntries(tus), 'Upload-Length': '10' },
  })
  const upload = targetOf(begun.headers.get('location') ?? '')
  return {
    'signed GET': { face: 's3', method: 'GET', target: get },
    'signed PUT': { face: 's3', method: 'PUT', target: put, body: 'b' },
    'signed headers': {
      face: 's3',
      method: 'PUT',
      target: '/acme/c.txt',
      beside: (name) => besideSigned(server, name),
      body: 'c',
    },
    anonymous: { face: 's3', method: 'GET', target: '/', beside: [['Accept', 'text/html']] },
    preflight: {
      face: 's3',
      method: 'OPTIONS',
      target: '/acme/a.txt',
      beside: [
        ['Origin', 'https://a.test'],
        ['Access-Control-Request-Method', 'PUT'],
      ],
    },
    'REST GET': { face: 'rest', method: 'GET', target: '/v1/files?folder=acme', beside: [key] },
    'REST PUT': {
      face: 'rest',
      method: 'PUT',
      target: '/v1/files?path=acme/d.txt',
      beside: [key],
      body: 'd',
    },
    'REST JSON': {
      face: 'rest',
      method: 'POST',
      target: '/v1/links',
      beside: [key, ['Content-Type', 'application/json']],
      body: '{"path":"acme/a.txt"}',
    },
    'REST form': {
      face: 'rest',
      method: 'POST',
      target: '/v1/files',
      beside: [key, ['Content-Type', 'multipart/form-data; boundary=B']],
      body: '--B--\r\n',
    },
    // To where nothing can be kept, and at an offset where nothing is: what stands in headers is read before.
    'tus POST': {
      face: 'tus',
      method: 'POST',
      target: '/-/tus?path=nowhere/t.bin',
      beside: [...tus, ['Upload-Length', '1']],
    },
    'tus PATCH': {
      face: 'tus',
      method: 'PATCH',
      target: upload,
      beside: [...tus, ['Content-Type', 'application/offset+octet-stream'], ['Upload-Offset', '5']],
      body: 't',
    },
    'share page': { face: 'share', method: 'GET', target: page, beside: [['Accept', 'text/html']] },
    'share form': {
      face: 'share',
      method: 'POST',
      target: page,
      beside: [['Content-Type', 'application/x-www-form-urlencoded']],
      body: 'action=none',
    },
  }
}

/** The signature does not hold, but everything that it would cover is read first. */
function besideSigned(server: RunningServer, name: string): Headers {
  const time = basicTime(server.core.clock.now())
  const { accessKeyId } = server.credentials
  const scope = `${accessKeyId}/${time.slice(0, 8)}/${server.region}/s3/aws4_request`
  const signed = ['host', name, 'x-amz-content-sha256', 'x-amz-date'].toSorted().join(';')
  return [
    ['x-amz-date', time],
    ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
    ['x-amz-decoded-content-length', '1'],
    [
      'Authorization',
      `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${signed}, Signature=${'0'.repeat(64)}`,
    ],
  ]
}

function fill({ beside = [], ...parts }: Shape, name: string, value: string): RawRequestParts {
  const all = typeof beside === 'function' ? beside(name) : beside
  const others = all.filter(([given]) => given.toLowerCase() !== name)
  return { ...parts, headers: [[name, value], ...others] }
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
  for (const [face, expected] of [
    ['s3', ['range', 'if-none-match', 'content-type', 'x-amz-content-sha256', 'x-amz-trailer']],
    ['rest', ['authorization', 'content-digest', 'last-event-id']],
    ['tus', ['upload-metadata', 'upload-concat', 'tus-resumable', 'hallpass-link']],
    ['share', ['accept-language', 'cookie', 'sec-fetch-site']],
  ] as const) {
    const names = headerNames(face)
    for (const name of expected) assert.ok(names.includes(name), `${name} was not found`)
  }
  await withServer(
    async (server) => {
      await makeBucket(server, 'acme')
      await putFile(server, { bucket: 'acme', key: 'a.txt' }, 'secret')
      const slowness = Math.max(1, Math.min(...Array.from({ length: 5 }, spin)) / SPIN_MS)
      for (const [title, shape] of Object.entries(await shapesOf(server))) {
        const harmless = fill(shape, 'x-nobody-reads', 'x'.repeat(VALUE_BYTES))
        for (let round = 0; round < 20; round += 1) await costOf(server, harmless)
        const base = await leastCost(server, harmless, 0)
        const limit = base + MAX_CPU_MS * slowness
        for (const name of headerNames(shape.face)) {
          for (const value of valuesOf(name)) {
            const cost = await leastCost(server, fill(shape, name, value), limit)
            const shown = `${title}, ${name}: ${value.slice(0, 40)}…`
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
