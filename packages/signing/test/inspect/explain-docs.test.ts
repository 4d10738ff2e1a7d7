import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { CAUSE_CODES } from '@hallpass/signing/explain'

const DOCS = readFileSync(new URL('../../../../docs/explain.md', import.meta.url), 'utf8')
const SECTIONS = DOCS.split(/^### /m)
  .slice(1)
  .map((section) => {
    const [heading = '', ...lines] = section.split('\n')
    return {
      code: heading.replaceAll('`', ''),
      text: lines.join('\n').split(/^## /m)[0]?.trim() ?? '',
    }
  })

test('every cause has its paragraph in docs/explain.md, and every paragraph its cause', () => {
  const documented = SECTIONS.map(({ code }) => code)
  assert.deepEqual(documented.toSorted(), CAUSE_CODES.toSorted())
})

test('every paragraph says more than one sentence', () => {
  for (const { code, text } of SECTIONS) {
    assert.ok(text.length > 80, code)
    assert.ok((text.match(/[.:](?:\s|$)/g) ?? []).length >= 2, code)
  }
})
