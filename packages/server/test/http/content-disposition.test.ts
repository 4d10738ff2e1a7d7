import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  asAttachment,
  formatContentDisposition,
  isAttachment,
  safeFilename,
} from '../../src/http/content-disposition.ts'
import { isHeaderValue } from '../../src/http/header-value.ts'

test('a plain name needs no second form', () => {
  assert.equal(
    formatContentDisposition('attachment', 'report 1.pdf'),
    'attachment; filename="report 1.pdf"',
  )
})

test('another script is carried by filename* beside an ASCII fallback', () => {
  assert.equal(
    formatContentDisposition('inline', 'Größe.txt'),
    `inline; filename="Gr__e.txt"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.txt`,
  )
  assert.equal(
    formatContentDisposition('attachment', "100% 'x' (1)*.txt"),
    `attachment; filename="100_ 'x' (1)_.txt"; filename*=UTF-8''100%25%20%27x%27%20%281%29_.txt`,
  )
})

test('quotes, separators, line ends and bidirectional controls do not survive', () => {
  assert.equal(safeFilename('a"b;c\r\nX: y'), 'a_b;cX_ y')
  assert.equal(safeFilename('..\\..\\evil.exe'), '.._.._evil.exe')
  assert.equal(safeFilename('invoice\u202Efdp.exe'), 'invoicefdp.exe')
  assert.equal(safeFilename('name.  ...'), 'name')
})

test('the names of Windows devices are set apart', () => {
  assert.equal(safeFilename('CON'), '_CON')
  assert.equal(safeFilename('aux.txt'), '_aux.txt')
  assert.equal(safeFilename('console.txt'), 'console.txt')
})

test('a name of 4 KB is cut and keeps its extension', () => {
  const name = safeFilename(`${'é'.repeat(4096)}.pdf`)
  assert.equal(Array.from(name).length, 200)
  assert.ok(name.endsWith('é.pdf'))
})

test('whatever the name, the result is one legal ASCII header that decodes to the safe name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const header = formatContentDisposition('attachment', name)
      assert.ok(isHeaderValue(header))
      const match =
        /^attachment(?:; filename="([ !#-~]*)"(?:; filename\*=UTF-8''([A-Za-z0-9!#$&+^_`|~.%-]+))?)?$/.exec(
          header,
        )
      assert.ok(match, header)
      const decoded = match[2] === undefined ? (match[1] ?? '') : decodeURIComponent(match[2])
      assert.equal(decoded, safeFilename(name))
    }),
  )
})

test('a disposition of somebody else is turned into an attachment with its parameters', () => {
  assert.equal(asAttachment('inline; filename="a.html"'), 'attachment; filename="a.html"')
  assert.equal(asAttachment('inline'), 'attachment')
  assert.ok(isAttachment('Attachment; filename=a'))
  assert.ok(!isAttachment('attachments'))
  assert.ok(!isAttachment('inline; x=attachment'))
})
