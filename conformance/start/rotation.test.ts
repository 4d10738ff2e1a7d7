/**
 * Signing keys are rotated under load, in two processes: no link in time is refused, and no link of an ended key is served. By hand for
 * two minutes: `ROTATION_SECONDS=120 ROTATION_EVERY_MS=2000 npm test -- conformance/start/rotation.test.ts`.
 */
import assert from 'node:assert/strict'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { waitUntil } from '../lib/patience.ts'
import { bannerValue, makeDataDir, spawnHallpass } from './spawn-server.ts'

const SECONDS = Number(process.env['ROTATION_SECONDS'] ?? '10')
const EVERY_MS = Number(process.env['ROTATION_EVERY_MS'] ?? '500')
const CLIENTS = 6
/** Asked often enough that each of two processes is asked. */
const ASKED = 12
/** Links that a client comes back to. */
const KEPT = 100

interface Link {
  readonly url: string
  /** The id of the key that signed it. */
  readonly signer: string
}

interface Traffic {
  readonly ended: Set<string>
  readonly links: Link[]
  fetched: number
  readonly refused: string[]
  isOver: boolean
}

/** Each call is a connection of its own, so that the kernel may give it to either worker. */
async function read(url: string): Promise<number> {
  const answer = await fetch(url, { headers: { connection: 'close' } })
  await answer.arrayBuffer()
  return answer.status
}

function createApi(origin: string, key: string) {
  return async (method: string, path: string, json?: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(origin + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        connection: 'close',
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
  }
}

type Api = ReturnType<typeof createApi>

async function issue(api: Api): Promise<Link> {
  const { url } = await api('POST', '/v1/links', { path: 'acme/x.txt', expiresIn: 3600 })
  const credential = new URL(String(url)).searchParams.get('X-Amz-Credential') ?? ''
  return { url: String(url), signer: credential.slice(0, credential.indexOf('/')) }
}

/** Makes links and opens them, new ones and old ones. */
async function runClient(api: Api, traffic: Traffic): Promise<void> {
  const { links, ended } = traffic
  while (!traffic.isOver) {
    links.push(await issue(api))
    if (links.length > KEPT) links.shift()
    const chosen = [links.at(-1), links[Math.floor(Math.random() * links.length)]]
    for (const link of chosen) {
      if (link === undefined || ended.has(link.signer)) continue
      const status = await read(link.url)
      traffic.fetched += 1
      // It may have been ended while it was asked for.
      if (status !== 200 && !ended.has(link.signer))
        traffic.refused.push(`${status} ${link.signer}`)
    }
  }
}

async function countServed({ url }: Link): Promise<number> {
  const answers = await Promise.all(Array.from({ length: ASKED }, () => read(url)))
  return answers.filter((status) => status === 200).length
}

/** A rotated key is ended as if it had leaked: its links end, in both processes, and those of all others go on. */
async function end(api: Api, traffic: Traffic, { signer, url }: Link): Promise<Link> {
  traffic.ended.add(signer)
  await api('DELETE', `/v1/signing-keys/${signer}`)
  const link = { signer, url }
  await waitUntil(async () => (await countServed(link)) === 0, 'the links of an ended key end')
  return link
}

test('signing keys rotated under load refuse no link in time, and none that ended is served', async (t) => {
  const server = spawnHallpass(t, ['serve', '--workers', '2'], {
    HALLPASS_DATA_DIR: makeDataDir(t),
    HALLPASS_PORT: '0',
  })
  const api = createApi(await server.ready(), bannerValue(server.stdout(), 'Admin API key'))
  await api('PUT', '/v1/buckets/acme')
  await fetch(
    (await api('POST', '/v1/links', { path: 'acme/x.txt', method: 'PUT' }))['url'] as string,
    {
      method: 'PUT',
      body: 'x',
    },
  )
  const traffic: Traffic = { ended: new Set(), links: [], fetched: 0, refused: [], isOver: false }
  const clients = Array.from({ length: CLIENTS }, () => runClient(api, traffic))
  const dead: Link[] = []
  const rotations = Math.ceil((SECONDS * 1000) / EVERY_MS)
  for (let rotation = 1; rotation <= rotations; rotation += 1) {
    await sleep(EVERY_MS)
    const before = await issue(api)
    await api('POST', '/v1/signing-keys/rotate')
    if (rotation % 5 === 0) dead.push(await end(api, traffic, before))
  }
  for (const link of dead) assert.equal(await countServed(link), 0)
  traffic.isOver = true
  await Promise.all(clients)
  assert.deepEqual(traffic.refused, [])
  assert.ok(traffic.fetched > rotations, `${traffic.fetched} links were opened`)
  assert.ok(dead.length > 0)
  t.diagnostic(`${rotations} rotations, ${traffic.fetched} links opened, ${dead.length} keys ended`)
})
