/**
 * What every library is asked to do, and what must be seen when it has done so. A client reports for each check what it
 * saw; bytes and listings are looked at again without it.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { presign } from '../../lib/clients.ts'
import type { RunningServer } from '../../lib/start-server.ts'
import type { ClientPlan } from './client-plan.ts'
import { digestOfObject, listKeys } from './digests.ts'
import { contentOfKey, NASTY_COUNT, patternOf, sha256Of, SIZE_NAMES } from './payloads.ts'

export interface CheckContext {
  readonly server: RunningServer
  readonly plan: ClientPlan
}

export interface LibraryCheck {
  readonly title: string
  /** `saw` is what the client printed. */
  readonly verify: (saw: unknown, context: CheckContext) => Promise<void> | void
}

const PAGE_KEYS = Array.from(
  { length: 25 },
  (_, index) => `pages/${String(index).padStart(2, '0')}`,
)

function sizeCheck(name: string): [string, LibraryCheck] {
  return [
    `size ${name}`,
    {
      title: `puts and gets ${name}`,
      verify: async (saw, { server, plan }) => {
        const file = plan.sizes.find((candidate) => candidate.name === name)
        assert.ok(file !== undefined)
        assert.deepEqual(saw, { sha256: file.sha256, bytes: file.bytes })
        assert.equal(await digestOfObject(server, 'sizes', name), file.sha256)
      },
    },
  ]
}

function stringOf(saw: unknown): string {
  assert.equal(typeof saw, 'string', `the client printed ${JSON.stringify(saw)}`)
  return String(saw)
}

async function verifyNasty(saw: unknown, { server, plan }: CheckContext): Promise<void> {
  assert.deepEqual(saw, [], 'the client prints the keys that failed, with what went wrong')
  assert.equal(plan.nasty.length, NASTY_COUNT)
  for (const { key, content } of plan.nasty) {
    const digest = await digestOfObject(server, 'nasty', key)
    assert.equal(digest, sha256Of(content), JSON.stringify(key))
  }
}

async function verifyForm(saw: unknown, { server }: CheckContext): Promise<void> {
  const { url, fields } = saw as { url: string; fields: Record<string, string> }
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob(['through the form']), 'form.txt')
  const response = await fetch(url, { method: 'POST', body: form })
  assert.equal(response.status, 204, await response.text())
  const digest = await digestOfObject(server, 'work', 'posted é.txt')
  assert.equal(digest, sha256Of('through the form'))
}

