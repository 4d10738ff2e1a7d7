import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  decodeHeaderValue,
  encodeHeaderValue,
  isHeaderValue,
} from '../../../src/http/header-value.ts'
import { withS3 } from './support.ts'
import type { S3Server } from './support.ts'

/** Marks that turn the reading direction are taken out of a disposition, in whatever spelling. */
const DIRECTION =
  /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]|%D8%9C|%E2%80%(?:8[EF]|A[A-E])|%E2%81%A[6-9]/i

/** Whatever can stand in a header; blanks at the ends of a value belong to nobody. */
const texts = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 60 })
  .filter((text) => isHeaderValue(text) && /^[^ \t].*$/s.test(text) && !/[ \t]$/.test(text))

/** Metadata goes with the URL, where it is signed. */
async function put(
  { presign }: S3Server,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const [query = [], plain = []] = [true, false].map((isMetadata) =>
    Object.entries(headers).filter(([name]) => name.startsWith('x-amz-') === isMetadata),
  )
  return fetch(presign('PUT', 'acme/a', { query: Object.fromEntries(query) }), {
    method: 'PUT',
    body: 'hello',
    headers: plain.map(([name, text]) => [name, encodeHeaderValue(text)] as [string, string]),
  })
}

async function readBack(
  { presign }: S3Server,
  method: 'GET' | 'HEAD',
  query: Readonly<Record<string, string>> = {},
): Promise<(name: string) => string | null> {
  const answer = await fetch(presign(method, 'acme/a', { query }), { method })
  const body = await answer.text()
  assert.equal(answer.status, 200, body)
  return (name) => decodeHeaderValue(answer.headers.get(name) ?? '')
}

test('whatever text is stored in a header comes back byte for byte', async () => {
  await withS3(async (server) => {
    await fc.assert(
      fc.asyncProperty(texts, texts, async (meta, text) => {
        const name = text.replaceAll(/["\\]/g, '')
        const disposition = DIRECTION.test(name) ? 'attachment' : `attachment; filename="${name}"`
        const stored = await put(server, {
          'content-type': `application/x-t; a="${name}"`,
          'content-disposition': disposition,
          'content-language': text,
          'content-encoding': meta.replaceAll(/aws-chunked/gi, ''),
          'x-amz-meta-text': meta,
        })
        assert.equal(stored.status, 200, await stored.text())
        for (const method of ['GET', 'HEAD'] as const) {
          const header = await readBack(server, method)
          assert.equal(header('content-type'), `application/x-t; a="${name}"`)
          assert.equal(header('content-disposition'), disposition)
          assert.equal(header('content-language'), text)
          assert.equal(header('x-amz-meta-text'), meta)
        }
      }),
      { numRuns: 150 },
    )
  })
})

test('whatever text a link chooses for a header comes back byte for byte', async () => {
  await withS3(async (server) => {
    await put(server, {})
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const name = DIRECTION.test(text) ? 'plain' : text.replaceAll(/["\\]/g, '')
        const disposition = `attachment; filename="${name}"`
        const header = await readBack(server, 'GET', {
          'response-content-disposition': disposition,
          'response-content-language': text,
        })
        assert.equal(header('content-disposition'), disposition)
        assert.equal(header('content-language'), text)
      }),
      { numRuns: 150 },
    )
  })
})

test('names that node:http would spell anew are sent as they are', async () => {
  await withS3(async (server) => {
    for (const name of ['日本.txt', 'übér', 'naïve café.pdf', '😀']) {
      const disposition = `attachment; filename="${name}"`
      await put(server, { 'content-disposition': disposition, 'x-amz-meta-name': name })
      for (const method of ['GET', 'HEAD'] as const) {
        const header = await readBack(server, method)
        assert.equal(header('content-disposition'), disposition)
        assert.equal(header('x-amz-meta-name'), name)
      }
      const file = await server.core.files.find({ bucket: 'acme', key: 'a' })
      assert.equal(file?.metadata['name'], name)
      assert.equal(file?.headers.contentDisposition, disposition)
    }
  })
})

test('metadata in the signed query is the same text, and an empty value is kept', async () => {
  await withS3(async (server) => {
    const query = { 'x-amz-meta-name': '日本', 'x-amz-meta-empty': '' }
    const stored = await fetch(server.presign('PUT', 'acme/a', { query }), {
      method: 'PUT',
      body: 'x',
    })
    assert.equal(stored.status, 200, await stored.text())
    const header = await readBack(server, 'HEAD')
    assert.equal(header('x-amz-meta-name'), '日本')
    const answer = await fetch(server.presign('HEAD', 'acme/a'), { method: 'HEAD' })
    assert.equal(answer.headers.get('x-amz-meta-empty'), '')
  })
})

test('a header that is not UTF-8 is refused', async () => {
  await withS3(async ({ presign, core }) => {
    const answer = await fetch(presign('PUT', 'acme/a'), {
      method: 'PUT',
      body: 'x',
      headers: { 'content-language': '\u00FC' },
    })
    assert.equal(answer.status, 400)
    assert.match(await answer.text(), /<Code>InvalidArgument<.*not UTF-8/s)
    assert.equal(await core.files.find({ bucket: 'acme', key: 'a' }), null)
  })
})

test('a refusal for a key of any script reaches whoever asks, as XML and as a page', async () => {
  await withS3(async ({ presign, origin }) => {
    for (const name of ['日本.txt', 'übér', '😀']) {
      for (const accept of ['*/*', 'text/html']) {
        const missing = await fetch(presign('GET', `acme/${name}`), { headers: { accept } })
        assert.equal(missing.status, 404)
        assert.ok((await missing.text()).includes(name))
        const nobody = await fetch(`${origin}/acme/${encodeURIComponent(name)}`, {
          headers: { accept },
        })
        assert.equal(nobody.status, 403)
        await nobody.arrayBuffer()
      }
    }
  })
})
