import assert from 'node:assert/strict'
import { test } from 'node:test'
import { put, setFolder } from '../../support/core.ts'
import { withS3 } from './support.ts'

test('a policy speaks to presigned URLs of every method, and to uploads by key', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'x.txt', 'x')
    await setFolder(core, 'acme', { policy: { methods: ['GET'], contentTypes: ['image/*'] } })
    assert.equal((await fetch(presign('GET', 'acme/x.txt'))).status, 200)
    for (const method of ['PUT', 'DELETE']) {
      const refused = await fetch(presign(method, 'acme/x.txt'), {
        method,
        ...(method === 'PUT' ? { body: 'x' } : {}),
      })
      assert.equal(refused.status, 403, method)
      assert.match(await refused.text(), /<Code>AccessDenied<\/Code><Message>methods: /)
    }
    await setFolder(core, 'acme', { policy: { contentTypes: ['image/*'] } })
    const typed = (contentType: string): Promise<Response> =>
      fetch(presign('PUT', 'acme/y'), {
        method: 'PUT',
        body: 'x',
        headers: { 'content-type': contentType },
      })
    assert.equal((await typed('text/html')).status, 403)
    assert.equal((await typed('image/png')).status, 200)
  })
})

test('a type that a folder does not show in place is saved', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'x.txt', 'x')
    const disposition = async (): Promise<string | null> =>
      (await fetch(presign('GET', 'acme/x.txt'))).headers.get('content-disposition')
    assert.match((await disposition()) ?? '', /^inline/)
    await setFolder(core, 'acme', { policy: { inlineTypes: ['image/*'] } })
    assert.match((await disposition()) ?? '', /^attachment/)
    await setFolder(core, 'acme', { policy: { inlineTypes: ['text/plain'] } })
    assert.match((await disposition()) ?? '', /^inline/)
  })
})
