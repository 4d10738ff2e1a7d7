/** Each operation of the object plane is explained by the right that it needs itself: what works is not told to be forbidden. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RunningServer } from '../lib/start-server.ts'
import { statusOf, upload } from './call.ts'
import { startExplaining } from './explaining.ts'
import type { Explained, Explaining, Presigned } from './explaining.ts'

let world: Explaining
let server: RunningServer

before(async () => {
  world = await startExplaining()
  ;({ server } = world)
  await upload(server, 'ops/in/a.txt', 'x')
})
after(() => server.stop())

/** What the server has against it, whatever is said of its address. */
function refusalsOf({ causes }: Explained): readonly string[] {
  return causes.flatMap(({ from, code }) => (from === 'server' ? [code] : []))
}

interface Told {
  readonly status: number
  readonly codes: readonly string[]
}

/** What comes of it with a key that has these rights alone, and what is said of it. */
async function tell(
  actions: readonly ('read' | 'write' | 'delete' | 'list')[],
  path: string,
  { method = 'GET', query = {} }: Presigned = {},
): Promise<Told> {
  const pair = await server.createKey({ name: 'k', actions: [...actions], pathPrefix: 'ops/' })
  const url = world.presign(path, { ...pair, method, query })
  const explained = await world.explain({ url, method })
  return { codes: refusalsOf(explained), status: await statusOf(url, { method }) }
}

test('what is done to an upload, and to the tags of a file, needs write', async () => {
  const parts = { query: { uploadId: 'none' } } as const
  const tags = { method: 'DELETE', query: { tagging: '' } } as const
  const listed = await tell(['write'], 'ops/in/up.bin', parts)
  // Whether the upload is there is asked after the right.
  assert.deepEqual(listed, { status: 404, codes: [] })
  assert.deepEqual((await tell(['read'], 'ops/in/up.bin', parts)).codes, ['forbidden'])
  const untagged = await tell(['write'], 'ops/in/a.txt', tags)
  assert.deepEqual(untagged, { status: 204, codes: [] })
  assert.deepEqual(await tell(['delete'], 'ops/in/a.txt', tags), {
    status: 403,
    codes: ['forbidden'],
  })
  const ended = await tell(['write'], 'ops/in/up.bin', { ...parts, method: 'DELETE' })
  assert.deepEqual(ended.codes, [])
})

test('the archive of a bucket or folder needs read, a listing list, below its prefix', async () => {
  const zip = { query: { 'X-Hallpass-Zip': '' } }
  for (const path of ['ops/', 'ops/in/']) {
    assert.deepEqual((await tell(['read'], path, zip)).codes, [], path)
    assert.deepEqual(await tell(['list'], path, zip), { status: 403, codes: ['forbidden'] }, path)
  }
  const listing = { query: { 'list-type': '2', prefix: 'in/' } }
  assert.deepEqual(await tell(['list'], 'ops/', listing), { status: 200, codes: [] })
  assert.deepEqual(await tell(['read'], 'ops/', listing), { status: 403, codes: ['forbidden'] })
  const pair = await server.createKey({ name: 'k', actions: ['list'], pathPrefix: 'ops/in/' })
  const inside = world.presign('ops/', { ...pair, ...listing })
  assert.deepEqual(refusalsOf(await world.explain({ url: inside })), [])
  const outside = world.presign('ops/', { ...pair, query: { 'list-type': '2', prefix: 'out/' } })
  assert.equal(await statusOf(outside), 403)
  assert.deepEqual(refusalsOf(await world.explain({ url: outside })), ['forbidden'])
})

test('settings of a bucket need admin, and a bucket that is made need not be there', async () => {
  const policy = { method: 'DELETE', query: { policy: '' } } as const
  assert.deepEqual(await tell(['delete', 'write'], 'ops/', policy), {
    status: 403,
    codes: ['forbidden'],
  })
  const made = world.presign('not-made-yet/', { method: 'PUT' })
  assert.deepEqual(refusalsOf(await world.explain({ url: made, method: 'PUT' })), [])
  const gone = world.presign('not-made-yet/', { query: { policy: '' } })
  assert.deepEqual(refusalsOf(await world.explain({ url: gone })), ['bucket-not-found'])
})
