/** conformance/COVERAGE.md says what is true: of routes.ts, of selectors.ts, and of the files it names. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { S3_ROUTES } from '../../../src/api/s3/routes.ts'
import { ZIP_PARAMETER } from '../../../src/core/links/link-parameters.ts'
import { SELECTING_HEADERS, SELECTING_PARAMETERS } from '../../../src/api/s3/selectors.ts'
import { S3_OPERATIONS } from './s3-operations.ts'

const ROOT = new URL('../../../../../', import.meta.url)
const PAGE = readFileSync(new URL('conformance/COVERAGE.md', ROOT), 'utf8')

/** The rows of the table below a heading, without its head. */
function tableBelow(heading: string): string[][] {
  const section = PAGE.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  const lines = section.split('\n').filter((line) => line.startsWith('| '))
  return lines.slice(1).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

const operations = tableBelow('Operations')
const refused = tableBelow('NotImplemented on purpose')
const requests = [
  ...operations.map(([name = '', , request = '']) => [name, request] as const),
  ...refused.map(([name = '', request = '']) => [name, request] as const),
]

/** Operations that S3 does not have. */
const OWN = new Set(['ZipFolder'])

test('COVERAGE.md names the operations that have a route, and as refused all others of S3', () => {
  const routed = new Set(S3_ROUTES.map(({ name }) => name).filter((name) => !OWN.has(name)))
  const others = new Set(S3_OPERATIONS.map(({ name }) => name).filter((name) => !routed.has(name)))
  const namesOf = (rows: string[][]): string[] => rows.map(([name = '']) => name).toSorted()
  assert.deepEqual(namesOf(operations), [...routed].toSorted())
  assert.deepEqual(namesOf(refused), [...others].toSorted())
})

test('each request of COVERAGE.md is one that selects its operation', () => {
  const known = new Map<string, string[]>()
  for (const { name, method, query } of S3_OPERATIONS) {
    const parameters = query.map(([parameter]) => parameter).filter(isSelecting)
    known.set(name, [...(known.get(name) ?? []), [method, ...parameters].join(' ')])
  }
  for (const [name = '', request = ''] of requests) {
    const [, method = '', query = ''] = /^`(\w+) \/[^?`]*\??([^`]*)`/.exec(request) ?? []
    const parameters = query.split('&').map((pair) => pair.split('=')[0] ?? '')
    const asked = [method, ...parameters.filter(isSelecting)].join(' ')
    assert.ok(known.get(name)?.includes(asked), `${name}: ${request}`)
  }
})

test('every selector of S3 stands in a request of COVERAGE.md', () => {
  const text = requests.map(([, request]) => request).join('\n')
  const words = new Set(text.split(/[`\s?&=]+/))
  const selectors = [...SELECTING_PARAMETERS, ...SELECTING_HEADERS]
  const missing = selectors.filter((name) => !words.has(name) && name !== ZIP_PARAMETER)
  assert.deepEqual(missing, [])
})

test('the tests that COVERAGE.md names are there, and ask for the operation', () => {
  for (const [name = '', , request = '', tests = ''] of operations) {
    const files = [...tests.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file)
    assert.ok(files.length > 0, name)
    for (const file of files) {
      const place = new URL(file, ROOT)
      assert.ok(existsSync(place), `${name}: ${file}`)
      assert.ok(asksFor(readFileSync(place, 'utf8'), name, request), `${name}: ${file}`)
    }
  }
})

/** By the SDK, by its name, by the table of all operations, or by what selects it; a request that nothing selects says nothing. */
function asksFor(text: string, name: string, request: string): boolean {
  if (text.includes(`${name}Command`) || text.includes('S3_ROUTES.filter')) return true
  const selectors = [...request.matchAll(/[?&]([\w-]+)|with `([\w-]+)`/g)].map(
    ([, parameter = '', header = '']) => parameter || header,
  )
  return selectors.every((selector) => new RegExp(`[?&'"{,] ?${selector}\\b`).test(text))
}

function isSelecting(name: string): boolean {
  return SELECTING_PARAMETERS.has(name)
}
