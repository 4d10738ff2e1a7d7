/** Temporary credentials are stored nowhere, and so they work in every worker, and go on after the server was killed and started again. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { presignS3 } from '@hallpass/signing/s3'
import { createObjectClient } from '../crash/object-client.ts'
import { findPort } from '../../packages/server/test/support/free-port.ts'
import { startServerProcess } from '../crash/server-process.ts'

const KEYS = {
  accessKeyId: 'HPTEMPORARYTESTKEY22',
  secretAccessKey: 'temporary-keys/secret+0123456789abcdefghij',
}
const ADMIN_KEY = 'temporary-keys-admin-0123456789abcdefghij'
const ASKED = 12

interface Temporary {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

test('temporary credentials work in every worker, and after a crash', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'hallpass-temporary-'))
  const port = await findPort()
  const start = () =>
    startServerProcess({
      dataDir,
      ...KEYS,
      workers: 2,
      port,
      env: { HALLPASS_ADMIN_KEY: ADMIN_KEY },
    })
  /** Each call is a connection of its own, so that the kernel may give it to either worker. */
  const read = async (origin: string, credentials: Temporary): Promise<string> => {
    const { url } = presignS3({
      endpoint: origin,
      region: 'us-east-1',
      bucket: 'acme',
      key: 'a.txt',
      method: 'GET',
      expiresInSeconds: 300,
      credentials,
    })
    const answer = await fetch(url, { headers: { connection: 'close' } })
    return `${answer.status} ${await answer.text()}`
  }
  let server = await start()
  try {
    const objects = createObjectClient({ origin: server.origin, bucket: 'acme', ...KEYS })
    await objects.createBucket()
    assert.equal(await objects.put('a.txt', Buffer.from('content')), 200)
    const answer = await fetch(`${server.origin}/v1/access-keys/temporary`, {
      method: 'POST',
      headers: { authorization: ADMIN_KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ actions: ['read'], pathPrefix: 'acme' }),
    })
    const credentials = (await answer.json()) as Temporary
    assert.equal(answer.status, 201, JSON.stringify(credentials))
    const ask = (): Promise<string[]> =>
      Promise.all(Array.from({ length: ASKED }, () => read(server.origin, credentials)))
    assert.deepEqual(new Set(await ask()), new Set(['200 content']))
    await server.kill()
    server = await start()
    assert.deepEqual(new Set(await ask()), new Set(['200 content']))
  } finally {
    await server.kill()
    await rm(dataDir, { recursive: true })
  }
})
