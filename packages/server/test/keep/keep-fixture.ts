/** A real service with something of everything in it, in folders of its own. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { readConfig } from '../../src/config.ts'
import type { Config } from '../../src/config.ts'
import { checkService } from '../../src/keeping.ts'
import type { Finding } from '../../src/keeping.ts'
import { startServer } from '../../src/start-server.ts'
import type { RunningServer } from '../../src/start-server.ts'
import { startPostgres } from '../support/postgres-server.ts'

export const ADMIN_KEY = 'q7Fz2LwB9xTnV4mKp8RsYc3HdJ6gAe1U'
export const MASTER_KEY = '4709c77f6bfb8ceaa634e98f6f06e43174918172745db9176b981b5606134e1c'

export type Databases = 'sqlite' | 'postgres'

export interface Place {
  readonly dataDir: string
  readonly databaseUrl?: string
  /** An object store, and the key pair for it. */
  readonly blobs?: string
  readonly blobsAccessKeyId?: string
  readonly blobsSecretAccessKey?: string
}

export function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-keep-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Where nothing is yet. */
export async function makePlace(t: TestContext, kind: Databases): Promise<Place> {
  const dataDir = join(makeFolder(t), 'data')
  if (kind === 'sqlite') return { dataDir }
  return { dataDir, databaseUrl: await (await startPostgres()).createDatabase() }
}

export function configOf(place: Place): Config {
  return readConfig({
    env: {},
    flags: { ...place },
    configFile: null,
    cwd: '/',
    readFile: () => '',
  })
}

/** Runs until the test ends, or it is closed. */
export async function serve(t: TestContext, place: Place): Promise<Client> {
  const server = await startServer({
    ...place,
    port: 0,
    logLevel: 'silent',
    console: 'off',
    adminKey: ADMIN_KEY,
    masterKey: MASTER_KEY,
  })
  let isOpen = true
  const close = async (): Promise<void> => {
    if (isOpen) await server.close()
    isOpen = false
  }
  t.after(close)
  return clientOf(server, close)
}

export interface Client {
  readonly url: string
  close(): Promise<void>
  call(method: string, path: string, body?: object): Promise<unknown>
  put(path: string, bytes: Uint8Array): Promise<void>
  remove(path: string): Promise<void>
  /** The status, and what the bytes hash to. */
  get(
    path: string,
  ): Promise<{ readonly status: number; readonly sha256: string; readonly size: number }>
  /** Paths of every current file, with their sizes. */
  list(bucket: string): Promise<readonly string[]>
}

function clientOf(server: RunningServer, close: () => Promise<void>): Client {
  const { url } = server
  const headers = { authorization: `Bearer ${ADMIN_KEY}` }

  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
  }

  return {
    url,
    close,
    call,
    async put(path, bytes) {
      const query = new URLSearchParams({ path })
      const answer = await fetch(`${url}/v1/files?${query}`, {
        method: 'PUT',
        headers,
        body: Buffer.from(bytes),
      })
      assert.ok(answer.ok, `PUT ${path}: ${answer.status} ${await answer.text()}`)
    },
    async remove(path) {
      const query = new URLSearchParams({
        folder: path.slice(0, path.lastIndexOf('/')),
        limit: '1000',
      })
      const { files } = (await call('GET', `/v1/files?${query}`)) as { files: Listed[] }
      const found = files.find((file) => file.path === path)
      assert.ok(found, `${path} is not listed`)
      await call('DELETE', `/v1/files/${found.id}`)
    },
    async get(path) {
      const query = new URLSearchParams({ folder: path.slice(0, path.lastIndexOf('/')) })
      const name = path.slice(path.lastIndexOf('/') + 1)
      query.set('limit', '1000')
      const { files } = (await call('GET', `/v1/files?${query}`)) as { files: Listed[] }
      const found = files.find((file) => file.name === name)
      assert.ok(found, `${path} is not listed`)
      const answer = await fetch(found.signedUrl)
      const bytes = new Uint8Array(await answer.arrayBuffer())
      return { status: answer.status, sha256: sha256(bytes), size: bytes.length }
    },
    async list(folder) {
      const paths: string[] = []
      let cursor: string | null = null
      do {
        const query = new URLSearchParams({ folder, limit: '1000' })
        if (cursor !== null) query.set('cursor', cursor)
        const page = (await call('GET', `/v1/files?${query}`)) as {
          files: Listed[]
          nextCursor: string | null
        }
        paths.push(...page.files.map((file) => file.path))
        cursor = page.nextCursor
      } while (cursor !== null)
      return paths
    },
  }
}

