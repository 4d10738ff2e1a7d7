/** Azure that misbehaves: nothing is acknowledged that is not there, nothing wrong is taken for right, no secret is told. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import type { StoreError, StoreFault } from '../../packages/server/src/platform/store-errors.ts'
import {
  ACCOUNT,
  ACCOUNT_KEY,
  CONTAINER,
  newAzureUrl,
  openAzureStoreAt,
  ownerOf,
} from '../../packages/server/test/stores/azure/azure-fixture.ts'
import {
  inChunks,
  listAll,
  readAll,
  sampleBytes,
} from '../../packages/server/test/suites/blob-store-suite.ts'
import { NO_HEADERS } from '../../packages/server/test/suites/object-store-suite.ts'
import { startPlainAzurite } from '../lib/azurite.ts'
import type { Azurite } from '../lib/azurite.ts'
import { startFaultyStore } from '../lib/faulty-store.ts'
import type { Fault, FaultyStore, SeenRequest } from '../lib/faulty-store.ts'
import {
  createCheck,
  failsWith as failsTelling,
  FREELY,
  holdsOwnForOwn,
  ID,
  LARGE_BYTES,
  losingOne,
  signal,
  write,
} from './misbehaving.ts'

const refuse = (status: number, code: string, headers = {}): Fault => ({
  kind: 'say',
  status,
  headers: { 'x-ms-error-code': code, ...headers },
  body: `<Error><Code>${code}</Code></Error>`,
})
const isPut = ({ method }: SeenRequest): boolean => method === 'PUT'
const isGet = ({ method }: SeenRequest): boolean => method === 'GET'

describe('an Azure that misbehaves', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-azurite-'))
  let azurite: Azurite
  let proxy: FaultyStore

  before(async () => {
    azurite = await startPlainAzurite(folder, { account: ACCOUNT, accountKey: ACCOUNT_KEY })
    await ownerOf(azurite.endpoint).getContainerClient(CONTAINER).create()
    proxy = await startFaultyStore(new URL(azurite.endpoint).origin)
  })
  after(async () => {
    await proxy.close()
    await azurite.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const check = createCheck(() => {
    const url = newAzureUrl(azurite.endpoint)
    const through = url.replace(new URL(azurite.endpoint).origin, proxy.origin)
    return { proxy, store: openAzureStoreAt(through), direct: openAzureStoreAt(url) }
  })

  const failsWith = (fault: StoreFault, promise: Promise<unknown>): Promise<StoreError> =>
    failsTelling(fault, promise, { secrets: [ACCOUNT_KEY], shape: /SharedKey|sig=/i })

  check(
    'one that is busy is asked again, and one that stays so acknowledges nothing',
    async (o) => {
      const busy = refuse(503, 'ServerBusy', { 'retry-after': '0' })
      proxy.choose((_request, number) => (number <= 2 ? busy : null))
      assert.equal(await write(o.blobs), 50_000)
      proxy.choose(() => refuse(503, 'ServerBusy'))
      const error = await failsWith('unavailable', o.blobs.write('BBBBBBBB', noBytes(), FREELY))
      assert.match(error.message, /503 ServerBusy/)
      assert.equal((await listAll(o.direct)).length, 1)
    },
  )

  for (const bytes of [50_000, LARGE_BYTES]) {
    check(`a write of ${bytes} bytes whose answers are lost is one write`, async (opened) => {
      const lost = new Set<string>()
      proxy.choose(({ method, target }) => {
        const request = `${method} ${target}`
        if (method === 'HEAD' || lost.has(request)) return null
        lost.add(request)
        return { kind: 'lose-answer' }
      })
      assert.equal(await write(opened.blobs, sampleBytes(bytes)), bytes)
      const read = await readAll(await opened.direct.open(ID, null, signal))
      assert.ok(read.equals(sampleBytes(bytes)))
    })
  }

  check('a write on a condition is one’s own, asked twice', ({ store }) =>
    holdsOwnForOwn({ proxy, store, isWrite: isPut }, sampleBytes(50_000)),
  )

  for (const condition of [null, { kind: 'absent' }] as const) {
    const when = condition === null ? '' : ' on a condition'
    check(`a list of blocks that is taken twice${when} is one object`, async ({ store }) => {
      const isList = ({ method, target }: SeenRequest): boolean =>
        method === 'PUT' && target.includes('comp=blocklist')
      const bytes = sampleBytes(LARGE_BYTES)
      const options = { size: bytes.length, headers: NO_HEADERS, condition, signal }
      const made = await losingOne(proxy, isList, () =>
        store.write('key', inChunks(bytes, 60_000), options),
      )
      assert.equal(made.etag, (await store.stat('key'))?.etag)
    })
  }

  check('a write that is acknowledged and not there is not acknowledged', async (opened) => {
    const said: Fault = { kind: 'say', status: 201, headers: { etag: '"0123"' } }
    proxy.choose((request) => (isPut(request) ? said : null))
    await failsWith('unavailable', write(opened.blobs))
  })

  check('bytes that are fewer, more or others than were asked for are corrupt', async (opened) => {
    await write(opened.direct)
    const range = { start: 10, end: 19 }
    const changes: readonly Fault[] = [
      { kind: 'change', body: (body) => body.subarray(0, 5) },
      { kind: 'change', body: (body) => Buffer.concat([body, body]) },
      { kind: 'say', status: 200, body: 'x'.repeat(50_000) },
    ]
    for (const fault of changes) {
      proxy.choose((request) => (isGet(request) ? fault : null))
      await failsWith('corrupt', opened.blobs.open(ID, range, signal).then(readAll))
    }
    proxy.choose((request, number) =>
      isGet(request) && number === 1 ? { kind: 'cut-answer', afterBytes: 10_000 } : null,
    )
    const read = await readAll(await opened.blobs.open(ID, null, signal))
    assert.ok(read.equals(sampleBytes(50_000)))
  })

  check('a list that is no list is none', async ({ blobs }) => {
    for (const body of [
      '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><EnumerationResults/>',
      '<EnumerationResults><Blobs>',
      '<html>a page of a proxy</html>',
    ]) {
      proxy.choose(() => ({ kind: 'say', status: 200, body }))
      const error = await failsWith('unavailable', listAll(blobs))
      assert.match(error.message, /answers with XML that/)
    }
  })

  check('a list in another order is refused', async ({ blobs }) => {
    const entry = (name: string): string =>
      `<Blob><Name>${name}</Name><Properties><Content-Length>1</Content-Length></Properties></Blob>`
    proxy.choose(({ target }) => {
      const prefix = decodeURIComponent(/prefix=([^&]*)/.exec(target)?.[1] ?? '')
      const body = `<EnumerationResults><Blobs>${entry(`${prefix}b`)}${entry(`${prefix}a`)}</Blobs><NextMarker/></EnumerationResults>`
      return { kind: 'say', status: 200, body }
    })
    const error = await failsWith('unavailable', listAll(blobs))
    assert.match(error.message, /an order that is not that of their bytes/)
  })

  check('a redirect to another host is not followed', async ({ blobs }) => {
    const elsewhere = await startFaultyStore(azurite.endpoint)
    const location = `${elsewhere.origin}/stolen`
    proxy.choose(() => ({ kind: 'say', status: 307, headers: { location } }))
    const error = await failsWith('unavailable', write(blobs))
    assert.match(error.message, /sends requests elsewhere/)
    assert.deepEqual(elsewhere.seen, [])
    await elsewhere.close()
  })

  check('refusals are said in words of one’s own', async ({ blobs }) => {
    const date = new Date(Date.now() - 3_600_000).toUTCString()
    const refusals: readonly (readonly [Fault, StoreFault, RegExp])[] = [
      [refuse(403, 'AuthenticationFailed', { date }), 'refused', /differ by 3[56]\d\d seconds/],
      [refuse(403, 'AuthorizationFailure'), 'refused', /refuses the credentials/],
      [refuse(404, 'ContainerNotFound'), 'refused', /there is no such container/],
      [refuse(412, 'LeaseIdMissing'), 'unavailable', /holds a lease/],
      [refuse(507, 'InsufficientStorage'), 'full', /has no room/],
      [refuse(400, `${ACCOUNT_KEY} is wrong`), 'unavailable', /answers 400\.$/],
    ]
    for (const [fault, kind, words] of refusals) {
      proxy.choose(() => fault)
      assert.match((await failsWith(kind, write(blobs))).message, words)
    }
  })
})

async function* noBytes(): AsyncGenerator<Uint8Array> {}
