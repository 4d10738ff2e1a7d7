import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { createDocuments } from '../../../../src/api/rest/docs/documents.ts'
import { EXAMPLES } from '../../../../src/api/rest/docs/examples.ts'
import { nameSchemas } from '../../../../src/api/rest/docs/name-schemas.ts'
import { PROBLEMS } from '../../../../src/api/rest/render-error.ts'
import { startRest } from '../../../support/rest.ts'

const DOCUMENT = { info: { title: 'T', version: '1', description: 'D' }, paths: {} }

test('rendered documents are kept: however often they are asked for, they are drawn once', () => {
  let described = 0
  const documents = createDocuments(
    () => {
      described += 1
      return DOCUMENT
    },
    () => 'http://localhost:1',
  )
  const pages = Array.from({ length: 100 }, () => documents.page())
  const texts = Array.from({ length: 100 }, () => documents.openApi())
  assert.equal(described, 2, 'once for the page and once for the document')
  assert.equal(new Set(pages).size, 1)
  assert.deepEqual(JSON.parse(texts[99] ?? ''), {
    ...DOCUMENT,
    components: { schemas: {} },
    servers: [{ url: 'http://localhost:1' }],
  })
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

test('the document names its schemas, says where the server is, and lists every code', async (t) => {
  const rest = await startRest(t)
  const { json } = await rest.call('GET', '/v1/openapi.json', { key: null })
  const { components, servers } = json as unknown as Document
  assert.deepEqual(servers, [{ url: rest.core.publicUrl }])
  const codes = components.schemas['Problem']?.properties['code']?.enum
  assert.deepEqual(codes, Object.keys(PROBLEMS))
  const text = JSON.stringify(json)
  const references = text.matchAll(/"#\/components\/schemas\/(\w+)"/g)
  for (const [, name = ''] of references) assert.ok(components.schemas[name], name)
  assert.match(text, /"x-amz-meta-\*"/)
})

test('the examples of the document are what their schemas ask for', async (t) => {
  const rest = await startRest(t)
  const { json } = await rest.call('GET', '/v1/openapi.json', { key: null })
  const { schemas } = (json as unknown as Document).components
  for (const [name, example] of Object.entries(EXAMPLES)) {
    const schema = schemas[name]
    assert.ok(schema, name)
    assert.deepEqual(schema.examples, [example])
    const errors = [...Value.Errors(schema as unknown as TSchema, example)]
    assert.deepEqual(errors, [], name)
  }
})

test('one name for two schemas is a fault', () => {
  const of = (type: string): object => ({ schema: { title: 'Thing', type } })
  const named = nameSchemas({ paths: { a: of('string'), b: of('string') } })
  assert.deepEqual(named.paths, {
    a: { schema: { $ref: '#/components/schemas/Thing' } },
    b: { schema: { $ref: '#/components/schemas/Thing' } },
  })
  assert.deepEqual(named.components.schemas, { Thing: { type: 'string' } })
  assert.throws(() => nameSchemas({ paths: { a: of('string'), b: of('null') } }), /named Thing/)
})

interface Document {
  readonly servers: readonly object[]
  readonly components: {
    readonly schemas: Readonly<
      Record<
        string,
        {
          readonly examples?: readonly unknown[]
          readonly properties: Readonly<Record<string, { readonly enum?: readonly string[] }>>
        }
      >
    >
  }
}
