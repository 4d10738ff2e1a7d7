/** An upload outlives the server that it goes to: killed on the way and started again, it gets what is missing. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createHallpass } from '@hallpass/client'
import { upload } from '@hallpass/client/upload'
import { createUploadHandler, route } from '@hallpass/client/upload-handler'
import { startServerProcess } from '../crash/server-process.ts'
import type { ServerProcess } from '../crash/server-process.ts'
import { waitUntil } from '../lib/patience.ts'
import { startApplication } from './application.ts'

const MIB = 1024 ** 2
const KEY = 'hp_restart_0123456789abcdefghijklmnopqrstuvwxyz'

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

test('a server that is killed on the way and started again goes on with the same upload', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'hallpass-restart-'))
  const start = (port?: number): Promise<ServerProcess> =>
    startServerProcess({
      dataDir,
      accessKeyId: 'HPRESTARTTESTKEY0001',
      secretAccessKey: 'restart/Secret+Key/0123456789abcdefghijklmn',
      env: { HALLPASS_ADMIN_KEY: KEY },
      ...(port !== undefined && { port }),
    })
  const first = await start()
  const hp = createHallpass({ url: first.origin, key: KEY, retries: 8 })
  const asked: string[] = []
  const handle = createUploadHandler({
    hp,
    routes: {
      any: route({
        authorise: (_request, { action }) => {
          asked.push(action)
          return { path: 'acme/large.bin' }
        },
      }),
    },
  })
  const application = await startApplication(handle)
  let running = first
  try {
    await hp.buckets.put({ name: 'acme' })
    const bytes = randomBytes(40 * MIB)
    const up = upload(new Blob([bytes]), {
      endpoint: `${application.origin}/api/upload`,
      route: 'any',
      parallel: 2,
    })
    await waitUntil(() => up.progress.sent >= 8 * MIB)
    await first.kill()
    running = await start(Number(new URL(first.origin).port))
    const { file } = await up.done
    assert.ok(file !== null)
    const stored = await (await hp.files.getContent({ id: file.id })).arrayBuffer()
    assert.equal(digestOf(new Uint8Array(stored)), digestOf(bytes))
    assert.equal(asked.filter((action) => action === 'begin').length, 1)
    assert.ok(asked.includes('look'), 'it looked what had come')
  } finally {
    await application.stop()
    await running.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
})
