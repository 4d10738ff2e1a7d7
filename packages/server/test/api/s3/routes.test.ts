import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { S3Request } from '../../../src/api/s3/face.ts'
import { S3Refusal } from '../../../src/api/s3/errors/s3-refusal.ts'
import { S3_ROUTES, findRoute } from '../../../src/api/s3/routes.ts'
import type { S3Level, S3Route } from '../../../src/api/s3/routes.ts'
import { SELECTING_HEADERS, SELECTING_PARAMETERS } from '../../../src/api/s3/selectors.ts'
import { isRefusal } from '../../../src/core/errors.ts'
import { anonymous } from '../../support/core.ts'
import { S3_OPERATIONS } from './s3-operations.ts'
import type { S3OperationShape } from './s3-operations.ts'

const PATHS: Readonly<Record<S3Level, S3Request['path']>> = {
  service: { bucket: '', key: '' },
  bucket: { bucket: 'acme', key: '' },
  object: { bucket: 'acme', key: 'a/b.txt' },
}

/** As much of a request as a route is chosen by. */
function requestFor(
  { on, method, header }: Pick<S3OperationShape, 'on' | 'method' | 'header'>,
  query: S3Request['query'],
): S3Request {
  const headers = header === null ? [] : [header, '/acme/source']
  const raw = { method, target: '/', headers, scheme: 'http', clientIp: '127.0.0.1' } as const
  const source = {} as S3Request['source']
  const payload = { kind: 'unsigned' } as const
  return { raw, requestId: 'ID', path: PATHS[on], caller: anonymous, query, payload, source }
}

/** The operation's name, or what of it is not there. */
function resolve(request: S3Request): string {
  try {
    return findRoute(request).name
  } catch (error) {
    if (error instanceof S3Refusal && 'feature' in error.details) {
      return `no ${error.details.feature}`
    }
    if (error instanceof S3Refusal && 'reason' in error.details) {
      return `no such place: ${error.details.reason}`
    }
    if (isRefusal(error, 'field-invalid')) return `no ${error.details.field} here`
    if (isRefusal(error, 'method-not-allowed')) return 'method-not-allowed'
    throw error
  }
}

const IMPLEMENTED: ReadonlySet<string> = new Set(S3_ROUTES.map(({ name }) => name))

test('every operation of S3 leads to itself, or is not implemented by a name of its own', () => {
  assert.ok(S3_OPERATIONS.length > 110)
  for (const operation of S3_OPERATIONS) {
    const { name, query, header } = operation
    const resolved = resolve(requestFor(operation, query))
    const selectors = query
      .map(([parameter]) => parameter)
      .filter((p) => SELECTING_PARAMETERS.has(p))
    const isWhole = S3_ROUTES.some(
      (row) =>
        row.name === name &&
        selectors.every((selector) => row.query.includes(selector) || row.takes.includes(selector)),
    )
    if (isWhole) {
      assert.equal(resolved, name)
      continue
    }
    const features = [...selectors, ...(header === null ? [] : [header]), 'POST']
    assert.ok(
      features.some((feature) => resolved === `no ${feature}`),
      `${name} with ${selectors.join()}: ${resolved}`,
    )
  }
})

test('the order of the query decides nothing, and other parameters neither', () => {
  for (const operation of S3_OPERATIONS) {
    const expected = resolve(requestFor(operation, operation.query))
    const noise = [
      ['x-id', operation.name],
      ['prefix', 'a'],
      ['X-Hallpass-Link', 'link_1'],
    ] as const
    const orders = [
      operation.query.toReversed(),
      [...noise, ...operation.query],
      [...operation.query.toReversed(), ...noise],
    ]
    for (const query of orders) {
      assert.equal(resolve(requestFor(operation, query)), expected, operation.name)
    }
  }
})

