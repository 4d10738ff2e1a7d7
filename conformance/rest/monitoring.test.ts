/** The rules and the dashboard that docs/monitoring.md offers: promtool takes the rules, and nothing asks for a metric there is not. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { withServer } from '../lib/start-server.ts'

const FOLDER = join(import.meta.dirname, '../../docs/monitoring')
const RULES = join(FOLDER, 'hallpass.rules.yml')
const DASHBOARD = join(FOLDER, 'grafana.json')

const hasPromtool = spawnSync('promtool', ['--version']).status === 0

test(
  'promtool finds no fault with the rules',
  { skip: hasPromtool ? false : 'promtool is not installed on this machine' },
  () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', RULES])
    assert.equal(status, 0, `${String(stdout)}${String(stderr)}`)
  },
)

test('rules and dashboard ask for metrics that the server has', async () => {
  await withServer(async ({ origin, adminKey }) => {
    const headers = { authorization: adminKey }
    const text = await (await fetch(`${origin}/-/metrics`, { headers })).text()
    const known = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name))
    for (const file of [RULES, DASHBOARD]) {
      const asked = readFileSync(file, 'utf8').match(/\bhallpass_\w+/g) ?? []
      assert.ok(asked.length > 5, file)
      for (const name of asked) {
        assert.ok(known.has(name.replace(/_(?:bucket|sum|count)$/, '')), `${file}: ${name}`)
      }
    }
  })
})

test('the dashboard is one that Grafana reads: a title, a data source to choose, and queries in every panel', () => {
  const dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as {
    readonly title: string
    readonly templating: { readonly list: readonly { readonly name: string }[] }
    readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[]
  }
  assert.equal(dashboard.title, 'Hallpass')
  assert.deepEqual(
    dashboard.templating.list.map(({ name }) => name),
    ['datasource'],
  )
  assert.ok(dashboard.panels.every(({ targets }) => targets.every(({ expr }) => expr !== '')))
})
