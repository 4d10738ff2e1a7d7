/** The page of each dialect in docs/dialects names every option of every function of its entry. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { test } from 'node:test'
import { EVERY_REQUIRED, namesOf } from './required-options.ts'

const DOCS = new URL('../../../../docs/dialects/', import.meta.url)
const SOURCE = new URL('../../src/', import.meta.url)

const pages = globSync('*.md', { cwd: DOCS }).filter((file) => file !== 'more.md')

test('there is a page for every dialect', () => assert.ok(pages.length >= 17, String(pages.length)))

for (const page of pages) {
  const dialect = basename(page, '.md')
  test(`the page of ${dialect} names every option`, async () => {
    const entry = (await import(new URL(`${dialect}.ts`, SOURCE).href)) as object
    const text = readFileSync(new URL(page, DOCS), 'utf8')
    const named = new Set(
      [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => code.match(/\w+/g) ?? []),
    )
    const known = new Set<string>()
    for (const required of EVERY_REQUIRED) {
      const { name } = required
      if (!Object.hasOwn(entry, name) || name === 'toRawRequest') continue
      for (const option of await namesOf(required)) known.add(option)
    }
    assert.ok(known.size > 3, [...known].join())
    assert.deepEqual(
      [...known].filter((option) => !named.has(option)),
      [],
    )
  })
}
