/** A shared folder: its list, its files one by one, and its archive, which other programs unpack. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { MAX_PACKED_OF_NETWORK } from '../../packages/server/src/core/limits.ts'
import { waitUntil } from '../lib/patience.ts'
import { needsOneProcess } from '../lib/many-nodes.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, upload } from '../rest/call.ts'
import { unzip } from './unzip.ts'
import { leadsTo, look, press, share } from './visit.ts'

const run = promisify(execFile)

/** As its owner stored them: markup, quotes, marks that turn the direction, what other systems take for a way out. */
const FILES: Readonly<Record<string, string>> = {
  'photos/a.txt': 'first',
  'photos/b <img src=x onerror=alert(1)>.txt': 'second',
  'photos/sub/c & d.txt': 'third',
  'photos/sub/deep/e.txt': '',
  'photos/gnp.\u202Eexe': 'fourth',
  'photos//x/..\\..\\evil.txt': 'fifth',
  'photos/aux.txt': 'sixth',
  [`photos/${'ä'.repeat(120)}.txt`]: 'seventh',
}

function withFolder(use: (server: RunningServer) => Promise<void>): Promise<void> {
  return withServer(async (server) => {
    for (const [key, text] of Object.entries(FILES)) await upload(server, `acme/${key}`, text)
    await upload(server, 'acme/photos-private/secret.txt', 'secret')
    await use(server)
  })
}

const python = spawnSync('python3', ['--version']).status === 0
const skip = python ? false : 'there is no python3 to unpack with'

test('a folder is listed as text, sorted by whoever looks, and walked into', async () => {
  await withFolder(async (server) => {
    const { url } = await share(server, { path: 'acme/photos/', greeting: 'Look' })
    const page = await look(url)
    assert.equal(page.status, 200)
    assert.doesNotMatch(page.text, /<img|>[^<]*\u202E|secret/)
    for (const said of ['&lt;img src=x', '[U+202E]', 'Look', 'a.txt', 'sub/', '5 bytes']) {
      assert.ok(page.text.includes(said), said)
    }
    const names = (text: string) =>
      [...text.matchAll(/name="file"\s+value="([^"]*)"/g)].map(([, value]) => value?.slice(0, 7))
    const bySize = await look(`${url}?sort=-size`)
    assert.match(bySize.text, /aria-sort="descending"/)
    assert.equal(names(bySize.text)[0], 'äääääää')
    assert.deepEqual(names((await look(`${url}?sort=-name`)).text), names(page.text).toReversed())
    const within = await look(`${url}?in=sub/`)
    assert.match(within.text, /c &amp; d\.txt/)
    assert.match(within.text, /href="\?in="/)
    assert.doesNotMatch(within.text, /a\.txt/)
    const told = JSON.parse(
      (await look(`${url}?in=sub`, { headers: { accept: 'application/json' } })).text,
    )
    assert.deepEqual(
      [told.in, told.folders, told.files.map((file: { file: string }) => file.file)],
      ['sub/', ['sub/deep/'], ['sub/c & d.txt']],
    )
  })
})

test('every file of a folder is had by its name, and nothing beside the folder', async () => {
  await withFolder(async (server) => {
    const { url } = await share(server, { path: 'acme/photos/' })
    for (const [key, text] of Object.entries(FILES)) {
      const file = key.slice('photos/'.length)
      const got = await press(url, { action: 'download', file })
      assert.equal(got.status, 303, file)
      assert.equal(await (await fetch(leadsTo(got, url))).text(), text)
    }
    for (const file of ['', '../photos-private/secret.txt', '-private/secret.txt', 'none.txt']) {
      const got = await press(url, { action: 'download', file })
      assert.ok(got.status === 400 || got.status === 404, `${file}: ${got.status}`)
    }
    const beside = await look(`${url}?in=../photos-private/`)
    assert.doesNotMatch(beside.text, /secret\.txt/)
  })
})

test('an archive is asked for below the folder alone, and for a whole folder', async () => {
  await withFolder(async (server) => {
    const { url } = await share(server, { path: 'acme/photos/' })
    for (const within of ['../photos-private/', '..', '\0', 'sub/\n', './', 'x'.repeat(2000)]) {
      const got = await press(url, { action: 'zip', in: within })
      assert.equal(got.status, 400, JSON.stringify(within))
    }
    await upload(server, 'acme/photos/sub-other/f.txt', 'eighth')
    const got = await press(url, { action: 'zip', in: 'sub' })
    const names = Object.keys(unzip(await (await fetch(leadsTo(got, url))).bytes()))
    assert.deepEqual(names.toSorted(), ['sub/c & d.txt', 'sub/deep/e.txt'])
  })
})

