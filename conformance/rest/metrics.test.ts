/** What Prometheus is told: links by what became of them, bytes that became files; and promtool finds no fault with the page. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { needsOneProcess } from '../lib/many-nodes.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const hasPromtool = spawnSync('promtool', ['--version']).status === 0

async function readMetrics(server: RunningServer): Promise<string> {
  const headers = { authorization: server.adminKey }
  return (await fetch(`${server.origin}/-/metrics`, { headers })).text()
}

async function issue(server: RunningServer, options: object): Promise<{ id: string; url: string }> {
  const answer = await fetch(`${server.origin}/v1/links`, {
    method: 'POST',
    headers: { authorization: server.adminKey, 'content-type': 'application/json' },
    body: JSON.stringify({ path: 'acme/a.txt', ...options }),
  })
  return (await answer.json()) as { id: string; url: string }
}

const skip = needsOneProcess('each process counts for itself')

test(
  'links are counted by what became of them, and the bytes that became files',
  { skip },
  async () => {
    await withServer(async (server) => {
      const authorization = server.adminKey
      const put = { method: 'PUT', headers: { authorization }, body: 'hello' }
      await fetch(`${server.origin}/v1/files?path=acme/a.txt`, put)
      const once = await issue(server, { maxUses: 1 })
      const revoked = await issue(server, {})
      const elsewhere = await issue(server, { ip: '203.0.113.7' })
      assert.equal((await fetch(once.url)).status, 200)
      assert.equal((await fetch(once.url)).status, 410)
      await fetch(`${server.origin}/v1/links/${revoked.id}`, {
        method: 'DELETE',
        headers: { authorization },
      })
      assert.equal((await fetch(revoked.url)).status, 403)
      assert.equal((await fetch(elsewhere.url)).status, 403)
      assert.equal((await fetch(revoked.url.replace(/.$/, 'x'))).status, 403)
      const text = await readMetrics(server)
      const counts = Object.fromEntries(
        [...text.matchAll(/^hallpass_links_total\{outcome="(.+)"\} (\d+)$/gm)].map(
          ([, outcome = '', count]) => [outcome, Number(count)],
        ),
      )
      assert.deepEqual(counts, {
        issued: 3,
        served: 1,
        'used-up': 1,
        revoked: 1,
        'wrong-network': 1,
        refused: 1,
        expired: 0,
        preview: 0,
      })
      assert.match(text, /^hallpass_stored_bytes_total 5$/m)
      assert.match(text, /^hallpass_uploads_active 0$/m)
    })
  },
)

test(
  'promtool finds no fault with the metrics',
  { skip: hasPromtool ? false : 'promtool is not installed on this machine' },
  async () => {
    await withServer(async (server) => {
      const input = await readMetrics(server)
      const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input })
      assert.equal(status, 0, `${String(stdout)}${String(stderr)}`)
    })
  },
)
