import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDocuments } from '../../../../src/api/rest/docs/documents.ts'
import { startRest } from '../../../support/rest.ts'

const DOCUMENT = { info: { title: 'T', version: '1', description: 'D' }, paths: {} }

test('rendered documents are kept: however often they are asked for, they are drawn once', () => {
  let described = 0
  const documents = createDocuments(() => {
    described += 1
    return DOCUMENT
  })
  const pages = Array.from({ length: 100 }, () => documents.page())
  const texts = Array.from({ length: 100 }, () => documents.openApi())
  assert.equal(described, 2, 'once for the page and once for the document')
  assert.equal(new Set(pages).size, 1)
  assert.deepEqual(JSON.parse(texts[99] ?? ''), DOCUMENT)
  assert.match(documents.errorPage('forbidden') ?? '', /<h1><code>forbidden<\/code><\/h1>/)
  for (const code of ['nonsense', 'toString', '__proto__'])
    assert.equal(documents.errorPage(code), null)
})

test('the documents that are kept are the ones that are served', async (t) => {
  const rest = await startRest(t)
  const first = await rest.call('GET', '/-/docs', { key: null })
  const again = await rest.call('GET', '/-/docs', { key: null })
  assert.equal(first.text, again.text)
  const openApi = await rest.call('GET', '/v1/openapi.json', { key: null })
  assert.equal(openApi.headers.get('content-type'), 'application/json; charset=utf-8')
  assert.equal(openApi.json['openapi'], '3.1.0')
})
