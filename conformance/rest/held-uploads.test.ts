/** Planned uploads into a folder where files are looked at before anybody sees them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsOneProcess } from '../lib/many-nodes.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, upload } from './call.ts'

interface Planned {
  readonly id: string
  readonly status: string
  readonly file: { readonly size: number } | null
  readonly heldId: string | null
}

interface Plan {
  readonly upload: Planned
  readonly requests: readonly {
    readonly method: string
    readonly url: string
    readonly headers: Record<string, string>
  }[]
}

/** Sends one part, and completes twice: the answer to the first may have been lost. */
async function sendInParts(server: RunningServer, path: string, text: string): Promise<Planned> {
  const json = { path, size: text.length, methods: ['multipart'], overwrite: true }
  const made = await call(server, 'POST', '/v1/uploads', { json })
  const { upload: planned, requests } = made.json as unknown as Plan
  for (const { method, url, headers } of requests) {
    const { status } = await fetch(url, { method, headers, body: text })
    assert.equal(status, 200)
  }
  const completing = `/v1/uploads/${planned.id}/complete`
  const first = (await call(server, 'POST', completing)).json as unknown as Planned
  const again = (await call(server, 'POST', completing)).json as unknown as Planned
  assert.deepEqual([again.status, again.heldId], [first.status, first.heldId])
  return first
}

const skip = needsOneProcess('they look at files, which wait no more')

test(
  'an upload in parts that waits says under which id, and not what it is to replace',
  { skip },
  async () => {
    await withServer(async (server) => {
      await upload(server, 'acme/inbox/a.txt', 'what was there')
      const policy = { policy: { quarantine: [] } }
      await call(server, 'PUT', '/v1/folders/acme/inbox/policy', { json: policy })
      for (const path of ['acme/inbox/a.txt', 'acme/inbox/new.txt']) {
        const { status, file, heldId } = await sendInParts(server, path, 'hello')
        assert.deepEqual([status, file], ['finished', null])
        const held = await call(server, 'GET', `/v1/quarantine/${heldId}`)
        assert.deepEqual([held.status, held.json['path']], [200, path])
      }
      const free = await sendInParts(server, 'acme/free.txt', 'hello')
      assert.deepEqual([free.heldId, free.file?.size], [null, 5])
    })
  },
)
