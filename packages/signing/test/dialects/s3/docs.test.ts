import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

test('the example on the page of S3 runs', async () => {
  const page = readFileSync(new URL('../../../../../docs/dialects/s3.md', import.meta.url), 'utf8')
  const [example = '', ...others] = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(
    (match) => match[1] ?? '',
  )
  assert.equal(others.length, 0)
  assert.ok(example.split('\n').filter((line) => line.trim() !== '').length <= 10)
  const source = new URL('../../../src/', import.meta.url).href
  const code = example.replaceAll(/'@hallpass\/signing\/(\w+)'/g, `'${source}$1.ts'`)
  assert.notEqual(code, example)
  await import(`data:text/javascript,${encodeURIComponent(code)}`)
})