interface Listed {
  readonly id: string
  readonly path: string
  readonly name: string
  readonly signedUrl: string
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const PART = 8 * 1024 ** 2

/** What each path hashes to: small files, large ones, one made of parts, older versions, an open upload, a quota, links. */
export async function fill(client: Client): Promise<ReadonlyMap<string, string>> {
  await client.call('PUT', '/v1/buckets/acme', {})
  await client.call('PUT', '/v1/folders/acme/quota', {
    policy: { maxTotalBytes: 1_000_000_000, maxFiles: 1000 },
  })
  await client.call('PATCH', '/v1/buckets/acme', { versioning: 'enabled' })
  const kept = new Map<string, string>()
  const put = async (path: string, size: number): Promise<void> => {
    const bytes = randomBytes(size)
    await client.put(path, bytes)
    kept.set(path, sha256(bytes))
  }
  for (let at = 0; at < 12; at += 1) await put(`acme/small/${at}`, 10 + at)
  for (let at = 0; at < 8; at += 1) await put(`acme/large/${at}`, 40_000 + at)
  for (let at = 0; at < 4; at += 1) await put(`acme/quota/${at}`, 50_000 + at)
  await put('acme/small/again', 12)
  await client.put('acme/large/versions', randomBytes(60_000))
  await put('acme/large/versions', 70_000)
  kept.set('acme/large/parts', await putParts(client, 'acme/large/parts'))
  await openUpload(client, 'acme/quota/open.bin')
  await putWithQuota(client, 'acme/small/counted')
  for (const path of ['acme/small/1', 'acme/large/1']) {
    await client.call('POST', '/v1/links', { path, maxUses: 3, label: 'fixture' })
  }
  await client.call('POST', '/v1/links', { path: 'acme/large/2', label: 'without a number' })
  await client.call('POST', '/v1/webhooks', {
    name: 'hook',
    url: 'https://hooks.example.com/x',
    events: ['file.moved'],
  })
  return kept
}

/** Begun, with its last part there. */
async function openUpload(client: Client, path: string): Promise<void> {
  const { requests } = (await client.call('POST', '/v1/uploads', {
    path,
    size: PART + 5,
    methods: ['multipart'],
  })) as { requests: { url: string; headers: Record<string, string> }[] }
  const last = requests[1]
  assert.ok(last)
  const answer = await fetch(last.url, { method: 'PUT', headers: last.headers, body: 'parts' })
  assert.equal(answer.status, 200)
}

/** With a key that may store so much. */
async function putWithQuota(client: Client, path: string): Promise<void> {
  const { key } = (await client.call('POST', '/v1/api-keys', {
    name: 'counted',
    actions: ['write'],
    quota: { maxTotalBytes: 1000 },
  })) as { key: string }
  const answer = await fetch(`${client.url}/v1/files?${new URLSearchParams({ path })}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}` },
    body: 'forty bytes or fewer',
  })
  assert.ok(answer.ok, await answer.text())
}

async function putParts(client: Client, path: string): Promise<string> {
  const bytes = randomBytes(PART + 1000)
  const begun = (await client.call('POST', '/v1/uploads', {
    path,
    size: bytes.length,
    methods: ['multipart'],
  })) as { upload: { id: string }; requests: { url: string; headers: Record<string, string> }[] }
  for (const [at, { url, headers }] of begun.requests.entries()) {
    const part = bytes.subarray(at * PART, (at + 1) * PART)
    const answer = await fetch(url, { method: 'PUT', headers, body: part })
    assert.equal(answer.status, 200)
  }
  await client.call('POST', `/v1/uploads/${begun.upload.id}/complete`, {})
  return sha256(bytes)
}

/** Reads every file that is known and compares it. */
export async function requireAll(client: Client, kept: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, hash] of kept) {
    const found = await client.get(path)
    assert.deepEqual([found.status, found.sha256], [200, hash], path)
  }
}

/** Everything that fsck finds. */
export async function findFaults(
  config: Config,
  wish: { hashes?: boolean; repair?: boolean } = {},
): Promise<readonly Finding[]> {
  const all: Finding[] = []
  const counts = await checkService(config, {
    hashes: false,
    repair: false,
    ...QUIET,
    ...wish,
    onFinding: async (finding) => void all.push(finding),
  })
  const left = all.filter(({ isRepaired }) => !isRepaired).length
  assert.deepEqual(counts, { found: all.length, left })
  return all
}

export const QUIET = {
  onProgress: () => undefined,
  signal: new AbortController().signal,
}