test('a selector that another operation has is never overlooked', () => {
  for (const { name, on, method, query, takes } of S3_ROUTES) {
    const own = query.map((parameter) => [parameter, ''] as const)
    for (const foreign of SELECTING_PARAMETERS) {
      if (query.includes(foreign) || takes.includes(foreign)) continue
      const resolved = resolve(requestFor({ on, method, header: null }, [...own, [foreign, '1']]))
      const isAnothers = S3_ROUTES.some(
        (route) => route.name === resolved && route.query.includes(foreign),
      )
      const isRefused = resolved.startsWith('no ') || resolved === 'method-not-allowed'
      assert.ok(isRefused || isAnothers, `${name} with ${foreign}: ${resolved}`)
    }
  }
  for (const header of SELECTING_HEADERS) {
    const own = S3_ROUTES.find((route) => route.header === header && route.query.length === 0)
    const expected = own?.name ?? `no ${header}`
    assert.equal(resolve(requestFor({ on: 'object', method: 'PUT', header }, [])), expected)
    const moved = requestFor({ on: 'object', method: 'PUT', header: null }, [[header, '/a/b']])
    assert.equal(resolve(moved), expected, 'as a signed parameter')
  }
})

test('what S3 has elsewhere is refused in its words, and is not called missing', () => {
  const ask = (method: S3OperationShape['method'], ...names: readonly string[]): string =>
    resolve(
      requestFor(
        { on: 'object', method, header: null },
        names.map((name) => [name, '1']),
      ),
    )
  assert.match(
    ask('GET', 'uploads'),
    /Key is not expected for the GET method \?uploads subresource/,
  )
  assert.match(ask('GET', 'versions'), /no such thing as the \?versions sub-resource for a key/)
  assert.equal(ask('PUT', 'partNumber'), 'no partNumber here')
  assert.equal(ask('PUT', 'uploadId'), 'method-not-allowed')
})

test('what would be copied is named in a copy alone', () => {
  const header = 'x-amz-copy-source'
  for (const { name, on, method, query, header: own } of S3_ROUTES) {
    if (own === header || isCopied({ on, method, query })) continue
    const request = requestFor(
      { on, method, header },
      query.map((parameter) => [parameter, '1']),
    )
    assert.throws(
      () => findRoute(request),
      (error) => isRefusal(error, 'field-invalid'),
      name,
    )
  }
})

/** The same without the header is an upload, which it makes a copy of. */
function isCopied({ on, method, query }: Pick<S3Route, 'on' | 'method' | 'query'>): boolean {
  return S3_ROUTES.some(
    (row) =>
      row.header !== null &&
      row.on === on &&
      row.method === method &&
      row.query.join() === query.join(),
  )
}

test('a sub-resource that nobody here has heard of is never a plain write', () => {
  for (const method of ['PUT', 'POST', 'DELETE']) {
    for (const on of ['bucket', 'object'] as const) {
      const asked = (query: S3Request['query']): string =>
        resolve(requestFor({ on, method, header: null }, query))
      assert.equal(asked([['subResource', '']]), 'no subResource')
      const plain = asked([])
      for (const harmless of [
        ['download', '1'],
        ['x-id', ''],
        ['X-Amz-Security-Token', ''],
        ['ü', ''],
      ] as const) {
        assert.equal(asked([harmless]), plain)
      }
    }
  }
  const read = requestFor({ on: 'object', method: 'GET', header: null }, [['download', '']])
  assert.equal(resolve(read), 'GetObject')
})

test('no two rows are selected by the same, and each but ours has a name of S3', () => {
  const known = new Set(S3_OPERATIONS.map(({ name }) => name))
  const seen = new Set<string>()
  for (const { name, on, method, query, header } of S3_ROUTES) {
    assert.ok(known.has(name) || name === 'ZipFolder', name)
    const selector = [on, method, ...query.toSorted(), header].join(' ')
    assert.ok(!seen.has(selector), selector)
    seen.add(selector)
  }
  assert.ok(IMPLEMENTED.size >= 11)
})

test('a method without a row is not allowed, and says which are', () => {
  for (const [on, method] of [
    ['service', 'PUT'],
    ['service', 'DELETE'],
    ['bucket', 'PATCH'],
    ['object', 'TRACE'],
  ] as const) {
    assert.equal(resolve(requestFor({ on, method, header: null }, [])), 'method-not-allowed')
  }
})
