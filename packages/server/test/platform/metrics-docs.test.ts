/** The pages that tell what is measured and what the server measures say the same, both ways. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { createMetrics } from '../../src/platform/metrics.ts'

const DOCS = new URL('../../../../docs/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, DOCS), 'utf8')

async function renderAll(): Promise<string> {
  const metrics = createMetrics()
  metrics.watchKeys({
    signingKey: () => Promise.resolve(1),
    masterKey: () => Promise.resolve(1),
  })
  return (await metrics.render()).text
}

suite('docs/configuration.md', () => {
  const page = read('configuration.md')

  test('has every metric with its type, and no other', async () => {
    const rendered = [...(await renderAll()).matchAll(/^# TYPE (\w+) (\w+)$/gm)]
    const rows = [...page.matchAll(/^\| `(hallpass_\w+)` \| (\w+) \|/gm)]
    const line = ([, name, type]: RegExpExecArray): string => `${name} ${type}`
    assert.deepEqual(rows.map(line).toSorted(), rendered.map(line).toSorted())
  })

  test('names every value that a label has from the start', async () => {
    const series = [...(await renderAll()).matchAll(/^(\w+)\{(\w+)="([^"]+)"\} 0$/gm)]
    assert.ok(series.length > 10)
    for (const [, name, label, value] of series) {
      const row = new RegExp(`^\\| \`${name}\` \\|.*\`${label}\`.*\`${value}\``, 'm')
      assert.match(page, row, `${name} ${value}`)
    }
  })
})

test('docs/monitoring.md says what to do about every alert of the rules for Prometheus, and about no other', () => {
  const told = [...read('monitoring.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  const rules = [...read('monitoring/hallpass.rules.yml').matchAll(/- alert: (\w+)$/gm)]
  assert.ok(told.length > 0)
  assert.deepEqual(
    told,
    rules.map(([, name]) => name),
  )
})
