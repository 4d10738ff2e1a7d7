/** Google Cloud Storage that misbehaves: nothing is acknowledged that is not there, nothing wrong is taken for right, no secret is told. */
import assert from 'node:assert/strict'
import { after, before, describe } from 'node:test'
import type { StoreError, StoreFault } from '../../packages/server/src/platform/store-errors.ts'
import type { StoredObject, StoredPart } from '../../packages/server/src/stores/object-store.ts'
import {
  SERVICE_ACCOUNT,
  newGcsUrl,
  openGcsStoreAt,
} from '../../packages/server/test/stores/gcs/gcs-fixture.ts'
import {
  inChunks,
  listAll,
  readAll,
  rejectsWith,
  sampleBytes,
} from '../../packages/server/test/suites/blob-store-suite.ts'
import { NO_HEADERS } from '../../packages/server/test/suites/object-store-suite.ts'
import { startFakeGcs, whyNoFakeGcs } from '../lib/fake-gcs.ts'
import type { FakeGcs } from '../lib/fake-gcs.ts'
import { startFaultyStore } from '../lib/faulty-store.ts'
import type { Fault, FaultyStore, SeenRequest } from '../lib/faulty-store.ts'
import {
  createCheck,
  failsWith as failsTelling,
  FREELY,
  holdsOwnForOwn,
  ID,
  LARGE_BYTES,
  signal,
  write,
} from './misbehaving.ts'

const refuse = (status: number, reason: string, message = reason, headers = {}): Fault => ({
  kind: 'say',
  status,
  headers,
  body: JSON.stringify({ error: { code: status, message, errors: [{ reason, message }] } }),
})
const isPost = ({ method }: SeenRequest): boolean => method === 'POST'
const isMedia = ({ target }: SeenRequest): boolean => target.includes('alt=media')
const isChunk = ({ method, headers }: SeenRequest): boolean =>
  method === 'PUT' && /^bytes \d/.test(headers['content-range'] ?? '')

