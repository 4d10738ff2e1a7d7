/** A server with two workers, and an administrator who makes and revokes links. */
import assert from 'node:assert/strict'
import process from 'node:process'
import type { TestContext } from 'node:test'
import { childrenOf } from '../lib/process-table.ts'
import { bannerValue, makeDataDir, spawnHallpass } from '../start/spawn-server.ts'
import type { Spawned } from '../start/spawn-server.ts'

export interface IssuedLink {
  readonly id: string
  readonly url: string
}

export interface LinkedServer {
  readonly dataDir: string
  readonly url: string
  readonly adminKey: string
  put(path: string, bytes: Uint8Array): Promise<void>
  issue(count: number, wish: Readonly<Record<string, unknown>>): Promise<readonly IssuedLink[]>
  revoke(id: string): Promise<void>
  sweep(target: Readonly<Record<string, unknown>>): Promise<void>
  usesOf(id: string): Promise<number>
  /** Of the administrator. */
  keyId(): Promise<string>
  /** When downloads were cut, of `Date.now()`. */
  cuts(): readonly number[]
  /** `kill -9`; the supervisor starts another in its place. */
  killWorker(index: number): void
  killWorkers(): void
  /** `kill -9` of all, the supervisor too. */
  kill(): Promise<void>
}

const LINKS_AT_ONCE = 1000

/** On the data and the port of an earlier one, if there is one. */
export async function startLinkedServer(
  t: TestContext,
  earlier: Pick<LinkedServer, 'dataDir' | 'url' | 'adminKey'> | null = null,
): Promise<LinkedServer> {
  const dataDir = earlier?.dataDir ?? makeDataDir(t)
  const server = spawnHallpass(t, ['serve', '--workers', '2', '--log-level', 'info'], {
    HALLPASS_DATA_DIR: dataDir,
    HALLPASS_PORT: earlier === null ? '0' : new URL(earlier.url).port,
  })
  const url = await server.ready()
  const adminKey = earlier?.adminKey ?? bannerValue(server.stdout(), 'Admin API key')
  return {
    adminKey,
    dataDir,
    url,
    cuts: () => timesOf(server.stderr(), 'download cut'),
    ...createAdmin(url, adminKey),
    ...killersOf(server),
  }
}

/** Of the log's lines that say so. */
function timesOf(log: string, message: string): readonly number[] {
  return log
    .split('\n')
    .filter((line) => line.includes(`"msg":"${message}"`))
    .map((line) => Date.parse(/"time":"([^"]+)"/.exec(line)?.[1] ?? ''))
}

function createAdmin(
  url: string,
  authorization: string,
): Pick<LinkedServer, 'put' | 'issue' | 'revoke' | 'sweep' | 'usesOf' | 'keyId'> {
  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${url}/v1/${path}`, {
      method,
      headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
  }

  return {
    async put(path, bytes) {
      const answer = await fetch(`${url}/v1/files?path=${path}`, {
        method: 'PUT',
        headers: { authorization },
        body: Buffer.from(bytes),
      })
      assert.ok(answer.ok, await answer.text())
    },
    async issue(count, wish) {
      const issued: IssuedLink[] = []
      while (issued.length < count) {
        const wishes = Array.from(
          { length: Math.min(LINKS_AT_ONCE, count - issued.length) },
          () => wish,
        )
        const made = (await ask('POST', 'links/batch', { links: wishes })) as {
          links: IssuedLink[]
        }
        issued.push(...made.links)
      }
      return issued
    },
    async revoke(id) {
      await ask('DELETE', `links/${id}`)
    },
    async sweep(target) {
      await ask('POST', 'revocations', target)
    },
    async keyId() {
      return ((await ask('GET', 'me')) as { id: string }).id
    },
    async usesOf(id) {
      return ((await ask('GET', `links/${id}`)) as { uses: number }).uses
    },
  }
}

function killersOf({
  child,
  exited,
}: Spawned): Pick<LinkedServer, 'killWorker' | 'killWorkers' | 'kill'> {
  const workers = (): number[] => childrenOf(child.pid ?? 0)
  function killWorkers(): void {
    for (const worker of workers()) process.kill(worker, 'SIGKILL')
  }
  return {
    killWorker(index) {
      const alive = workers()
      const worker = alive[index % alive.length]
      if (worker !== undefined) process.kill(worker, 'SIGKILL')
    },
    killWorkers,
    async kill() {
      // In this order nobody starts another.
      child.kill('SIGSTOP')
      killWorkers()
      child.kill('SIGKILL')
      await exited
    },
  }
}
