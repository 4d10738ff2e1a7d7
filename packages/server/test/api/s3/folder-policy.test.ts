import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issue, put, setFolder } from '../../support/core.ts'
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

test('pages of other origins than those a folder names are refused, with links, forms and public files', async () => {
  const app = 'https://app.example.com'
  const other = 'https://other.example.com'
  await withS3(async ({ core, origin: server, presign }) => {
    await put(core, 'x.txt', 'x')
    await put(core, 'open/x.txt', 'x')
    await setFolder(core, 'acme/open', { visibility: 'public' })
    await setFolder(core, 'acme', { policy: { corsOrigins: [app] } })
    const from = async (url: string, origin?: string, method = 'GET'): Promise<Response> =>
      fetch(url, {
        method,
        headers: origin === undefined ? {} : { origin },
        ...(method === 'PUT' ? { body: 'x' } : {}),
      })
    const urls = [presign('GET', 'acme/x.txt'), `${server}/acme/open/x.txt`]
    for (const url of urls) {
      for (const origin of [undefined, app, core.filesUrl]) {
        const answer = await from(url, origin)
        assert.equal(answer.status, 200, `${url} ${origin}`)
        assert.match(answer.headers.get('vary') ?? '', /Origin/)
      }
      for (const origin of [other, 'null', `${app}:8443`]) {
        const refused = await from(url, origin)
        assert.equal(refused.status, 403, `${url} ${origin}`)
        assert.match(await refused.text(), /corsOrigins/)
      }
    }
    const upload = presign('PUT', 'acme/new.txt')
    assert.equal((await from(upload, other, 'PUT')).status, 403)
    assert.equal(await core.files.find({ bucket: 'acme', key: 'new.txt' }), null)
    assert.equal((await from(upload, app, 'PUT')).status, 200)
    assert.equal((await from(upload, undefined, 'PUT')).status, 200)

    const link = await issue(core, 'form.txt', { method: 'POST' })
    const submit = (origin: string): Promise<Response> => {
      const form = new FormData()
      for (const [name, value] of Object.entries(link.fields ?? {})) form.append(name, value)
      form.append('file', new File(['x'], 'form.txt'))
      return fetch(link.url, { method: 'POST', body: form, headers: { origin } })
    }
    assert.equal((await submit(other)).status, 403)
    assert.equal((await submit(app)).status, 204)
  })
})
