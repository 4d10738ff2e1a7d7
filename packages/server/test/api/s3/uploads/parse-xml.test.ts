import assert from 'node:assert/strict'
import { test } from 'node:test'
import { childOf } from '../../../../src/platform/xml.ts'
import { parseXml } from '../../../../src/api/s3/uploads/parse-xml.ts'
import { S3Refusal } from '../../../../src/api/s3/errors/s3-refusal.ts'

function textOf(xml: string): string {
  const node = childOf(parseXml(xml, 10), 'Key')
  return node?.text ?? 'no key'
}

function isMalformed(error: unknown): boolean {
  return error instanceof S3Refusal && error.code === 'xml-malformed'
}

test('elements are read in order, with or without a namespace', () => {
  const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n'
  const xml = `${prolog}<s3:Delete xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/">\n  <s3:Quiet>true</s3:Quiet><!-- a <b> --><Object><Key>a</Key></Object><Object/></s3:Delete>`
  const root = parseXml(xml, 10)
  assert.equal(root.name, 'Delete')
  assert.deepEqual(
    root.children.map(({ name }) => name),
    ['Quiet', 'Object', 'Object'],
  )
  assert.equal(childOf(root, 'Quiet')?.text, 'true')
})

test('text is exactly what was meant: spaces, entities, sections, names of properties', () => {
  assert.equal(textOf('<A><Key> a  b </Key></A>'), ' a  b ')
  assert.equal(textOf('<A><Key>&lt;&amp;&gt;&quot;&apos;</Key></A>'), `<&>"'`)
  assert.equal(textOf('<A><Key>&#13;&#xA;&#x1F600;</Key></A>'), '\r\n😀')
  assert.equal(textOf('<A><Key>&amp;lt;</Key></A>'), '&lt;')
  assert.equal(textOf('<A><Key>a<![CDATA[<b>&amp;]]>c</Key></A>'), 'a<b>&amp;c')
  assert.equal(textOf('<A><Key>0x10</Key></A>'), '0x10')
  assert.equal(textOf('<A><Key>1e3</Key></A>'), '1e3')
  assert.equal(textOf('<A><Key></Key></A>'), '')
  assert.throws(() => textOf('<A><__proto__>x</__proto__><Key>k</Key></A>'), isMalformed)
  assert.throws(() => parseXml('<A><constructor>x</constructor></A>', 5), isMalformed)
})

test('a document type is refused whatever it says, so that no entity can be declared', () => {
  for (const xml of [
    '<!DOCTYPE a><a/>',
    '<!doctype a [<!ENTITY x "y">]><a>&x;</a>',
    '<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a>&x;</a>',
    '<a><!ENTITY x "y"></a>',
  ]) {
    assert.throws(() => parseXml(xml, 10), isMalformed, xml)
  }
})

test('what is not one well-formed element is refused', () => {
  for (const xml of [
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a',
    '<a>&undeclared;</a>',
    '<a>&amp</a>',
    '<a>&#0;</a>',
    '<a>&#xD800;</a>',
    '<a>&#x110000;</a>',
    '<a>&#99999999999;</a>',
    '<a><![CDATA[x</a>',
    '<a><!-- x</a>',
    '<1/>',
  ]) {
    assert.throws(() => parseXml(xml, 10), isMalformed, xml)
  }
})

test('depth, elements and the length of a tag are bounded before anything is built', () => {
  assert.equal(parseXml(`${'<a>'.repeat(16)}${'</a>'.repeat(16)}`, 100).name, 'a')
  assert.throws(() => parseXml(`${'<a>'.repeat(17)}${'</a>'.repeat(17)}`, 100), isMalformed)
  assert.throws(() => parseXml('<a>'.repeat(500_000), 1_000_000), isMalformed)
  assert.throws(() => parseXml(`<a>${'<b/>'.repeat(10)}</a>`, 10), isMalformed)
  assert.equal(parseXml(`<a>${'<b/>'.repeat(9)}</a>`, 10).children.length, 9)
  assert.throws(() => parseXml(`<a x="${'y'.repeat(1100)}"/>`, 10), isMalformed)
})
