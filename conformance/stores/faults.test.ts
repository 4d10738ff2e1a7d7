/**
 * An object store that misbehaves: nothing is acknowledged that is not there, nothing wrong is taken for right, no secret is told, and
 * everything works again by itself.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { DAY_MS } from '../../packages/server/src/platform/durations.ts'
import type { StoreError, StoreFault } from '../../packages/server/src/platform/store-errors.ts'
import { openS3StoreAt, startOwnServer } from '../../packages/server/test/stores/s3/s3-fixture.ts'
import type { OwnServer } from '../../packages/server/test/stores/s3/s3-fixture.ts'
import {
  inChunks,
  listAll,
  readAll,
  sampleBytes,
} from '../../packages/server/test/suites/blob-store-suite.ts'
import { NO_HEADERS } from '../../packages/server/test/suites/object-store-suite.ts'
import { startFaultyStore } from '../lib/faulty-store.ts'
import type { Fault, FaultyStore, SeenRequest } from '../lib/faulty-store.ts'
import {
  createCheck,
  failsWith as failsTelling,
  ID,
  LARGE_BYTES,
  signal,
  write,
} from './misbehaving.ts'

const slowDown = (headers = {}): Fault => ({
  kind: 'say',
  status: 503,
  headers,
  body: '<Error><Code>SlowDown</Code><Message>less</Message></Error>',
})
const refuse = (status: number, code: string, headers = {}): Fault => ({
  kind: 'say',
  status,
  headers,
  body: `<Error><Code>${code}</Code></Error>`,
})
const isPut = ({ method }: SeenRequest): boolean => method === 'PUT'
const isGet = ({ method }: SeenRequest): boolean => method === 'GET'

describe('a store that misbehaves', () => {
  let own: OwnServer
  let proxy: FaultyStore

  before(async () => {
    own = await startOwnServer()
    proxy = await startFaultyStore(own.origin)
  })
  after(async () => {
    await proxy.close()
    await own.server.stop()
  })

  const check = createCheck(() => {
    const path = `s3://${own.bucket}/${randomBytes(6).toString('hex')}`
    const limits = { patienceMs: 60_000 }
    const store = openS3StoreAt(own, `${path}?endpoint=${proxy.origin}`, limits)
    return { proxy, store, direct: openS3StoreAt(own, `${path}?endpoint=${own.origin}`) }
  })

  const failsWith = (fault: StoreFault, promise: Promise<unknown>): Promise<StoreError> =>
    failsTelling(fault, promise, {
      secrets: [own.credentials.secretAccessKey, own.credentials.accessKeyId],
      shape: /Signature=|AWS4-HMAC/i,
    })

  check('one that is slowed down is asked again', async ({ blobs, direct }) => {
    proxy.choose((_request, number) => (number <= 2 ? slowDown({ 'retry-after': '0' }) : null))
    assert.equal(await write(blobs), 50_000)
    assert.equal((await direct.stat(ID))?.size, 50_000)
  })

  check('one that is slowed down for good acknowledges nothing', async ({ blobs, direct }) => {
    proxy.choose(() => slowDown())
    const error = await failsWith('unavailable', write(blobs))
    assert.match(error.message, /503 SlowDown/)
    assert.deepEqual(await listAll(direct), [])
  })

  check('one that wants to be left alone for an hour is not waited for', async ({ blobs }) => {
    const before = proxy.seen.length
    proxy.choose(() => slowDown({ 'retry-after': '3600' }))
    await failsWith('unavailable', blobs.stat(ID))
    assert.equal(proxy.seen.length, before + 1)
  })

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
      assert.equal((await listAll(opened.direct)).length, 1)
      const read = await readAll(await opened.direct.open(ID, null, signal))
      assert.ok(read.equals(sampleBytes(bytes)))
    })
  }

  for (const bytes of [50_000, LARGE_BYTES]) {
    check(
      `connections that break in the middle of ${bytes} bytes are made anew`,
      async (opened) => {
        let cuts = 0
        proxy.choose((request) => {
          if (!isPut(request) || cuts === 2) return null
          cuts += 1
          return { kind: 'cut-request' }
        })
        assert.equal(await write(opened.blobs, sampleBytes(bytes)), bytes)
        const read = await readAll(await opened.direct.open(ID, null, signal))
        assert.ok(read.equals(sampleBytes(bytes)))
        assert.equal(cuts, 2)
      },
    )
  }

  check('what somebody wrote under the same id is not taken for one’s own', async (opened) => {
    await write(opened.direct, Buffer.from('the first'))
    proxy.choose((request, number) =>
      isPut(request) && number === 1 ? { kind: 'lose-answer' } : null,
    )
    await failsWith('conflict', write(opened.blobs, Buffer.from('the other')))
    const kept = await readAll(await opened.direct.open(ID, null, signal))
    assert.equal(String(kept), 'the first')
  })

  check('a copy over another object is not left to a store that may not look', async (opened) => {
    const { store } = opened
    const options = { headers: NO_HEADERS, condition: null, size: null, signal }
    for (const key of ['from', 'to']) {
      await store.write(key, inChunks(Buffer.from(key), 4), options)
    }
    const body = '<CopyObjectResult><ETag>"1"</ETag></CopyObjectResult>'
    const done: Fault = { kind: 'say', status: 200, body }
    proxy.choose(({ headers }) => (headers['x-amz-copy-source'] === undefined ? null : done))
    for (const condition of [{ kind: 'etag', etag: '0123' }, { kind: 'absent' }] as const) {
      const copying = { headers: null, etag: null, condition, signal }
      await failsWith('conflict', store.copy('from', 'to', copying))
    }
  })

  check('what has no date is never taken for old', async ({ blobs, store }) => {
    await write(blobs)
    await store.uploads.create('blobs/00/BBBBBBBBBBBBBBBB', NO_HEADERS)
    const undated = (body: Buffer): Buffer =>
      Buffer.from(String(body).replaceAll(/<(LastModified|Initiated)>[^<]*/g, '<$1>'))
    proxy.choose(() => ({ kind: 'change', body: undated }))
    const [listed] = await listAll(blobs)
    assert.equal(listed?.writtenAtMs, Number.POSITIVE_INFINITY)
    assert.equal(await blobs.removeLeftovers(Date.now() + 9 * DAY_MS), 0)
    assert.equal(await blobs.removeLeftovers(Number.POSITIVE_INFINITY), 1)
  })

  check('a write that is acknowledged and not there is not acknowledged', async (opened) => {
    const said: Fault = { kind: 'say', status: 200, headers: { etag: '"0123"' } }
    proxy.choose((request) => (isPut(request) ? said : null))
    const error = await failsWith('unavailable', write(opened.blobs))
    assert.match(error.message, /took a blob of 50000 bytes and has nothing in its place/)
  })

  check('an upload that says 200 and an error is no object', async (opened) => {
    const said: Fault = {
      kind: 'say',
      status: 200,
      body: '<?xml version="1.0"?>\n\n  <Error><Code>InternalError</Code></Error>',
    }
    proxy.choose(({ method, target }) =>
      method === 'POST' && target.includes('uploadId=') ? said : null,
    )
    await failsWith('unavailable', write(opened.blobs, sampleBytes(LARGE_BYTES)))
    assert.deepEqual(await listAll(opened.direct), [])
    assert.equal(await opened.direct.removeLeftovers(Number.MAX_SAFE_INTEGER), 0)
  })

  check('an ETag that is not the MD5 is an ETag', async (opened) => {
    proxy.choose(() => ({ kind: 'change-headers', headers: { etag: '"some-other-thing"' } }))
    assert.equal(await write(opened.blobs), 50_000)
    assert.equal((await readAll(await opened.blobs.open(ID, null, signal))).length, 50_000)
  })

  check('a read that breaks off goes on where it broke', async (opened) => {
    await write(opened.direct, sampleBytes(1_000_000))
    let cuts = 0
    proxy.choose((request) => {
      cuts += 1
      return isGet(request) && cuts <= 4 ? { kind: 'cut-answer', afterBytes: 100_000 } : null
    })
    const read = await readAll(await opened.blobs.open(ID, null, signal))
    assert.ok(read.equals(sampleBytes(1_000_000)))
    assert.equal(cuts, 5)
  })

  check('a read that breaks off again and again fails', async (opened) => {
    await write(opened.direct, sampleBytes(1_000_000))
    proxy.choose((request) => (isGet(request) ? { kind: 'cut-answer', afterBytes: 0 } : null))
    await failsWith('unavailable', opened.blobs.open(ID, null, signal).then(readAll))
  })

  check('a read of which another object comes to an end is no read', async (opened) => {
    await write(opened.direct, sampleBytes(1_000_000))
    let number = 0
    proxy.choose((request) => {
      if (!isGet(request)) return null
      number += 1
      return number === 1
        ? { kind: 'cut-answer', afterBytes: 100_000 }
        : refuse(412, 'PreconditionFailed')
    })
    await failsWith('conflict', opened.blobs.open(ID, null, signal).then(readAll))
  })

  check('a body that is shorter than the range is corrupt', async (opened) => {
    await write(opened.direct)
    proxy.choose((request) =>
      isGet(request) ? { kind: 'change', body: (body) => body.subarray(0, 10) } : null,
    )
    const range = { start: 0, end: 49_999 }
    await failsWith('corrupt', opened.blobs.open(ID, range, signal).then(readAll))
  })

  check('a body that is longer than the range is corrupt', async (opened) => {
    await write(opened.direct)
    proxy.choose((request) =>
      isGet(request) ? { kind: 'change', body: (body) => Buffer.concat([body, body]) } : null,
    )
    const range = { start: 10, end: 19 }
    await failsWith('corrupt', opened.blobs.open(ID, range, signal).then(readAll))
  })

  check('the whole in place of a range is corrupt', async (opened) => {
    await write(opened.direct)
    proxy.choose((request) =>
      isGet(request) ? { kind: 'say', status: 200, body: 'x'.repeat(50_000) } : null,
    )
    await failsWith('corrupt', opened.blobs.open(ID, { start: 10, end: 19 }, signal).then(readAll))
  })

  for (const [what, body] of [
    ['a document type', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><ListBucketResult/>'],
    ['no end', '<ListBucketResult><Contents>'],
    ['another root', '<html>a page of a proxy</html>'],
    ['far too much in it', `<ListBucketResult>${'<Contents/>'.repeat(70_000)}</ListBucketResult>`],
  ] as const) {
    check(`a list with ${what} is no list`, async ({ blobs }) => {
      proxy.choose(() => ({ kind: 'say', status: 200, body }))
      const error = await failsWith('unavailable', listAll(blobs))
      assert.match(error.message, /answers with XML that/)
    })
  }

  check('a redirect to another host is not followed', async ({ blobs }) => {
    const elsewhere = await startFaultyStore(own.origin)
    const location = `${elsewhere.origin}/stolen`
    proxy.choose(() => ({ kind: 'say', status: 307, headers: { location } }))
    const error = await failsWith('unavailable', write(blobs))
    assert.match(error.message, /sends requests elsewhere/)
    assert.deepEqual(elsewhere.seen, [])
    await elsewhere.close()
  })

  check('clocks that differ are said by how much', async ({ blobs }) => {
    const date = new Date(Date.now() - 3_600_000).toUTCString()
    proxy.choose(() => refuse(403, 'RequestTimeTooSkewed', { date }))
    const error = await failsWith('refused', write(blobs))
    assert.match(error.message, /differ by 3[56]\d\d seconds/)
  })

  check('what a refusal repeats of the request is not told', async ({ blobs }) => {
    const { accessKeyId, secretAccessKey } = own.credentials
    proxy.choose(({ headers }) => ({
      kind: 'say',
      status: 403,
      headers: { 'x-amz-request-id': secretAccessKey },
      body: `<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>${accessKeyId}</AWSAccessKeyId><StringToSign>${headers.authorization}</StringToSign></Error>`,
    }))
    const error = await failsWith('refused', write(blobs))
    assert.match(error.message, /refuses the credentials or what they may do/)
  })

  check('a code that is no code is not repeated', async ({ blobs }) => {
    proxy.choose(() => refuse(400, `${own.credentials.secretAccessKey} is wrong`))
    const error = await failsWith('unavailable', write(blobs))
    assert.match(error.message, /answers 400\.$/)
  })

  check('a store that is full says so', async ({ blobs }) => {
    proxy.choose((request) => (isPut(request) ? refuse(507, 'InsufficientStorage') : null))
    await failsWith('full', write(blobs))
  })

  check('a bucket that is gone is not a blob that is gone', async ({ blobs }) => {
    proxy.choose((request) => (isGet(request) ? refuse(404, 'NoSuchBucket') : null))
    await failsWith('refused', blobs.open(ID, null, signal))
  })

  test('a store that takes a request and says nothing is given up', async () => {
    const url = `s3://${own.bucket}/silent?endpoint=${proxy.origin}`
    const store = openS3StoreAt(own, url, { patienceMs: 50, attempts: 2 })
    proxy.choose(() => ({ kind: 'say-nothing' }))
    const error = await failsWith('unavailable', store.stat('key'))
    assert.match(error.message, /does not answer \(ETIMEDOUT\)/)
    await store.close()
  })

  test('nobody at the address is a store that does not answer', async () => {
    const gone = await startFaultyStore(own.origin)
    await gone.close()
    const store = openS3StoreAt(own, `s3://${own.bucket}/gone?endpoint=${gone.origin}`)
    const error = await failsWith('unavailable', store.stat('key'))
    assert.match(error.message, /does not answer \(ECONNREFUSED\)/)
    await store.close()
  })
})