describe('a Google Cloud Storage that misbehaves', { skip: whyNoFakeGcs() }, () => {
  let gcs: FakeGcs
  let proxy: FaultyStore

  before(async () => {
    gcs = await startFakeGcs()
    proxy = await startFaultyStore(gcs.origin)
  })
  after(async () => {
    await proxy.close()
    await gcs.stop()
  })

  const check = createCheck(() => {
    const url = newGcsUrl(gcs)
    const store = openGcsStoreAt(url.replace(gcs.origin, proxy.origin))
    return { proxy, store, direct: openGcsStoreAt(url) }
  })

  /** It is done and the answer lost, or it is not done; asked again, somebody’s object is there. fake-gcs-server compares no such condition. */
  const chooseDoubt = (path: string, isMade: boolean): void => {
    let asked = 0
    proxy.choose(({ target }) => {
      if (!target.includes(path)) return null
      asked += 1
      if (asked > 1) return refuse(412, 'conditionNotMet')
      return isMade ? { kind: 'lose-answer' } : refuse(503, 'backendError')
    })
  }

  const failsWith = (fault: StoreFault, promise: Promise<unknown>): Promise<StoreError> =>
    failsTelling(fault, promise, { secrets: [], shape: /Bearer|PRIVATE KEY|eyJ/ })

  check(
    'one that is busy is asked again, and one that stays so acknowledges nothing',
    async (o) => {
      const busy = refuse(503, 'backendError', 'busy', { 'retry-after': '0' })
      proxy.choose((_request, number) => (number <= 2 ? busy : null))
      assert.equal(await write(o.blobs), 50_000)
      proxy.choose(() => refuse(503, 'backendError'))
      const error = await failsWith('unavailable', o.blobs.write('BBBBBBBB', noBytes(), FREELY))
      assert.match(error.message, /503 backendError/)
      assert.equal((await listAll(o.direct)).length, 1)
    },
  )

  check('a write whose answer is lost is one write', async ({ blobs, direct }) => {
    proxy.choose((request, number) =>
      isPost(request) && number === 1 ? { kind: 'lose-answer' } : null,
    )
    assert.equal(await write(blobs), 50_000)
    assert.equal((await listAll(direct)).length, 1)
  })

  for (const kind of ['lose-answer', 'cut-request'] as const) {
    check(`a chunk of which "${kind}" is sent as far as it is missing`, async (opened) => {
      let faults = 0
      let kept = 0
      proxy.choose((request) => {
        if (request.headers['content-range'] === 'bytes */*') return sayKept(kept)
        if (!isChunk(request)) return null
        const isFaulty = faults < 2
        faults += isFaulty ? 1 : 0
        if (!isFaulty || kind === 'lose-answer') kept = endOfChunk(request)
        return isFaulty ? { kind } : null
      })
      const bytes = sampleBytes(LARGE_BYTES)
      assert.equal(await write(opened.blobs, bytes), LARGE_BYTES)
      assert.equal(faults, 2)
      assert.ok((await readAll(await opened.direct.open(ID, null, signal))).equals(bytes))
    })
  }

  check('a write on a condition is one’s own, asked twice', ({ store }) =>
    holdsOwnForOwn({ proxy, store, isWrite: isPost }, sampleBytes(50_000)),
  )

  check('parts put together on a condition are one’s own, asked twice', async ({ store }) => {
    const { uploads } = store
    const putTogether = async (body: string, isMade: boolean): Promise<StoredObject | null> => {
      const upload = { key: 'key', uploadId: await uploads.create('key', NO_HEADERS) }
      const sent: StoredPart[] = []
      for (const [at, text] of [`a ${body}`, `and ${body}`].entries()) {
        const part = { number: at + 1, size: text.length, signal }
        const written = await uploads.writePart(upload, part, inChunks(Buffer.from(text), 100))
        assert.ok(written !== null)
        sent.push(written)
      }
      chooseDoubt('/compose', isMade)
      return uploads.complete(upload, sent, { kind: 'absent' })
    }
    const made = await putTogether('first', true)
    proxy.choose(() => null)
    assert.equal(made?.etag, (await store.stat('key'))?.etag)
    await rejectsWith('conflict', putTogether('other', false))
  })

  check('a copy on a condition is one’s own, asked twice', async ({ store }) => {
    const condition = { kind: 'absent' } as const
    const writing = { size: null, headers: NO_HEADERS, condition, signal }
    await store.write('from', inChunks(sampleBytes(50_000), 9_000), writing)
    const copying = { headers: null, etag: null, condition, signal }
    chooseDoubt('/rewriteTo/', true)
    const made = await store.copy('from', 'to', copying)
    assert.equal(made?.etag, (await store.stat('to'))?.etag)
    await store.delete('to')
    chooseDoubt('/rewriteTo/', false)
    await rejectsWith('conflict', store.copy('from', 'to', copying))
  })

  check('a write that is acknowledged and not there is not acknowledged', async (opened) => {
    const resource = { kind: 'storage#object', name: 'x', size: '50000', generation: '1' }
    proxy.choose((request) =>
      isPost(request) ? { kind: 'say', status: 200, body: JSON.stringify(resource) } : null,
    )
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
      proxy.choose((request) => (isMedia(request) ? fault : null))
      await failsWith('corrupt', opened.blobs.open(ID, range, signal).then(readAll))
    }
    proxy.choose((request) =>
      isMedia(request) ? { kind: 'change-headers', headers: { 'x-goog-generation': '7' } } : null,
    )
    await failsWith('conflict', opened.blobs.open(ID, range, signal).then(readAll))
    let cuts = 0
    proxy.choose((request) => {
      cuts += isMedia(request) ? 1 : 0
      return isMedia(request) && cuts === 1 ? { kind: 'cut-answer', afterBytes: 10_000 } : null
    })
    const read = await readAll(await opened.blobs.open(ID, null, signal))
    assert.ok(read.equals(sampleBytes(50_000)))
  })

  check('a list that is no list is none', async ({ blobs }) => {
    for (const body of [
      '<!DOCTYPE a [<!ENTITY b "c">]><html/>',
      '{"kind":"storage#objects","items":[',
      '{"kind":"storage#object"}',
      '{"kind":"storage#objects","items":[{"name":"elsewhere","size":"1","generation":"1"}]}',
    ]) {
      proxy.choose(() => ({ kind: 'say', status: 200, body }))
      const error = await failsWith('unavailable', listAll(blobs))
      assert.match(error.message, /answers with JSON that|neither name, size nor generation/)
    }
  })

  check('an upload that goes on elsewhere goes on here', async ({ blobs }) => {
    const elsewhere = await startFaultyStore(gcs.origin)
    proxy.choose(({ target }) =>
      target.includes('uploadType=resumable') && !target.includes('upload_id')
        ? {
            kind: 'change-headers',
            headers: { location: `${elsewhere.origin}/stolen?upload_id=1` },
          }
        : null,
    )
    const error = await failsWith('unavailable', write(blobs, sampleBytes(LARGE_BYTES)))
    assert.match(error.message, /does not say where it goes on/)
    proxy.choose(() => ({
      kind: 'say',
      status: 307,
      headers: { location: `${elsewhere.origin}/stolen` },
    }))
    assert.match((await failsWith('unavailable', write(blobs))).message, /sends requests elsewhere/)
    assert.deepEqual(elsewhere.seen, [])
    await elsewhere.close()
  })

  check('refusals are said in words of one’s own', async ({ blobs }) => {
    const { accessKeyId } = SERVICE_ACCOUNT
    const refusals: readonly (readonly [Fault, StoreFault, RegExp])[] = [
      [refuse(401, 'authError'), 'refused', /refuses the credentials/],
      [refuse(403, 'forbidden', `${accessKeyId} may not`), 'refused', /refuses the credentials/],
      [
        refuse(404, 'notFound', 'The specified bucket does not exist.'),
        'refused',
        /there is no such bucket/,
      ],
      [refuse(413, 'uploadTooLarge'), 'full', /has no room/],
      [refuse(400, `${accessKeyId} is wrong`), 'unavailable', /answers 400\.$/],
    ]
    for (const [fault, kind, words] of refusals) {
      proxy.choose(() => fault)
      assert.match((await failsWith(kind, write(blobs))).message, words)
    }
  })

  check('parts lie where nobody is let in, and many become one', async ({ store }) => {
    const { uploads } = store
    const upload = { key: 'key', uploadId: await uploads.create('key', NO_HEADERS) }
    const sent = []
    for (let number = 1; number <= 40; number += 1) {
      const bytes = Buffer.from(`part ${number};`)
      const part = { number, size: bytes.length, signal }
      const written = await uploads.writePart(upload, part, inChunks(bytes, 100))
      assert.ok(written !== null)
      sent.push(written)
    }
    const all = { prefix: '', delimiter: null, after: '', limit: 100 }
    assert.deepEqual((await store.list(all)).objects, [])
    const own = '.hallpass-parts/x'
    assert.equal(await store.stat(own), null)
    const options = { size: 0, headers: NO_HEADERS, condition: null, signal }
    await rejectsWith('unavailable', store.write(own, noBytes(), options))
    await rejectsWith('unavailable', store.delete(own))
    await uploads.complete(upload, sent, { kind: 'absent' })
    const opened = await store.open('key', { range: null, etag: null, signal })
    assert.ok(opened !== null)
    const text = String(await readAll(opened.reader))
    assert.equal(text, sent.map(({ number }) => `part ${number};`).join(''))
    for await (const left of uploads.leftovers?.list('') ?? []) assert.fail(left.uploadId)
  })
})

/** How much there is, in the words of the protocol: fake-gcs-server takes the question for the end of the upload. */
function sayKept(bytes: number): Fault {
  const headers = bytes === 0 ? {} : { range: `bytes=0-${bytes - 1}` }
  return { kind: 'say', status: 308, headers }
}

function endOfChunk({ headers }: SeenRequest): number {
  return Number(/-(\d+)\//.exec(headers['content-range'] ?? '')?.[1]) + 1
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
