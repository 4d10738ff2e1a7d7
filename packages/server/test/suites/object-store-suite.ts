/** The contract of `ObjectStore`, for every driver over a real server of its kind. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import type {
  ObjectStore,
  StoredHeaders,
  StoredObject,
  WriteOptions,
} from '../../src/stores/object-store.ts'
import { failAfter, inChunks, readAll, rejectsWith, sampleBytes } from './blob-store-suite.ts'

export interface ObjectStoreFixture {
  /** Below a prefix that is empty. */
  readonly store: ObjectStore
  /** What the server cannot do though the protocol says it, each with the reason. */
  readonly lacks?: {
    /** Of many writers on the condition that there is none, more than one may succeed. */
    readonly atomicConditions?: string
    /** Keys under which no bytes are kept. */
    readonly unwrittenKeys?: readonly string[]
    /** A part that was sent again is listed twice. */
    readonly replacedParts?: string
    /** Nobody can tell an upload that ended from one that has no parts yet. */
    readonly endedUploads?: string
    /** What a URL says of the answer is not heeded. */
    readonly responseHeaders?: string
  }
  readonly dispose: () => Promise<void>
}

const NEVER: AbortSignal = new AbortController().signal

export const NO_HEADERS: StoredHeaders = {
  contentType: null,
  contentDisposition: null,
  contentEncoding: null,
  contentLanguage: null,
  cacheControl: null,
  metadata: {},
}

const FREELY: WriteOptions = { size: null, headers: NO_HEADERS, condition: null, signal: NEVER }
const ALL = { range: null, etag: null, signal: NEVER }

/** Keys that every store must take as they are. */
const KEYS = [
  'plain.txt',
  'with space and + plus',
  'per%2Fcent %',
  'grüße/日本/🎫.txt',
  'quotes\'and"more',
  'a&b<c>d',
  'tail/',
  'semi;colon=1?x#y',
  '.hidden',
  'a..b',
]

type Check = (fixture: ObjectStoreFixture) => Promise<void>

export function objectStoreSuite(name: string, create: () => Promise<ObjectStoreFixture>): void {
  function check(title: string, body: Check): void {
    test(title, async () => {
      const fixture = await create()
      try {
        await body(fixture)
      } finally {
        await fixture.store.close()
        await fixture.dispose()
      }
    })
  }
  describe(`${name}: objects`, () => describeObjects(check))
  describe(`${name}: conditions`, () => describeConditions(check))
  describe(`${name}: listing`, () => describeListing(check))
  describe(`${name}: uploads`, () => describeUploads(check))
  describe(`${name}: links`, () => describeLinks(check))
}

type Checks = (title: string, body: Check) => void

function put(store: ObjectStore, key: string, text: string): Promise<StoredObject> {
  const bytes = Buffer.from(text)
  return store.write(key, inChunks(bytes, 7), { ...FREELY, size: bytes.length })
}