test('the archive holds every file under a name that leads nowhere else, of every folder within', async () => {
  await withFolder(async (server) => {
    const { url } = await share(server, { path: 'acme/photos/' })
    const answer = await fetch(leadsTo(await press(url, { action: 'zip' }), url))
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('content-type'), 'application/zip')
    assert.match(answer.headers.get('content-disposition') ?? '', /filename="photos\.zip"/)
    const bytes = await answer.bytes()
    assert.equal(String(bytes.byteLength), answer.headers.get('content-length'))
    assert.deepEqual(unzip(bytes), {
      'photos/a.txt': 'first',
      'photos/b _img src=x onerror=alert(1)_.txt': 'second',
      'photos/sub/c & d.txt': 'third',
      'photos/sub/deep/e.txt': '',
      'photos/gnp._exe': 'fourth',
      'photos/x/.._.._evil.txt': 'fifth',
      'photos/_aux.txt': 'sixth',
      [`photos/${'ä'.repeat(120)}.txt`]: 'seventh',
    })
    const part = await fetch(leadsTo(await press(url, { action: 'zip', in: 'sub/' }), url))
    assert.deepEqual(Object.keys(unzip(await part.bytes())).toSorted(), [
      'sub/c & d.txt',
      'sub/deep/e.txt',
    ])
    const whole = await share(server, { path: 'acme' })
    const all = await fetch(leadsTo(await press(whole.url, { action: 'zip' }), url))
    assert.equal(Object.keys(unzip(await all.bytes())).length, 9)
  })
})

const leftOut = needsOneProcess('each process has room of its own')

test(
  'archives that nobody takes hold room for so many files, which a connection that ends gives back',
  { skip: leftOut },
  async () => {
    await withFolder(async (server) => {
      const { url } = await share(server, { path: 'acme/photos/' })
      const ticket = leadsTo(await press(url, { action: 'zip' }), url)
      for (let round = 0; round < 3; round += 1) {
        const answer = await fetch(ticket)
        assert.equal(answer.status, 200)
        await answer.body?.cancel()
      }
      const room = server.core.packRoom.open('192.0.2.1')
      await waitUntil(() => {
        try {
          room.take(MAX_PACKED_OF_NETWORK)
          return true
        } catch {
          return false
        }
      }, 'all room of a network')
      const own = server.core.packRoom.open('127.0.0.1')
      own.take(MAX_PACKED_OF_NETWORK)
      const refused = await fetch(ticket)
      assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1'])
      own.close()
      assert.equal((await fetch(ticket)).status, 200)
    })
  },
)

test('an archive is one use, and ends with the share', async () => {
  await withFolder(async (server) => {
    const { url, id } = await share(server, { path: 'acme/photos/', maxUses: 1 })
    const ticket = leadsTo(await press(url, { action: 'zip' }), url)
    const first = await fetch(ticket)
    assert.equal((await first.bytes()).byteLength > 0, true)
    assert.equal((await fetch(ticket)).status, 410)
    assert.equal((await look(url)).status, 410)
    assert.equal((await call(server, 'GET', `/v1/shares/${id}`)).json['uses'], 1)
    const other = await share(server, { path: 'acme/photos/' })
    const open = leadsTo(await press(other.url, { action: 'zip' }), url)
    await call(server, 'DELETE', `/v1/shares/${other.id}`)
    assert.equal((await fetch(open)).status, 403)
  })
})

test('nobody gets an archive without the share of a folder', async () => {
  await withFolder(async (server) => {
    await call(server, 'PUT', '/v1/folders/acme/photos', { json: { visibility: 'public' } })
    const { url } = await share(server, { path: 'acme/photos/a.txt' })
    assert.equal((await press(url, { action: 'zip' })).status, 400)
    for (const target of [
      '/acme/photos/?X-Hallpass-Zip=1',
      '/acme/photos/a.txt?X-Hallpass-Zip=1',
    ]) {
      assert.equal((await fetch(server.origin + target)).status, 403, target)
    }
    const ticket = new URL(leadsTo(await press(url, { action: 'download' }), url))
    ticket.searchParams.set('X-Hallpass-Zip', '1')
    assert.equal((await fetch(ticket)).status, 403)
  })
})

test('where the rules of a folder within are tighter, they hold for it and for the archive', async () => {
  await withFolder(async (server) => {
    const { url } = await share(server, { path: 'acme/photos/' })
    const policy = { policy: { requirePassword: true } }
    await call(server, 'PUT', '/v1/folders/acme/photos/sub/policy', { json: policy })
    assert.equal((await look(url)).status, 200)
    assert.equal((await look(`${url}?in=sub/`)).status, 403)
    assert.equal((await press(url, { action: 'download', file: 'sub/c & d.txt' })).status, 403)
    const zip = await fetch(leadsTo(await press(url, { action: 'zip' }), url))
    assert.equal(zip.status, 403)
  })
})

test('a program that knows nothing of the server unpacks the archive', { skip }, async () => {
  await withFolder(async (server) => {
    const { url } = await share(server, { path: 'acme/photos/' })
    const answer = await fetch(leadsTo(await press(url, { action: 'zip' }), url))
    const folder = await mkdtemp(join(tmpdir(), 'hallpass-zip-'))
    try {
      await writeFile(join(folder, 'all.zip'), await answer.bytes())
      await run('python3', ['-m', 'zipfile', '-t', 'all.zip'], { cwd: folder })
      await run('python3', ['-m', 'zipfile', '-e', 'all.zip', 'out'], { cwd: folder })
      const names = await readdir(join(folder, 'out'), { recursive: true })
      assert.ok(names.includes(join('photos', 'sub', 'c & d.txt')))
      assert.deepEqual(await readdir(folder), ['all.zip', 'out'])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
