/** The address of a share, in whatever a log wraps it, and what only looks like one. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { redact } from '@hallpass/signing/redact'
import { chunked } from './chunked.ts'
import { readMarked } from './schemes.ts'

/** 30 letters, as `core/link-id.ts` makes them. */
const TOKEN = '0Vl1nKQy8sWd3YuC6aPg1HiOoZtErB'
/** With no digit and no change of case behind its time. */
const DULL = '0VlnKQypabcdefghijklmnopqrstuv'

/** A presigned URL as it stands in the address that uploads by it. */
const LINK = Buffer.from(
  `http://127.0.0.1:8787/acme/a.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=${'5ig'.repeat(20)}`,
).toString('base64url')

const ADDRESSES = [
  `/-/tus/⟦${TOKEN}⟧/0Vl1nKQy8sWd3YuC6aPg1HiOoZtErC`,
  `https://files.example.test/-/uppy/⟦${TOKEN}⟧/s3/params?filename=a`,
  `?next=https%3A%2F%2Ffiles.example.test%2F-%2Fuppy%2F⟦${TOKEN}⟧`,
  `POST /-/tus/⟦${LINK}⟧ HTTP/1.1`,
  `/-/uppy/⟦${LINK}⟧/s3/multipart`,
  `https://files.example.test/s/⟦${TOKEN}⟧`,
  `https://files.example.test/s/⟦${DULL}⟧`,
  `/s/⟦${TOKEN}⟧`,
  `"GET /s/⟦${TOKEN}⟧ HTTP/1.1" 200 512 "http://127.0.0.1:8787/s/⟦${TOKEN}⟧?preview=1" "curl"`,
  `{"url":"http://localhost:8787/s/⟦${TOKEN}⟧"}`,
  String.raw`{"url":"http:\/\/localhost:8787\/s\/⟦${TOKEN}⟧"}`,
  String.raw`{"msg":"{\"url\":\"http:\\\/\\\/localhost\\\/s\\\/⟦${TOKEN}⟧\"}"}`,
  String.raw`"http:\u002f\u002flocalhost\u002Fs\u002F⟦${TOKEN}⟧"`,
  `?next=https%3A%2F%2Ffiles.example.test%2Fs%2F⟦${TOKEN}⟧%3Fpreview%3D1`,
  `?next=https%253a%252f%252ffiles.example.test%252fs%252f⟦${TOKEN}⟧%2526x`,
  `<a href="https:&#x2F;&#x2F;files.example.test&#x2F;s&#x2F;⟦${TOKEN}⟧">`,
  `<a href="https:&#47;&#47;files.example.test&#47;s&#47;⟦${TOKEN}⟧">`,
  `set-cookie: share=a; Path=/s/⟦${TOKEN}⟧; HttpOnly`,
  `See <https://files.example.test/s/⟦${TOKEN}⟧>, or https://files.example.test/s/⟦${TOKEN}⟧.`,
  `/s/⟦${TOKEN}⟧/s/⟦${TOKEN}⟧`,
]

const OTHERS = [
  `/-/tus/0Vl1nKQy8sWd3YuC6aPg1HiOo`,
  `/files/${LINK.slice(0, 90)}`,
  'https://files.example.test/s/report',
  `/s/${TOKEN.slice(1)}`,
  `/s/${TOKEN}x`,
  `/s/${TOKEN}-x`,
  `/s/x${TOKEN}`,
  `/s/1${TOKEN.slice(1)}`,
  `/s/${TOKEN.slice(0, 12)}_${TOKEN.slice(13)}`,
  `/files/${TOKEN}`,
  `/ss/${TOKEN}`,
  `s/${TOKEN}`,
  `/S/${TOKEN}`,
  'git/objects/s/0123456789abcdef0123456789abcd',
  '/s/000000000000000000000000000000',
  '/s/…',
]

suite('redact knows the address of a share', () => {
  test('in every wrapping, wherever a stream is cut', () => {
    for (const marked of ADDRESSES) {
      const { line, expected } = readMarked(marked)
      assert.equal(redact(line), expected)
      assert.equal(redact(expected), expected)
      for (let cut = 0; cut <= line.length; cut += 1) {
        assert.equal(chunked(line, [cut]), expected, `${marked} cut at ${cut}`)
      }
      const everywhere = Array.from(line, (_, at) => at)
      assert.equal(chunked(line, everywhere), expected, marked)
    }
  })

  test('and leaves paths that are no address of one', () => {
    for (const line of OTHERS) {
      assert.equal(redact(line), line)
      for (let cut = 0; cut <= line.length; cut += 1) assert.equal(chunked(line, [cut]), line)
    }
  })
})
