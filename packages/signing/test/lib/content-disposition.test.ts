import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { anyText } from '../../../../conformance/lib/any-text.ts'
import { responseContentDisposition } from '../../src/encoding.ts'

test('a plain name needs no second form', () => {
  assert.equal(responseContentDisposition('report.pdf'), 'attachment; filename="report.pdf"')
})

test('other names travel exactly in filename* with an ASCII fallback beside it', () => {
  assert.equal(
    responseContentDisposition('Übersicht “1”.pdf'),
    `attachment; filename="_bersicht _1_.pdf"; filename*=UTF-8''%C3%9Cbersicht%20%E2%80%9C1%E2%80%9D.pdf`,
  )
  assert.equal(
    responseContentDisposition(`it's (50%) *.txt`, 'inline'),
    `inline; filename="it's (50_) *.txt"; filename*=UTF-8''it%27s%20%2850%25%29%20%2A.txt`,
  )
})

test('quotes, semicolons and line ends cannot leave the value', () => {
  const value = responseContentDisposition('a"; filename=evil.exe\r\nSet-Cookie: x=1')
  assert.match(value, /^attachment; filename="[^"\r\n]*"; filename\*=UTF-8''[^"\r\n]*$/)
})

test('direction marks and path parts are taken out', () => {
  const value = responseContentDisposition('../../\u202Efdp.exe')
  assert.doesNotMatch(decodeURIComponent(value), /\u202E|\//)
})

test('a name of 4 KiB is cut and keeps its ending', () => {
  const value = responseContentDisposition(`${'x'.repeat(4096)}.pdf`)
  assert.match(value, /^attachment; filename="x{196}\.pdf"$/)
})

test('every name gives a legal header value', () => {
  fc.assert(
    fc.property(anyText(), (name) => {
      const value = responseContentDisposition(name)
      assert.match(value, /^[\x20-\x7E]+$/)
      assert.match(value, /^attachment; filename="[^"\\]+"(?:; filename\*=UTF-8''[^"; ]+)?$/)
    }),
  )
})