async function get(store: ObjectStore, key: string): Promise<string> {
  const opened = await store.open(key, ALL)
  assert.ok(opened !== null, `there is no ${key}`)
  return String(await readAll(opened.reader))
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function describeObjects(check: Checks): void {
  for (const size of [0, 1, 100_000, 8 * 1024 * 1024, 17_000_001]) {
    for (const isKnown of [true, false]) {
      const title = `${size} bytes ${isKnown ? 'of known size' : 'of unknown size'} come back`
      check(title, async ({ store }) => {
        const bytes = sampleBytes(size)
        const options = { ...FREELY, size: isKnown ? size : null }
        const written = await store.write('some/key', inChunks(bytes, 60_000), options)
        assert.equal(written.size, size)
        const opened = await store.open('some/key', ALL)
        assert.ok(opened !== null)
        assert.equal(opened.head.size, size)
        assert.equal(opened.head.etag, written.etag)
        assert.equal(digest(await readAll(opened.reader)), digest(bytes))
        const head = await store.stat('some/key')
        assert.equal(head?.etag, written.etag)
        assert.equal(head?.size, size)
        assert.ok((head?.modifiedAt ?? 0) > 1_500_000_000_000)
      })
    }
  }

  check('what is kept with an object comes back with it', async ({ store }) => {
    const headers: StoredHeaders = {
      contentType: 'text/plain; charset=utf-8',
      contentDisposition: 'attachment; filename="a b.txt"',
      contentEncoding: 'identity',
      contentLanguage: 'de, en',
      cacheControl: 'private, max-age=60',
      metadata: { colour: 'blue', 'two-words': 'grüße aus Köln' },
    }
    await store.write('key', inChunks(Buffer.from('x'), 1), { ...FREELY, headers })
    const head = await store.stat('key')
    assert.ok(head !== null)
    const { contentType, contentDisposition, contentLanguage, cacheControl, metadata } = head
    const { contentEncoding: _left, ...kept } = headers
    assert.deepEqual(
      { contentType, contentDisposition, contentLanguage, cacheControl, metadata },
      kept,
    )
  })

  check('a range is exact, and says how long the whole is', async ({ store }) => {
    await put(store, 'key', '0123456789')
    for (const [start, end] of [
      [0, 0],
      [3, 6],
      [9, 9],
      [0, 9],
    ] as const) {
      const opened = await store.open('key', { ...ALL, range: { start, end } })
      assert.ok(opened !== null)
      assert.equal(String(await readAll(opened.reader)), '0123456789'.slice(start, end + 1))
      assert.equal(opened.head.size, 10)
    }
  })

  check('what is not there is null, and may be deleted', async ({ store }) => {
    assert.equal(await store.stat('nothing'), null)
    assert.equal(await store.open('nothing', ALL), null)
    await store.delete('nothing')
    await put(store, 'key', 'x')
    await store.delete('key')
    await store.delete('key')
    assert.equal(await store.stat('key'), null)
  })

  check('any key is taken as it is', async ({ store, lacks = {} }) => {
    const keys = KEYS.filter((key) => lacks.unwrittenKeys?.includes(key) !== true)
    for (const key of keys) await put(store, key, key)
    for (const key of keys) assert.equal(await get(store, key), key)
    const { objects } = await store.list({ prefix: '', delimiter: null, after: '', limit: 100 })
    assert.deepEqual(objects.map(({ key }) => key).toSorted(), keys.toSorted())
  })

  check('a copy is the source, with its headers or with others', async ({ store }) => {
    const headers = { ...NO_HEADERS, contentType: 'text/plain', metadata: { a: '1' } }
    await store.write('from', inChunks(Buffer.from('text'), 4), { ...FREELY, headers })
    const plain = { headers: null, etag: null, condition: null, signal: NEVER }
    const copied = await store.copy('from', 'to/same', plain)
    assert.equal(copied?.size, 4)
    assert.equal((await store.stat('to/same'))?.metadata['a'], '1')
    const others = { ...NO_HEADERS, contentType: 'text/html', metadata: { b: '2' } }
    await store.copy('from', 'to/other', { ...plain, headers: others })
    const head = await store.stat('to/other')
    assert.equal(head?.contentType, 'text/html')
    assert.deepEqual(head?.metadata, { b: '2' })
    assert.equal(await get(store, 'to/other'), 'text')
    assert.equal(await store.copy('nothing', 'to/none', plain), null)
  })

  check('a body that fails writes nothing', async ({ store }) => {
    for (const at of [0, 100_000, 9_000_000]) {
      const body = failAfter(sampleBytes(at), new Error('the client went away'))
      await assert.rejects(store.write('key', body, FREELY), /the client went away/)
      assert.equal(await store.stat('key'), null)
    }
    for await (const { uploadId } of store.uploads.leftovers?.list('') ?? []) assert.fail(uploadId)
  })

  check('an abort ends a read', async ({ store }) => {
    await store.write('key', inChunks(sampleBytes(9_000_000), 60_000), FREELY)
    const abort = new AbortController()
    const opened = await store.open('key', { ...ALL, signal: abort.signal })
    assert.ok(opened !== null)
    await opened.reader.readInto(Buffer.alloc(1000))
    abort.abort(new Error('enough'))
    await assert.rejects(readAll(opened.reader), /enough/)
  })
}

function describeConditions(check: Checks): void {
  check('what must be absent is not written over', async ({ store }) => {
    const absent = { ...FREELY, condition: { kind: 'absent' } } as const
    await store.write('key', inChunks(Buffer.from('first'), 5), absent)
    await rejectsWith('conflict', store.write('key', inChunks(Buffer.from('later'), 5), absent))
    assert.equal(await get(store, 'key'), 'first')
  })

  check('what must be the one with an ETag is not written over another', async ({ store }) => {
    const first = await put(store, 'key', 'first')
    const on = (etag: string): WriteOptions => ({ ...FREELY, condition: { kind: 'etag', etag } })
    const second = await store.write('key', inChunks(Buffer.from('second'), 6), on(first.etag))
    const stale = store.write('key', inChunks(Buffer.from('third'), 5), on(first.etag))
    await rejectsWith('conflict', stale)
    assert.equal(await get(store, 'key'), 'second')
    assert.notEqual(second.etag, first.etag)
  })

  check('of many that write what must be absent one succeeds', async ({ store, lacks = {} }) => {
    if (lacks.atomicConditions !== undefined) return
    const texts = Array.from({ length: 8 }, (_, index) => `writer ${index}`)
    const absent = { ...FREELY, condition: { kind: 'absent' } } as const
    const results = await Promise.allSettled(
      texts.map((text) => store.write('key', inChunks(Buffer.from(text), 4), absent)),
    )
    const winners = texts.filter((_, index) => results[index]?.status === 'fulfilled')
    assert.deepEqual(winners, [await get(store, 'key')])
  })

  check('a read on an ETag fails when it is another object by now', async ({ store }) => {
    const first = await put(store, 'key', 'first')
    const on = { ...ALL, etag: first.etag }
    assert.ok((await store.open('key', on)) !== null)
    await put(store, 'key', 'second')
    await rejectsWith('conflict', store.open('key', on))
  })
}

function describeListing(check: Checks): void {
  check('a list goes by prefix, in byte order, page by page', async ({ store }) => {
    const keys = ['a', 'b/1', 'b/2', 'b/3', 'b0', 'B', 'c/d/e', 'c/f', 'ä']
    for (const key of keys) await put(store, key, key)
    const found: string[] = []
    for (let after = ''; ;) {
      const page = await store.list({ prefix: '', delimiter: null, after, limit: 4 })
      assert.ok(page.objects.length <= 4)
      found.push(...page.objects.map(({ key }) => key))
      if (page.isLast) break
      after = found.at(-1) ?? ''
    }
    const inOrder = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    assert.deepEqual(found, inOrder)
    const below = await store.list({ prefix: 'b/', delimiter: null, after: 'b/1', limit: 10 })
    assert.deepEqual(
      below.objects.map(({ key, size }) => [key, size]),
      [
        ['b/2', 3],
        ['b/3', 3],
      ],
    )
  })

  check('keys behind a delimiter are rolled up, once each, over all pages', async ({ store }) => {
    for (const key of ['a/1', 'a/2', 'b', 'c/1', 'd']) await put(store, key, key)
    const objects: string[] = []
    const prefixes: string[] = []
    for (let after = ''; ;) {
      const page = await store.list({ prefix: '', delimiter: '/', after, limit: 2 })
      objects.push(...page.objects.map(({ key }) => key))
      prefixes.push(...page.prefixes)
      if (page.isLast) break
      after = [page.objects.at(-1)?.key ?? '', page.prefixes.at(-1) ?? ''].toSorted().at(-1) ?? ''
    }
    assert.deepEqual(objects, ['b', 'd'])
    assert.deepEqual(prefixes, ['a/', 'c/'])
  })
}

function describeUploads(check: Checks): void {
  check('an upload is the parts that complete it', async ({ store, lacks = {} }) => {
    const { uploads } = store
    const first = sampleBytes(Math.max(uploads.minPartBytes, 6_000_000))
    const second = Buffer.from('the end')
    const uploadId = await uploads.create('key', { ...NO_HEADERS, contentType: 'text/csv' })
    const upload = { key: 'key', uploadId }
    const send = (number: number, bytes: Uint8Array): ReturnType<typeof uploads.writePart> =>
      uploads.writePart(
        upload,
        { number, size: bytes.length, signal: NEVER },
        inChunks(bytes, 60_000),
      )
    const one = await send(1, first)
    if (lacks.replacedParts === undefined) await send(2, Buffer.from('to be written over'))
    const two = await send(2, second)
    assert.ok(one !== null && two !== null)
    assert.deepEqual(
      (await uploads.listParts('key', uploadId))?.map(({ number, size }) => [number, size]),
      [
        [1, first.length],
        [2, second.length],
      ],
    )
    assert.equal(await store.stat('key'), null)
    const made = await uploads.complete(upload, [one, two], null)
    assert.equal(made?.size, first.length + second.length)
    const opened = await store.open('key', ALL)
    assert.ok(opened !== null)
    assert.equal(opened.head.contentType, 'text/csv')
    assert.equal(digest(await readAll(opened.reader)), digest(Buffer.concat([first, second])))
    const again = await uploads.complete(upload, [one, two], null)
    assert.ok(again === null || again.etag === made?.etag)
  })

  check('uploads that nobody completed are found and given up', async ({ store: { uploads } }) => {
    const { leftovers } = uploads
    if (leftovers === null) return
    const ids = [
      await uploads.create('a/1', NO_HEADERS),
      await uploads.create('a/2', NO_HEADERS),
      await uploads.create('b/3', NO_HEADERS),
    ]
    const listed = async (prefix: string): Promise<string[]> => {
      const found: string[] = []
      for await (const { key, startedAt } of leftovers.list(prefix)) {
        assert.ok(startedAt > 1_500_000_000_000)
        found.push(key)
      }
      return found.toSorted()
    }
    assert.deepEqual(await listed(''), ['a/1', 'a/2', 'b/3'])
    assert.deepEqual(await listed('a/'), ['a/1', 'a/2'])
    await leftovers.abort('a/1', ids[0] ?? '')
    await leftovers.abort('a/1', ids[0] ?? '')
    assert.deepEqual(await listed(''), ['a/2', 'b/3'])
  })

  check('an upload that is not known is null', async ({ store: { uploads }, lacks = {} }) => {
    const uploadId = await uploads.create('key', NO_HEADERS)
    await uploads.leftovers?.abort('key', uploadId)
    const upload = { key: 'key', uploadId }
    if (lacks.endedUploads === undefined) {
      assert.equal(await uploads.listParts('key', uploadId), null)
      const part = { number: 1, size: 1, signal: NEVER }
      assert.equal(await uploads.writePart(upload, part, inChunks(Buffer.from('x'), 1)), null)
    }
    const parts = [{ number: 1, etag: '00000000000000000000000000000000', size: 1 }]
    assert.equal(await uploads.complete(upload, parts, null), null)
  })
}

function describeLinks(check: Checks): void {
  check(
    'a link reads with no other credentials, and says what it is told',
    async ({ store, lacks = {} }) => {
      if (store.sign === null) return
      await put(store, 'some key', 'for whoever has the link')
      const url = await store.sign('some key', {
        expiresInSeconds: 60,
        responseContentType: 'text/x-special',
        responseContentDisposition: 'attachment; filename="x.txt"',
      })
      const answer = await fetch(url)
      assert.equal(answer.status, 200)
      assert.equal(await answer.text(), 'for whoever has the link')
      if (lacks.responseHeaders === undefined) {
        assert.match(answer.headers.get('content-type') ?? '', /^text\/x-special/)
        assert.match(answer.headers.get('content-disposition') ?? '', /x\.txt/)
      }
      const other = new URL(url)
      other.pathname = other.pathname.replace('some', 'other')
      const refused = await fetch(other)
      await refused.text()
      assert.ok(refused.status >= 400)
    },
  )

  check('a link writes what it was made for', async ({ store }) => {
    if (store.signWrite === null) return
    const link = {
      expiresInSeconds: 60,
      contentType: 'text/plain',
      contentLength: 5,
    } as const
    const url = await store.signWrite('uploaded', link)
    const send = (body: string): Promise<Response> =>
      fetch(url, { method: 'PUT', body, headers: { 'content-type': 'text/plain' } })
    const tooLong = await send('more than five')
    await tooLong.text()
    assert.ok(tooLong.status >= 400)
    assert.equal(await store.stat('uploaded'), null)
    const answer = await send('5 exa')
    await answer.text()
    assert.ok(answer.ok)
    assert.equal(await get(store, 'uploaded'), '5 exa')
  })
}
