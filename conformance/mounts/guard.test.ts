/** What Hallpass promises of a file holds for one that lies in a store of somebody else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'
import { waitUntil } from '../lib/patience.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { askRest, withMountedBucket } from './mounted-world.ts'

interface Link {
  readonly id: string
  readonly url: string
  readonly headers: Record<string, string>
}

async function put(client: S3Client, Bucket: string, Key: string, Body: string): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'text/plain' }))
}

async function issue(server: RunningServer, wish: object): Promise<Link> {
  const { status, json } = await askRest(server, 'POST', '/v1/links', wish)
  assert.equal(status, 201, JSON.stringify(json))
  return json as Link
}

async function codeAt(url: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(url, init)
  const text = await answer.text()
  return answer.ok ? text : `${answer.status} ${/<Code>(.*)<\/Code>/.exec(text)?.[1] ?? text}`
}

interface FileView {
  readonly id: string
  readonly path: string
  readonly contentType: string
  readonly signedUrl?: string
  readonly url?: string
}

async function filesIn(server: RunningServer, folder: string): Promise<readonly FileView[]> {
  const { json } = await askRest(server, 'GET', `/v1/files?folder=${folder}`)
  return (json as { files: FileView[] }).files
}

test('a link to an object works, is counted, and ends when it is revoked', () =>
  withMountedBucket(async ({ inner, front }) => {
    await put(inner, 'inner', 'report.txt', 'the report')
    const link = await issue(front, { path: 'outer/report.txt', maxUses: 2 })
    assert.equal(await codeAt(link.url), 'the report')
    assert.equal(await codeAt(link.url), 'the report')
    assert.match(await codeAt(link.url), /^410|^403/)
    const other = await issue(front, { path: 'outer/report.txt' })
    assert.equal(await codeAt(other.url), 'the report')
    assert.equal((await askRest(front, 'DELETE', `/v1/links/${other.id}`)).status, 204)
    assert.match(await codeAt(other.url), /^403/)
  }))

test('a link is for the very object: one that takes its place, by whoever, ends it', () =>
  withMountedBucket(async ({ inner, outer, front }) => {
    await put(inner, 'inner', 'a.txt', 'one')
    const [listed] = await filesIn(front, 'outer')
    const signedUrl = listed?.signedUrl ?? ''
    assert.equal(await codeAt(signedUrl), 'one')
    const link = await issue(front, { path: 'outer/a.txt' })
    await put(inner, 'inner', 'a.txt', 'two')
    assert.match(await codeAt(link.url), /^403/)
    assert.match(await codeAt(signedUrl), /^403/)
    const byId = await askRest(front, 'GET', `/v1/files/${listed?.id}`)
    assert.equal(byId.status, 404)

    const later = await issue(front, { path: 'outer/a.txt' })
    await outer.send(new DeleteObjectCommand({ Bucket: 'outer', Key: 'a.txt' }))
    await put(inner, 'inner', 'a.txt', 'two')
    assert.match(await codeAt(later.url), /^403/)
  }))

test('a file is found by the id that a list gives, renamed, and deleted by it', () =>
  withMountedBucket(async ({ inner, outer, front }) => {
    await put(inner, 'inner', 'docs/ü.txt', 'text')
    const [entry] = await filesIn(front, 'outer/docs')
    assert.equal(entry?.path, 'outer/docs/ü.txt')
    const found = await askRest(front, 'GET', `/v1/files/${entry?.id}`)
    assert.equal((found.json as FileView).contentType, 'text/plain')
    const content = await askRest(front, 'GET', `/v1/files/${entry?.id}/content`)
    assert.equal(content.status, 302)
    assert.equal(await codeAt(content.headers.get('location') ?? ''), 'text')
    const moved = await askRest(front, 'PATCH', `/v1/files/${entry?.id}`, { path: 'outer/other' })
    assert.equal(moved.status, 200, JSON.stringify(moved.json))
    const { id } = moved.json as FileView
    const { Body, ContentType } = await inner.send(
      new GetObjectCommand({ Bucket: 'inner', Key: 'other' }),
    )
    assert.equal(await Body?.transformToString(), 'text')
    assert.equal(ContentType, 'text/plain')
    assert.equal((await askRest(front, 'GET', `/v1/files/${entry?.id}`)).status, 404)
    assert.equal((await askRest(front, 'DELETE', `/v1/files/${id}`)).status, 204)
    await assert.rejects(outer.send(new GetObjectCommand({ Bucket: 'outer', Key: 'other' })))
  }))

test('folders, visibility and policy hold, and a share shows what lies in a folder', () =>
  withMountedBucket(async ({ inner, front }) => {
    await put(inner, 'inner', 'pub/a.txt', 'open')
    await put(inner, 'inner', 'priv/b.txt', 'closed')
    const open = await askRest(front, 'PUT', '/v1/folders/outer/pub', { visibility: 'public' })
    assert.equal(open.status, 200, JSON.stringify(open.json))
    assert.equal(await codeAt(`${front.origin}/outer/pub/a.txt`), 'open')
    assert.match(await codeAt(`${front.origin}/outer/priv/b.txt`), /^403/)
    const policy = { policy: { maxDownloadSeconds: 30 } }
    assert.equal((await askRest(front, 'PUT', '/v1/folders/outer/priv', policy)).status, 200)
    const long = await askRest(front, 'POST', '/v1/links', {
      path: 'outer/priv/b.txt',
      expiresIn: 60,
    })
    assert.match(JSON.stringify(long.json), /expiry-too-long/)
    const shared = await askRest(front, 'POST', '/v1/shares', {
      path: 'outer/pub/',
      kind: 'folder',
    })
    assert.equal(shared.status, 201, JSON.stringify(shared.json))
    const page = await fetch((shared.json as { url: string }).url)
    assert.match(await page.text(), /a\.txt/)
  }))

test('an upload link commits once, of many at once one, and replaces nothing', () =>
  withMountedBucket(async ({ inner, front }) => {
    const link = await issue(front, { path: 'outer/in.txt', method: 'PUT', expiresIn: 60 })
    const send = (body: string) => codeAt(link.url, { method: 'PUT', headers: link.headers, body })
    const outcomes = await Promise.all(Array.from({ length: 8 }, (_, at) => send(`body ${at}`)))
    assert.equal(outcomes.filter((outcome) => outcome === '').length, 1, outcomes.join('\n'))
    const { Body } = await inner.send(new GetObjectCommand({ Bucket: 'inner', Key: 'in.txt' }))
    const stored = await Body?.transformToString()
    assert.equal(outcomes[Number(stored?.slice(-1))], '')

    await put(inner, 'inner', 'there.txt', 'mine')
    const keeps = await issue(front, { path: 'outer/there.txt', method: 'PUT', expiresIn: 60 })
    assert.match(
      await codeAt(keeps.url, { method: 'PUT', headers: keeps.headers, body: 'x' }),
      /^4/,
    )
    const view = await askRest(front, 'GET', `/v1/links/${keeps.id}`)
    assert.equal((view.json as { uses: number }).uses, 0)
    const replaces = await issue(front, {
      path: 'outer/there.txt',
      method: 'PUT',
      expiresIn: 60,
      overwrite: true,
      maxUses: 1,
    })
    const over = { method: 'PUT', headers: replaces.headers, body: 'new' }
    assert.equal(await codeAt(replaces.url, over), '')
    assert.match(await codeAt(replaces.url, over), /^4/)
  }))

test('an upload link for several uses replaces what it stored itself, and nothing of others', () =>
  withMountedBucket(async ({ inner, front }) => {
    const link = await issue(front, {
      path: 'outer/own.txt',
      method: 'PUT',
      expiresIn: 60,
      maxUses: 5,
    })
    const send = (body: string) => codeAt(link.url, { method: 'PUT', headers: link.headers, body })
    assert.equal(await send('one'), '')
    assert.equal(await send('two'), '')
    await put(inner, 'inner', 'own.txt', 'somebody else')
    assert.match(await send('three'), /^4/)
  }))

test('what happens to a mounted file is in the trail, with who did it', () =>
  withMountedBucket(async ({ outer, front }) => {
    await put(outer, 'outer', 'a', 'x')
    await outer.send(new DeleteObjectCommand({ Bucket: 'outer', Key: 'a' }))
    let kinds: string[] = []
    await waitUntil(async () => {
      const { json } = await askRest(front, 'GET', '/v1/events?path=outer/')
      kinds = (json as { events: { kind: string }[] }).events.map(({ kind }) => kind)
      return kinds.includes('file.deleted')
    })
    for (const kind of ['bucket.created', 'file.created', 'file.deleted']) {
      assert.ok(kinds.includes(kind), `${kind} of ${kinds.join(', ')}`)
    }
  }))

test('a planned upload ends with its object, whole or in parts', () =>
  withMountedBucket(async ({ inner, front }) => {
    for (const bytes of [1000, 12 * 1024 * 1024]) {
      const begun = await askRest(front, 'POST', '/v1/uploads', {
        path: `outer/up${bytes}`,
        size: bytes,
        contentType: 'text/plain',
        methods: bytes > 1000 ? ['multipart'] : ['put'],
      })
      assert.equal(begun.status, 201, JSON.stringify(begun.json))
      const plan = begun.json as {
        upload: { id: string }
        requests: { method: string; url: string; headers: Record<string, string>; size: number }[]
      }
      for (const { method, url, headers, size } of plan.requests) {
        const sent = await fetch(url, { method, headers, body: Buffer.alloc(size, 'a') })
        assert.ok(sent.ok, await sent.text())
      }
      const done = await askRest(front, 'POST', `/v1/uploads/${plan.upload.id}/complete`)
      assert.equal(done.status, 200, JSON.stringify(done.json))
      assert.equal((done.json as { status: string }).status, 'finished')
      const { ContentLength } = await inner.send(
        new HeadObjectCommand({ Bucket: 'inner', Key: `up${bytes}` }),
      )
      assert.equal(ContentLength, bytes)
    }
  }))
