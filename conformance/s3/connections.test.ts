/** What one connection must not carry over from one request to the next, and what a broken one must not leave behind. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { waitUntil } from '../lib/patience.ts'
import { takeSnapshot } from '../lib/assert-refused.ts'
import { formatPlainChunks } from '../lib/chunked.ts'
import { presign } from '../lib/clients.ts'
import { signHeaders } from '../lib/hand-signer.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { targetOf } from '../lib/raw-http.ts'
import { withServerByConnection } from '../lib/start-server.ts'
import type { Credentials, RunningServer } from '../lib/start-server.ts'

interface Tenant {
  readonly name: string
  readonly bucket: string
  readonly credentials: Credentials
}

/** One request and what its answer has to be. */
interface Exchange {
  readonly name: string
  readonly bytes: Buffer
  readonly isHead: boolean
  readonly status: number
  /** Of the body; `null` if anything will do. */
  readonly body: RegExp | null
}

interface Answer {
  readonly status: number
  readonly head: string
  readonly body: string
}

const REQUESTS = 1000
const CONNECTIONS = 5
/** No multiple of anything, so that requests are cut anywhere. */
const SLICE = 1777

async function createTenant(server: RunningServer, name: string): Promise<Tenant> {
  const bucket = `tenant-${name}`
  await makeBucket(server, bucket)
  await putFile(server, { bucket, key: 'own' }, `kept by ${name}`)
  const credentials = await server.createKey({
    name,
    actions: ['read', 'list', 'write'],
    pathPrefix: `${bucket}/`,
  })
  return { name, bucket, credentials }
}

