import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const PAGES = [
  'cloud-cdn',
  'media-cdn',
  'akamai',
  'bunny',
  'nginx',
  'swift',
  'edgio',
  'cloudflare',
  'laravel',
  'imgix',
  'oss',
  'cos',
  'http-signatures',
]

for (const name of PAGES) {
  test(`the example on the page of ${name} runs`, async () => {
    const page = readFileSync(
      new URL(`../../../../docs/dialects/${name}.md`, import.meta.url),
      'utf8',
    )
    const examples = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1] ?? '')
    assert.equal(examples.length, 1)
    const [example = ''] = examples
    const lines = example.split('\n').filter((line) => line.trim() !== '')
    assert.ok(lines.length <= 10, `${lines.length} lines`)
    const entry = new URL(`../../src/${name}.ts`, import.meta.url).href
    const code = example.replaceAll(`'@hallpass/signing/${name}'`, `'${entry}'`)
    assert.notEqual(code, example)
    await import(`data:text/javascript,${encodeURIComponent(code)}`)
  })
}
