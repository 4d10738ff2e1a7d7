import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MultipartFault } from '../../src/http/multipart-fault.ts'
import { parseBoundary, readMultipart } from '../../src/http/multipart.ts'

const LIMITS = { maxParts: 4, maxHeadBytes: 500 }

interface ReadPart {
  readonly name: string
  readonly filename: string | null
  readonly contentType: string | null
  readonly text: string
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size)
    yield await Promise.resolve(bytes.subarray(at, at + size))
}

async function readAll(text: string, chunkSize = Infinity): Promise<ReadPart[]> {
  const bytes = Buffer.from(text)
  const read: ReadPart[] = []
  for await (const { body, ...head } of readMultipart(
    inChunks(bytes, Math.min(chunkSize, bytes.length || 1)),
    'B',
    LIMITS,
  )) {
    const chunks: Uint8Array[] = []
    for await (const chunk of body) chunks.push(Uint8Array.from(chunk))
    read.push({ ...head, text: Buffer.concat(chunks).toString() })
  }
  return read
}

function partOf(disposition: string, body: string, more = ''): string {
  return `--B\r\nContent-Disposition: ${disposition}\r\n${more}\r\n${body}\r\n`
}

test('parts come out whole and in order, however the form is cut into chunks', async () => {
  const tricky = '\r\n--A\r\n\r--B\n--B\r\r\n-'
  const form = `${partOf('form-data; name="folder"', 'acme')}${partOf('form-data; name="file"; filename="ä 1.txt"', tricky, 'Content-Type: text/plain; charset=utf-8\r\n')}${partOf('form-data; name=""', '')}--B--\r\n`
  const expected = [
    { name: 'folder', filename: null, contentType: null, text: 'acme' },
    { name: 'file', filename: 'ä 1.txt', contentType: 'text/plain; charset=utf-8', text: tricky },
    { name: '', filename: null, contentType: null, text: '' },
  ]
  for (const size of [1, 2, 3, 5, 7, 11, 64, 1000])
    assert.deepEqual(await readAll(form, size), expected)
})

test('a part that is not read, or not to its end, is passed over', async () => {
  const form = `${partOf('form-data; name="a"', 'x'.repeat(1000))}${partOf('form-data; name="b"', 'y')}--B--`
  for (const reads of [0, 1, 2]) {
    const names: string[] = []
    for await (const { name, body } of readMultipart(
      inChunks(Buffer.from(form), 10),
      'B',
      LIMITS,
    )) {
      names.push(name)
      let count = 0
      for await (const chunk of body) {
        assert.ok(chunk.byteLength > 0)
        count += 1
        if (count >= reads) break
      }
    }
    assert.deepEqual(names, ['a', 'b'])
  }
})

test('file names are read as clients send them: quoted, escaped, extended, with folders before them', async () => {
  const names: [sent: string, read: string][] = [
    ['filename="a;b.txt"', 'a;b.txt'],
    ['filename="a\\"b.txt"', 'a"b.txt'],
    ['filename="a\\\\b.txt"', 'b.txt'],
    ['filename="C:\\dir\\b.txt"', 'b.txt'],
    ['filename="../../b.txt"', 'b.txt'],
    ['filename=b.txt', 'b.txt'],
    ['filename="%22.txt"', '%22.txt'],
    [`filename="x"; filename*=UTF-8''na%C3%AFve.txt`, 'naïve.txt'],
    ['FILENAME="b.txt" ', 'b.txt'],
  ]
  for (const [sent, read] of names) {
    const [part] = await readAll(`${partOf(`form-data; name="file"; ${sent}`, '')}--B--`)
    assert.equal(part?.filename, read, sent)
  }
})