const CHECKS = {
  buckets: {
    title: 'makes, finds, lists and removes a bucket',
    verify: async (saw, { server }) => {
      assert.deepEqual(saw, ['cleared', 'made-here', 'nasty', 'sizes', 'versioned', 'work'])
      const gone = await fetch(presign(server, 'HEAD', 'made-here'), { method: 'HEAD' })
      assert.equal(gone.status, 404)
    },
  },
  ...Object.fromEntries(SIZE_NAMES.map(sizeCheck)),
  range: {
    title: 'gets a range',
    verify: (saw) => {
      assert.equal(saw, contentOfKey('pages/00').slice(5, 15))
    },
  },
  metadata: {
    title: 'reads back content type and metadata',
    verify: (saw) => {
      assert.deepEqual(saw, {
        contentType: 'text/x-test; charset=utf-8',
        metadata: { colour: 'blue', shade: 'dark green' },
      })
    },
  },
  nasty: { title: `puts and gets ${NASTY_COUNT} nasty keys`, verify: verifyNasty },
  'nasty list': {
    title: `lists ${NASTY_COUNT} nasty keys`,
    verify: (saw, { plan }) => {
      assert.ok(Array.isArray(saw))
      const seen = saw.map(String)
      const expected = plan.nasty.map(({ key }) => key)
      const missing = expected.filter((key) => !seen.includes(key))
      const unexpected = seen.filter((key) => !expected.includes(key))
      assert.deepEqual({ missing, unexpected }, { missing: [], unexpected: [] })
    },
  },
  pages: {
    title: 'lists page by page, with a prefix and a delimiter',
    verify: (saw) => {
      assert.deepEqual(saw, { keys: PAGE_KEYS, prefixes: ['pages/sub/'] })
    },
  },
  'missing key': {
    title: 'knows the error of a key that is not there',
    verify: (saw) => {
      assert.equal(saw, 'NoSuchKey')
    },
  },
  condition: {
    title: 'may not replace with If-None-Match: *',
    verify: (saw) => {
      assert.equal(saw, 'PreconditionFailed')
    },
  },
  checksum: {
    title: 'gets the checksum it sent',
    verify: (saw) => {
      assert.equal(saw, Buffer.from(sha256Of('checked'), 'hex').toString('base64'))
    },
  },
  copy: {
    title: 'copies',
    verify: async (_saw, { server }) => {
      const digest = await digestOfObject(server, 'work', 'copied é.txt')
      assert.equal(digest, sha256Of(contentOfKey('pages/00')))
    },
  },
  'delete one': {
    title: 'deletes',
    verify: async (_saw, { server }) => {
      assert.deepEqual(await listKeys(server, 'work', 'pages/24'), [])
    },
  },
  'delete many': {
    title: 'deletes many at once',
    verify: async (_saw, { server }) => {
      assert.deepEqual(await listKeys(server, 'work', 'doomed/'), [])
    },
  },
  multipart: {
    title: 'uploads parts by hand: 5 MiB and 1 byte, listed and completed',
    verify: async (saw, { server }) => {
      assert.deepEqual(saw, { parts: [5 * 1024 * 1024, 1], etagEnd: '-2"' })
      const digest = await digestOfObject(server, 'work', 'in parts')
      assert.equal(digest, sha256Of(patternOf(5 * 1024 * 1024 + 1)))
    },
  },
  abort: {
    title: 'aborts an upload, and none is left',
    verify: async (saw, { server }) => {
      assert.deepEqual(saw, { before: ['aborted'], after: [] })
      assert.deepEqual(await listKeys(server, 'work', 'aborted'), [])
    },
  },
  tagging: {
    title: 'tags an object',
    verify: (saw) => {
      assert.deepEqual(saw, { project: 'one + two', 'a+b': '' })
    },
  },
  versions: {
    title: 'reads an old version after a delete',
    verify: (saw) => {
      assert.deepEqual(saw, { versions: 2, markers: 1, old: 'first' })
    },
  },
  'presigned get': {
    title: 'presigns GET',
    verify: async (saw) => {
      const response = await fetch(stringOf(saw))
      assert.equal(response.status, 200)
      assert.equal(await response.text(), contentOfKey('pages/01'))
    },
  },
  'presigned put': {
    title: 'presigns PUT',
    verify: async (saw, { server }) => {
      const response = await fetch(stringOf(saw), { method: 'PUT', body: 'through the door' })
      assert.equal(response.status, 200, await response.text())
      const digest = await digestOfObject(server, 'work', 'door é+.txt')
      assert.equal(digest, sha256Of('through the door'))
    },
  },
  'copy in parts': {
    title: 'copies a range of another object as a part',
    verify: async (_saw, { server }) => {
      const digest = await digestOfObject(server, 'work', 'put together')
      const expected = Buffer.concat([
        patternOf(5 * 1024 * 1024 + 1).subarray(1),
        Buffer.from('end'),
      ])
      assert.equal(digest, sha256Of(expected))
    },
  },
  attributes: {
    title: 'gets the attributes of an object',
    verify: (saw) => {
      const etag = createHash('md5').update(contentOfKey('pages/03')).digest('hex')
      assert.deepEqual(saw, { size: contentOfKey('pages/03').length, etag })
    },
  },
  cors: {
    title: 'sets, gets and removes the rules for other origins',
    verify: async (saw, { server }) => {
      assert.deepEqual(saw, {
        rules: [{ AllowedOrigins: ['https://app.example'], AllowedMethods: ['GET', 'PUT'] }],
        after: 'NoSuchCORSConfiguration',
      })
      assert.deepEqual(await listKeys(server, 'cleared'), [])
    },
  },
  'bucket tags': {
    title: 'tags a bucket',
    verify: (saw) => {
      assert.deepEqual(saw, { tags: { team: 'blue' }, after: 'NoSuchTagSet' })
    },
  },
  'delete some': {
    title: 'deletes four at once',
    verify: async (_saw, { server }) => {
      assert.deepEqual(await listKeys(server, 'work', 'pages/2'), ['pages/24'])
    },
  },
  visibility: {
    title: 'sees that a file it wrote is private',
    verify: (saw) => {
      assert.equal(saw, 'private')
    },
  },
  'visibility kept by copy': {
    title: 'copies with the visibility of the source',
    verify: (saw) => {
      assert.equal(saw, contentOfKey('pages/00'))
    },
  },
  keys: {
    title: 'sets, gets and lists',
    verify: (saw) => {
      assert.deepEqual(saw, { keys: ['deep:er:key'], value: 'value', has: false })
    },
  },
  clear: {
    title: 'clears a bucket',
    verify: (saw) => {
      assert.deepEqual(saw, { before: ['a', 'b', 'c'], after: [] })
    },
  },
  'upload in parts': {
    title: 'uploads in parts through signed URLs',
    verify: async (_saw, { server }) => {
      const digest = await digestOfObject(server, 'work', 'in parts')
      assert.equal(digest, sha256Of(patternOf(5 * 1024 * 1024 + 1)))
    },
  },
  'signature v2': {
    title: 'is told which setting ends signatures of version 2',
    verify: async (saw) => {
      const response = await fetch(stringOf(saw))
      assert.equal(response.status, 400)
      assert.match(await response.text(), /signature_version.*s3v4/s)
    },
  },
  'post form': { title: 'makes a form for POST', verify: verifyForm },
} satisfies Record<string, LibraryCheck>

export const LIBRARY_CHECKS: ReadonlyMap<string, LibraryCheck> = new Map(Object.entries(CHECKS))
