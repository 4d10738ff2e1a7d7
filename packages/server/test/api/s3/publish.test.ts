import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFolder } from '../../support/core.ts'
import { withS3 } from './support.ts'
import type { Credentials, S3Server } from './support.ts'

const ADMIN = ['read', 'write', 'delete', 'list', 'share', 'admin'] as const

function policyFor(...folders: readonly string[]): string {
  const Resource = folders.map((folder) => `arn:aws:s3:::acme/${folder}*`)
  const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}

async function putPolicy(
  server: S3Server,
  credentials: Credentials,
  policy: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const url = server.presign('PUT', 'acme', { credentials, query: { policy: '' } })
  const answer = await fetch(url, { method: 'PUT', body: policy })
  return { status: answer.status, text: await answer.text() }
}

test('a bucket policy that makes something public needs the right to publish', async () => {
  await withS3(async (server) => {
    const credentials = await server.createKey({
      name: 'n',
      actions: ADMIN,
      mayPresignDelete: true,
    })
    const refused = await putPolicy(server, credentials, policyFor(''))
    assert.equal(refused.status, 403)
    assert.match(refused.text, /AccessDenied/)
    assert.match(refused.text, /publish/)
    const publisher = await server.createKey({ name: 'n', actions: [...ADMIN, 'publish'] })
    assert.equal((await putPolicy(server, publisher, policyFor('a/', 'b/'))).status, 204)
    // Fewer than were public, and none at all, whoever administrates may say.
    assert.equal((await putPolicy(server, credentials, policyFor('a/x/'))).status, 204)
    assert.equal((await putPolicy(server, credentials, policyFor('b/'))).status, 403)
    const url = server.presign('DELETE', 'acme', { credentials, query: { policy: '' } })
    assert.equal((await fetch(url, { method: 'DELETE' })).status, 204)
  })
})

test('a policy opens no private folder inside of a public one without the right', async () => {
  await withS3(async (server) => {
    await setFolder(server.core, 'acme/a', { visibility: 'public' })
    await setFolder(server.core, 'acme/a/closed', { visibility: 'private' })
    const credentials = await server.createKey({ name: 'n', actions: ADMIN })
    assert.equal((await putPolicy(server, credentials, policyFor('a/closed/'))).status, 403)
  })
})