test('a form that is broken anywhere is refused, and its stream is closed', async () => {
  const good = partOf('form-data; name="a"', 'x')
  const broken: Readonly<Record<string, string>> = {
    empty: '',
    'no boundary': 'nonsense',
    'no end': good,
    'half an end': `${good}--B-`,
    'a cut part': '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nhel',
    'a part without headers': `--B\r\n\r\nx\r\n${good}--B--`,
    'a part without a name': `${partOf('form-data', 'x')}--B--`,
    'no disposition': '--B\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--',
    'two dispositions': `${partOf('form-data; name="a"', 'x', 'Content-Disposition: form-data; name="b"\r\n')}--B--`,
    'two names': `${partOf('form-data; name="a"; name="b"', 'x')}--B--`,
    'an open quote': `${partOf('form-data; name="a', 'x')}--B--`,
    'another disposition': `${partOf('attachment; name="a"', 'x')}--B--`,
    'a folded line': `${partOf('form-data;\r\n name="a"', 'x')}--B--`,
    'a bare line feed': `${partOf('form-data; name="a"\nX: y', 'x')}--B--`,
    base64: `${partOf('form-data; name="a"', 'eA==', 'Content-Transfer-Encoding: base64\r\n')}--B--`,
    'a boundary that goes on': `${good}--Bx\r\n`,
    'much before it': `${'x'.repeat(2000)}\r\n${good}--B--`,
    'much behind it': `${good}--B--${'x'.repeat(2000)}`,
    'a long head': `${partOf(`form-data; name="${'a'.repeat(600)}"`, 'x')}--B--`,
    'a head without end': `--B\r\nX: ${'a'.repeat(5000)}`,
    'too many parts': `${good.repeat(5)}--B--`,
    'a name that is not UTF-8': `${partOf('form-data; name="f"; filename*=UTF-8\'\'%ff', 'x')}--B--`,
  }
  for (const [name, text] of Object.entries(broken)) {
    for (const size of [1, 50, 100_000]) {
      let closed = 0
      async function* source(): AsyncGenerator<Uint8Array> {
        try {
          yield* inChunks(Buffer.from(text), size)
        } finally {
          closed += 1
        }
      }
      const read = async (): Promise<void> => {
        for await (const { body } of readMultipart(source(), 'B', LIMITS)) {
          for await (const chunk of body) assert.ok(chunk.byteLength > 0)
        }
      }
      await assert.rejects(read(), MultipartFault, name)
      assert.equal(closed, 1, name)
    }
  }
})

test('blank-filled, quote-filled and dash-filled forms cost what their bytes cost', async () => {
  const spent = async (filler: string): Promise<number> => {
    const text = `--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n${filler.repeat(Math.floor(4_000_000 / filler.length))}\r\n--B--`
    const before = process.cpuUsage()
    await readAll(text, 65_536)
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  // The first time is the compiler's too, and the collector runs when it likes.
  const least = async (filler: string): Promise<number> =>
    Math.min(await spent(filler), await spent(filler), await spent(filler))
  const plain = await least('x')
  for (const filler of [
    ' ',
    '"',
    '-',
    '\r',
    '\r\n',
    '\r\n-',
    '\r\n--',
    '\r\n--A',
    '\r\n--\r\n--',
  ]) {
    // A form of nothing but beginnings of a boundary is looked at twice, not a thousand times.
    assert.ok((await least(filler)) < plain * 50 + 500_000, JSON.stringify(filler))
  }
})

test('the boundary is found in a Content-Type, quoted or not, and nowhere else', () => {
  const types: [type: string | undefined, boundary: string | null][] = [
    ['multipart/form-data; boundary=B', 'B'],
    ['Multipart/Form-Data;boundary="a b"', 'a b'],
    [
      'multipart/form-data; charset=utf-8; boundary=----WebKitFormBoundaryX',
      '----WebKitFormBoundaryX',
    ],
    ['multipart/form-data; BOUNDARY=x; a=b', 'x'],
    ['multipart/form-data', null],
    ['multipart/form-data; boundary=', null],
    ['multipart/form-data; boundary=""', null],
    ['multipart/mixed; boundary=B', null],
    [`multipart/form-data; boundary=${'b'.repeat(71)}`, null],
    [`multipart/form-data;${' '.repeat(15_000)}boundary=B`, null],
    ['text/plain', null],
    [undefined, null],
  ]
  for (const [type, boundary] of types) assert.equal(parseBoundary(type), boundary, type)
})
