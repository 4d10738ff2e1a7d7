import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { anyText } from '../../../../../conformance/lib/any-text.ts'
import { formatXmlDocument } from '../../../src/api/s3/answers/xml.ts'

const parser = new XMLParser({
  ignoreDeclaration: true,
  ignoreAttributes: false,
  parseTagValue: false,
  trimValues: false,
})

test('elements nest, repeat, and are left out when null', () => {
  const xml = formatXmlDocument(
    'Root',
    [
      ['A', 1],
      ['B', [['C', true]]],
      ['D', null],
      ['A', 'x'],
    ],
    null,
  )
  assert.equal(
    xml,
    '<?xml version="1.0" encoding="UTF-8"?>\n<Root><A>1</A><B><C>true</C></B><A>x</A></Root>',
  )
})

test('whatever the text, the document is well-formed and the text comes back', () => {
  // oxlint-disable-next-line no-control-regex -- what XML 1.0 cannot hold comes out as U+FFFD
  const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g
  fc.assert(
    fc.property(anyText({ minLength: 1 }), (text) => {
      const xml = formatXmlDocument('R', [['T', text]])
      assert.equal(XMLValidator.validate(xml), true)
      const { R } = parser.parse(xml) as { R: { T: string } }
      const expected = text.toWellFormed().replaceAll(forbidden, '\uFFFD')
      assert.equal(R.T.replaceAll('&#13;', '\r').replaceAll('\n', '\n'), expected)
    }),
  )
})
