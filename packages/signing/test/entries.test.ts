import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { test } from 'node:test'

const PACKAGE = new URL('../', import.meta.url)

test('what lies beside index.ts is an entry of its own name, and nothing else is one', () => {
  const text = readFileSync(new URL('package.json', PACKAGE), 'utf8')
  const { exports } = JSON.parse(text) as { exports: Record<string, unknown> }
  const expected = globSync('*.ts', { cwd: new URL('src/', PACKAGE) })
    .map((file) => basename(file, '.ts'))
    .map((name) => [
      name === 'index' ? '.' : `./${name}`,
      {
        '@hallpass/source': `./src/${name}.ts`,
        types: `./dist/${name}.d.ts`,
        default: `./dist/${name}.js`,
      },
    ])
  assert.deepEqual(exports, {
    ...Object.fromEntries(expected),
    './package.json': './package.json',
  })
})