function formatExchange(
  server: RunningServer,
  request: { method: string; target: string; headers?: string; body?: string },
  expected: { name: string; status: number; body?: RegExp },
): Exchange {
  const { method, target, headers = '', body } = request
  const length = body === undefined ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`
  return {
    bytes: Buffer.from(
      `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n${headers}${length}\r\n${body ?? ''}`,
      'latin1',
    ),
    isHead: method === 'HEAD',
    name: expected.name,
    status: expected.status,
    body: expected.body ?? null,
  }
}

/** Signed in the URL. */
function byUrl(server: RunningServer, tenant: Tenant, method: string, path: string): string {
  return targetOf(presign(server, method, path, { credentials: tenant.credentials }))
}

/** Signed in the header. */
function byHeader(
  server: RunningServer,
  { credentials }: Tenant,
  path: string,
  query: readonly (readonly [string, string])[] = [],
): { method: string; target: string; headers: string } {
  const signed = signHeaders(server, {
    method: 'GET',
    path,
    query,
    accessKeyId: credentials.accessKeyId,
    secret: credentials.secretAccessKey,
  })
  const headers = signed.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return { method: 'GET', target: signed.target, headers }
}

function makeExchange(
  server: RunningServer,
  [tenant, other]: readonly [Tenant, Tenant],
  index: number,
): Exchange {
  const { name, bucket } = tenant
  const own = new RegExp(`^kept by ${name}$`)
  const url = (method: string, path: string): { method: string; target: string } => ({
    method,
    target: byUrl(server, tenant, method, path),
  })
  const body = `written by ${name} as number ${index}`
  switch (index % 8) {
    case 0:
      return formatExchange(
        server,
        { ...url('PUT', `${bucket}/n-${index}`), body },
        { name: `${index}: PUT`, status: 200, body: /^$/ },
      )
    case 1:
      return formatExchange(
        server,
        { ...url('PUT', `${other.bucket}/own`), body },
        { name: `${index}: PUT elsewhere`, status: 403 },
      )
    case 2:
      return formatExchange(server, byHeader(server, tenant, `/${bucket}/own`), {
        name: `${index}: GET by header`,
        status: 200,
        body: own,
      })
    case 3:
      return formatExchange(server, byHeader(server, tenant, `/${other.bucket}/own`), {
        name: `${index}: GET elsewhere by header`,
        status: 403,
      })
    case 4:
      return formatExchange(server, url('HEAD', `${bucket}/own`), {
        name: `${index}: HEAD`,
        status: 200,
      })
    case 5:
      return formatExchange(server, byHeader(server, tenant, `/${bucket}`, [['list-type', '2']]), {
        name: `${index}: list`,
        status: 200,
        body: new RegExp(`<Name>${bucket}</Name>.*<Key>own</Key>`, 's'),
      })
    case 6:
      return formatExchange(
        server,
        { method: 'GET', target: `/${bucket}/own` },
        { name: `${index}: GET by nobody`, status: 403 },
      )
    default:
      return formatExchange(server, url('GET', `${bucket}/own`), {
        name: `${index}: GET`,
        status: 200,
        body: own,
      })
  }
}

/** Sends requests one behind the other, in slices, and reads as many answers. */
async function pipeline(port: number, exchanges: readonly Exchange[]): Promise<Answer[]> {
  const done = Promise.withResolvers<void>()
  const answers: Answer[] = []
  let rest = Buffer.alloc(0)
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', done.reject)
  socket.on('close', () => done.reject(new Error(`closed after ${answers.length} answers`)))
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const answer = takeAnswer(rest, exchanges[answers.length]?.isHead === true)
      if (answer === null) break
      answers.push(answer)
      rest = rest.subarray(answer.length)
    }
    if (answers.length === exchanges.length) done.resolve()
  })
  const bytes = Buffer.concat(exchanges.map((exchange) => exchange.bytes))
  for (let at = 0; at < bytes.length; at += SLICE) {
    socket.write(bytes.subarray(at, at + SLICE))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await done.promise
  assert.equal(rest.length, 0, 'more came than was asked for')
  socket.destroy()
  return answers
}

function takeAnswer(bytes: Buffer, isHead: boolean): (Answer & { length: number }) | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return null
  const head = bytes.toString('latin1', 0, end)
  const size = isHead ? 0 : Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
  const length = end + 4 + size
  if (bytes.length < length) return null
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1])
  return { status, head, body: bytes.toString('utf8', end + 4, length), length }
}

/** Begins an upload and hangs up. */
async function hangUp(port: number, bytes: Uint8Array): Promise<void> {
  const gone = Promise.withResolvers<void>()
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  socket.on('close', () => gone.resolve())
  socket.write(bytes, () => socket.destroy())
  await gone.promise
}

async function breakOff(server: RunningServer, tenants: readonly Tenant[]): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    const tenant = tenants[round % tenants.length]
    if (tenant === undefined) continue
    const target = byUrl(server, tenant, 'PUT', `${tenant.bucket}/own`)
    const head = `PUT ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Length: 5000\r\n\r\n`
    await hangUp(server.port, Buffer.from(head + 'torn'.repeat(round * 40)))
  }
}

/** Every tenant's files have what that tenant wrote, and nobody else. */
async function assertOwnFiles(server: RunningServer, tenants: readonly Tenant[]): Promise<void> {
  const read = async (path: string): Promise<string> => {
    const answer = await fetch(presign(server, 'GET', path))
    return answer.text()
  }
  for (let index = 0; index < REQUESTS; index += 8) {
    const { name, bucket } = tenants[(index * 7) % 3] ?? { name: '', bucket: '' }
    assert.equal(await read(`${bucket}/n-${index}`), `written by ${name} as number ${index}`)
  }
  for (const { name, bucket } of tenants) {
    assert.equal(await read(`${bucket}/own`), `kept by ${name}`)
  }
}

test('requests of three tenants on five connections, with bodies and refusals, never mix', async () => {
  await withServerByConnection(async (server) => {
    const tenants = await Promise.all(
      ['red', 'green', 'blue'].map((name) => createTenant(server, name)),
    )
    const lanes: Exchange[][] = Array.from({ length: CONNECTIONS }, () => [])
    for (let index = 0; index < REQUESTS; index += 1) {
      const [tenant, other] = [tenants[(index * 7) % 3], tenants[(index * 7 + 1) % 3]]
      if (tenant === undefined || other === undefined) continue
      lanes[index % CONNECTIONS]?.push(makeExchange(server, [tenant, other], index))
    }
    const [answers] = await Promise.all([
      Promise.all(lanes.map((lane) => pipeline(server.port, lane))),
      breakOff(server, tenants),
    ])
    const flat = answers.flat()
    assert.equal(flat.length, REQUESTS)
    for (const [place, { name, status, body }] of lanes.flat().entries()) {
      const answer = flat[place]
      assert.equal(answer?.status, status, `${name}: ${answer?.head}`)
      if (body !== null) assert.match(answer.body, body, name)
    }
    await assertOwnFiles(server, tenants)
  })
})

test('a client that vanishes at any place of a framed body leaves the old file and not one byte', async () => {
  await withServerByConnection(async (server) => {
    await makeBucket(server, 'acme')
    await putFile(server, { bucket: 'acme', key: 'kept' }, 'old')
    const chunks = ['a'.repeat(9000), 'b'.repeat(70_000)]
    const checksum = Buffer.alloc(4)
    checksum.writeUInt32BE(crc32(chunks.join('')))
    const framed = formatPlainChunks(chunks, ['x-amz-checksum-crc32', checksum.toString('base64')])
    const payload = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
    const headers = [
      ['content-encoding', 'aws-chunked'],
      ['x-amz-decoded-content-length', '79000'],
      ['x-amz-trailer', 'x-amz-checksum-crc32'],
    ] as const
    const before = await takeSnapshot(server)
    const format = (sent: number): Buffer => {
      const signed = signHeaders(server, { method: 'PUT', path: '/acme/kept', headers, payload })
      const lines = signed.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
      const head = `PUT ${signed.target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n${lines}Content-Length: ${framed.length}\r\n\r\n`
      return Buffer.concat([Buffer.from(head), framed.subarray(0, sent)])
    }
    // Within sizes, line ends, data, the last chunk and the trailer.
    for (const sent of [0, 1, 4, 6, 5000, 9006, 9007, 9010, 40_000, -33, -30, -3, -1]) {
      await hangUp(server.port, format(sent))
    }
    await waitUntil(
      async () => JSON.stringify(await takeSnapshot(server)) === JSON.stringify(before),
      'nothing that was written is left',
    )
    const read = await fetch(presign(server, 'GET', 'acme/kept'))
    assert.equal(await read.text(), 'old')
    const whole = { name: 'whole', bytes: format(framed.length), isHead: false, status: 200 }
    const [answer] = await pipeline(server.port, [{ ...whole, body: null }])
    assert.equal(answer?.status, 200, answer?.body)
  })
})
