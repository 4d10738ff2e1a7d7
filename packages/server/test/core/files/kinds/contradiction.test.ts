import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findContradiction } from '../../../../src/core/files/kinds/contradiction.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
const GIF = Buffer.from('GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000;', 'latin1')
const PDF = Buffer.from('%PDF-1.7\n%\u00e2\u00e3\n1 0 obj', 'latin1')
const ELF = Buffer.from('\u007fELF\u0002\u0001\u0001'.padEnd(64, '\u0000'), 'latin1')
const EXE = Buffer.from('MZ\u0090\u0000\u0003'.padEnd(64, '\u0000'), 'latin1')
const ZIP = Buffer.from('PK\u0003\u0004\u0014\u0000\u0000\u0000'.padEnd(40, '\u0000'), 'latin1')
const GZIP = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
const HTML = Buffer.from('<!DOCTYPE html><script>alert(1)</script>')
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
const TEXT = Buffer.from('Dear all,\n')

async function find(
  [key, contentType]: readonly [string, string],
  head: Uint8Array,
  contentEncoding?: string,
): Promise<string | null> {
  const headers = contentEncoding === undefined ? {} : { contentEncoding }
  return (await findContradiction({ key, contentType, headers }, head))?.message ?? null
}

test('a file that is what it says contradicts nothing', async () => {
  for (const [key, type, bytes] of [
    ['a.png', 'image/png', PNG],
    ['a', 'IMAGE/PNG; q=1', PNG],
    ['a.gif', 'image/gif', GIF],
    ['a.pdf', 'application/pdf', PDF],
    ['a.zip', 'application/x-zip-compressed', ZIP],
    ['a.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', ZIP],
    ['a.epub', 'application/epub+zip', ZIP],
    ['a.html', 'text/html', HTML],
    ['a.txt', 'text/plain', HTML],
    ['a.md', 'text/markdown', SVG],
    ['a.svg', 'image/svg+xml', SVG],
    ['a.svg', 'image/svg+xml', Buffer.from('\ufeff<?xml version="1.0"?>\n<!-- x --><svg/>')],
    ['a.xml', 'application/xml', Buffer.from('<?xml version="1.0"?><a/>')],
    ['a.json', 'application/json', Buffer.from('{}')],
    ['a.txt', 'text/plain', Buffer.from('BMW, MZ and GIF89a are words')],
    ['a.txt', 'text/plain', Buffer.from('\ufeffwide', 'utf16le')],
    ['a.exe', 'application/x-msdownload', EXE],
    ['a.bin', 'application/octet-stream', ELF],
    ['a', 'application/octet-stream', PNG],
    ['a.unknown', 'application/x-unknown', PNG],
    ['a.png', 'image/png', Buffer.alloc(0)],
  ] as const) {
    assert.equal(await find([key, type], bytes), null, `${key} ${type}`)
  }
})

test('bytes of another kind contradict the type', async () => {
  for (const [type, bytes, found] of [
    ['image/png', HTML, 'text/html'],
    ['image/png', SVG, 'image/svg+xml'],
    ['image/png', TEXT, 'nothing of that kind'],
    ['image/jpeg', PNG, 'image/png'],
    ['image/webp', Buffer.from('\ufeff  <html>'), 'text/html'],
    ['image/gif', Buffer.from('\ufeff<script>', 'utf16le'), 'text/html'],
    ['image/gif', Buffer.from('<?xml version="1.0"?><html xmlns="x"/>'), 'text/html'],
    [
      'image/gif',
      Buffer.from('<?xml version="1.0"?><?xml-stylesheet href="x"?><a/>'),
      'application/xml',
    ],
    ['application/pdf', HTML, 'text/html'],
    ['application/pdf', ZIP, 'application/zip'],
    ['application/zip', PDF, 'application/pdf'],
    ['application/json', HTML, 'text/html'],
    ['image/svg+xml', HTML, 'text/html'],
    ['text/plain', PNG, 'image/png'],
    ['text/plain', EXE, 'application/x-msdownload'],
    ['application/x-unknown', ELF, 'application/x-elf'],
    ['video/mp4', HTML, 'text/html'],
    ['font/woff2', HTML, 'text/html'],
  ] as const) {
    const message = await find(['file', type], bytes)
    assert.equal(message, `The bytes are not what the type ${type} says: they begin as ${found}.`)
  }
})

test('a name that ends like something else is contradicted too', async () => {
  const octets = 'application/octet-stream'
  assert.match((await find(['a/photo.png', octets], HTML)) ?? '', /an ending of image\/png/)
  assert.match((await find(['page.html', 'image/png'], PNG)) ?? '', /an ending of text\/html/)
  assert.match((await find(['a.png.html', 'image/png'], PNG)) ?? '', /text\/html/)
  assert.match((await find(['a.pdf', octets], TEXT)) ?? '', /application\/pdf/)
  assert.equal(await find(['a.ts', 'text/plain'], TEXT), null)
})

test('what is stored in an encoding begins as the encoding does', async () => {
  assert.equal(await find(['a.css', 'text/css'], GZIP, 'gzip'), null)
  assert.equal(await find(['a.png', 'image/png'], TEXT, 'br'), null)
  assert.match((await find(['a.css', 'text/css'], HTML, 'gzip')) ?? '', /encoding gzip/)
  assert.match((await find(['a.css', 'text/css'], GZIP)) ?? '', /text\/css/)
})

test('bytes that no format finishes in are looked at without a fault', async () => {
  for (const mark of [
    PNG,
    GIF,
    PDF,
    ZIP,
    ELF,
    GZIP,
    Buffer.from('RIFF'),
    Buffer.from('\0\0\0\x18ftyp'),
  ]) {
    for (let length = 1; length < mark.length; length += 1) {
      await find(['a', 'application/octet-stream'], mark.subarray(0, length))
    }
  }
})
