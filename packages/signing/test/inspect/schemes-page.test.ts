import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { DIALECT_NAMES } from '@hallpass/signing/detect'
import { isVerifiable } from '@hallpass/signing/explain'
import { observeRequest } from '../../src/inspect/facts/observe-request.ts'
import type { Scheme } from '../../src/inspect/schemes/scheme.ts'
import { SCHEMES } from '../../src/inspect/schemes/schemes.ts'

/** The table in docs/dialects/more.md, held against the descriptors. */

interface Row {
  readonly scheme: string
  readonly secret: string
  readonly end: string
  readonly named: string
  readonly redact: string
  readonly audit: string
}

const PAGE = readFileSync(new URL('../../../../docs/dialects/more.md', import.meta.url), 'utf8')
const ROWS = PAGE.split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(1)
  .map(readRow)

function readRow(line: string): Row {
  const cells = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
  assert.equal(cells.length, 6, line)
  const [scheme = '', secret = '', end = '', named = '', redact = '', audit = ''] = cells
  return { scheme, secret, end, named, redact, audit }
}

function quotedIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]*)`/g)].map((match) => match[1] ?? '')
}

/** The rows that name the dialect; of more than one those that name what `audit` calls this kind. */
function rowsOf({ name, title }: Scheme): Row[] {
  const rows = ROWS.filter(({ named }) => quotedIn(named).includes(name))
  const own = rows.filter(({ audit }) => quotedIn(audit).includes(title))
  return own.length > 0 ? own : rows
}

suite('the page of further schemes says what the descriptors say', () => {
  for (const scheme of SCHEMES) {
    test(scheme.title, () => {
      const rows = rowsOf(scheme)
      assert.ok(rows.length > 0, `no row names ${scheme.name}`)
      const isNamed = rows.some(({ secret }) =>
        scheme.secrets.some((name) => secret.toLowerCase().includes(`\`${name.toLowerCase()}`)),
      )
      const isTold = rows.some(({ secret }) => /JSON Web Token|path|digest/.test(secret))
      assert.ok(isNamed || isTold || scheme.form === 'header', scheme.secrets.join(', '))
      const isCalled = rows.some(
        ({ audit }) => quotedIn(audit).includes(scheme.title) || /secret|service's/.test(audit),
      )
      assert.ok(isCalled || scheme.form === 'header', scheme.title)
    })

    test(`${scheme.title}: its end`, () => {
      const request = observeRequest({ url: 'https://h.test/' })
      const life = scheme.life({ request, url: request.url, values: new Map() })
      const [row] = rowsOf(scheme)
      const isEndless = life.isEndless === true
      if (/^none$|without it none/.test(row?.end ?? '')) assert.ok(isEndless, row?.end)
      else if (/^(?:not told|the operator's)$/.test(row?.end ?? ''))
        assert.ok(!isEndless && (life.expiresAt ?? null) === null, row?.end)
    })
  }

  test('and names nothing that there is not', () => {
    const titles = new Set(SCHEMES.map(({ title }) => title))
    for (const { named, audit, scheme } of ROWS) {
      for (const name of quotedIn(named)) {
        assert.ok(
          DIALECT_NAMES.some((other) => other === name),
          `${scheme}: ${name}`,
        )
      }
      const isComputed = SCHEMES.some(
        ({ name }) => quotedIn(named).includes(name) && isVerifiable(name),
      )
      assert.equal(named.includes('computed too'), isComputed, scheme)
      for (const title of quotedIn(audit)) assert.ok(titles.has(title), `${scheme}: ${title}`)
    }
  })
})
