/** Names mean their own letters, byte for byte: nothing in them is a pattern, and none is written differently. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, issue, statusOf, upload } from './call.ts'

let server: RunningServer

before(async () => {
  server = await startServer()
})

after(async () => {
  await server.stop()
})

const inUrl = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

async function listed(what: string, query: Record<string, string>): Promise<unknown[]> {
  const { json } = await call(server, 'GET', `/v1/${what}?${new URLSearchParams(query)}`)
  return json[what] as unknown[]
}

test('wildcards and quotes in a folder mean themselves, whatever is asked of it', async () => {
  const folders = ['a*', 'a%', 'a_', 'a[b]', "a'b", 'a"b', 'a\\b', 'a?', 'axb', 'ab']
  const links = new Map<string, { id: string; url: string }>()
  for (const folder of folders) {
    const path = `acme/${folder}/x.txt`
    assert.equal((await upload(server, path, folder))['path'], path)
    links.set(folder, await issue(server, { path }))
  }
  for (const folder of folders) {
    const path = `acme/${folder}`
    const files = await listed('files', { folder: path })
    assert.deepEqual(
      files.map((file) => (file as { path: string }).path),
      [`${path}/x.txt`],
    )
    for (const what of ['links', 'events']) {
      const found = await listed(what, { path: `${path}/` })
      assert.ok(found.length > 0, `${what} of ${folder}`)
      for (const entry of found) {
        assert.equal((entry as { path: string }).path, `${path}/x.txt`, `${what} of ${folder}`)
      }
    }
  }
  for (const folder of folders.slice(0, -2)) {
    const { status } = await call(server, 'PUT', `/v1/folders/${inUrl(`acme/${folder}`)}`, {
      json: { visibility: 'public' },
    })
    assert.equal(status, 200, folder)
  }
  for (const folder of folders) {
    const open = await statusOf(`${server.origin}/${inUrl(`acme/${folder}/x.txt`)}`)
    assert.equal(open, ['axb', 'ab'].includes(folder) ? 403 : 200, `${folder} without a signature`)
  }
  for (const [index, folder] of folders.entries()) {
    await call(server, 'POST', '/v1/revocations', { json: { folder: `acme/${folder}` } })
    for (const [at, other] of folders.entries()) {
      const status = await statusOf(links.get(other)?.url ?? '')
      assert.equal(status, at <= index ? 403 : 200, `${other} after a revocation of ${folder}`)
    }
  }
})

test('a name is kept as it was written: composed, decomposed, in either case, with blanks', async () => {
  const names = [
    'caf\u00E9',
    'cafe\u0301',
    'CAFE\u0301',
    '\uFB01le',
    'file',
    ' x ',
    'x',
    '\u212B',
    '\u00C5',
  ]
  const ids = new Set<unknown>()
  for (const name of names) {
    const form = new FormData()
    form.append('folder', 'acme/forms')
    form.append('file', new Blob([name]), name)
    const sent = await call(server, 'POST', '/v1/files', { body: form })
    assert.deepEqual([sent.status, sent.json['path']], [201, `acme/forms/${name}`])
    const { id } = await upload(server, `acme/raw/${name}`, name)
    const moved = await call(server, 'PATCH', `/v1/files/${String(id)}`, {
      json: { path: `acme/moved/${name}` },
    })
    assert.deepEqual([moved.status, moved.json['name']], [200, name])
    ids.add(sent.json['id']).add(id)
  }
  assert.equal(ids.size, names.length * 2)
  for (const folder of ['acme/forms', 'acme/moved']) {
    const files = (await listed('files', { folder })) as { name: string; signedUrl: string }[]
    assert.deepEqual(new Set(files.map(({ name }) => name)), new Set(names))
    for (const { name, signedUrl } of files) {
      assert.equal(await (await fetch(signedUrl)).text(), name)
    }
  }
})
