import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  formatContentDisposition,
  withoutDirectionMarks,
} from '../../src/core/content-disposition.ts'

test('a plain name needs no second form', () => {
  assert.equal(
    formatContentDisposition('attachment', 'report.pdf'),
    'attachment; filename="report.pdf"',
  )
})

test('other names travel exactly in filename* with an ASCII fallback beside it', () => {
  assert.equal(
    formatContentDisposition('attachment', 'Übersicht “1”.pdf'),
    `attachment; filename="_bersicht _1_.pdf"; filename*=UTF-8''%C3%9Cbersicht%20%E2%80%9C1%E2%80%9D.pdf`,
  )
  assert.equal(
    formatContentDisposition('inline', `it's (50%) *.txt`),
    `inline; filename="it's (50_) *.txt"; filename*=UTF-8''it%27s%20%2850%25%29%20%2A.txt`,
  )
})

test('quotes, semicolons and line ends cannot leave the value', () => {
  const value = formatContentDisposition('attachment', 'a"; filename=evil.exe\r\nSet-Cookie: x=1')
  assert.match(value, /^attachment; filename="[^"\r\n]*"; filename\*=UTF-8''[^"\r\n]*$/)
})

test('direction marks and path parts are taken out', () => {
  const value = formatContentDisposition('attachment', '../../\u202Efdp.exe')
  assert.doesNotMatch(decodeURIComponent(value), /\u202E|\//)
})

test('a disposition that somebody else wrote carries no direction marks either', () => {
  for (const mark of ['\u061C', '\u200E', '\u200F', '\u202A', '\u202E', '\u2066', '\u2069']) {
    const escaped = encodeURIComponent(mark)
    for (const text of [escaped, escaped.toLowerCase(), mark]) {
      const given = `attachment; filename="a${text}fdp.exe"; filename*=UTF-8''a${text}b.exe`
      const clean = `attachment; filename="afdp.exe"; filename*=UTF-8''ab.exe`
      assert.equal(withoutDirectionMarks(given), clean, escaped)
    }
  }
  assert.equal(
    withoutDirectionMarks(`inline; filename*=UTF-8''%E2%80%E2%80%AE%AE`),
    `inline; filename*=UTF-8''`,
  )
  const harmless = `inline; filename*=UTF-8''%E2%80%9C%C3%BC%E2%80%9D.pdf`
  assert.equal(withoutDirectionMarks(harmless), harmless)
})

test('a name of 4 KiB is cut and keeps its ending', () => {
  const value = formatContentDisposition('attachment', `${'x'.repeat(4096)}.pdf`)
  assert.match(value, /^attachment; filename="x{196}\.pdf"$/)
})

test('every name gives a legal header value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const value = formatContentDisposition('attachment', name)
      assert.match(value, /^[\x20-\x7E]+$/)
      assert.match(value, /^attachment; filename="[^"\\]+"(?:; filename\*=UTF-8''[^"; ]+)?$/)
    }),
  )
})
