/** docs/rest-api.md names every operation, and no other. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ROUTES } from '../../../src/api/rest/routes.ts'

const page = readFileSync(new URL('../../../../../docs/rest-api.md', import.meta.url), 'utf8')

/** `GET`, `PUT /v1/watch`: the methods that share a path stand before it. */
const CALLS = /((?:`[A-Z]+`, )*)`([A-Z]+) (\/[^`?\s]+)/g

/** Whatever stands for a value is called differently here and there. */
const withoutNames = (path: string): string => path.replaceAll(/\{\w+\}/g, '{}')

function readCalls(): Set<string> {
  const calls = [...page.matchAll(CALLS)].flatMap(([, before = '', method = '', path = '']) =>
    [...(before.match(/[A-Z]+/g) ?? []), method].map((each) => `${each} ${withoutNames(path)}`),
  )
  return new Set(calls)
}

test('every operation is documented, and every documented one exists', () => {
  const served = new Set(ROUTES.map(({ method, path }) => `${method} ${withoutNames(path)}`))
  assert.deepEqual([...readCalls()].toSorted(), [...served].toSorted())
})
