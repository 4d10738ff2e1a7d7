/** A server with two workers, or with HALLPASS_TEST_NODES several, and an administrator who makes and revokes links. */
import assert from 'node:assert/strict'
import process from 'node:process'
import type { TestContext } from 'node:test'
import { NODES } from '../lib/many-nodes.ts'
import { childrenOf } from '../lib/process-table.ts'
import { bannerValue, makeDataDir, spawnHallpass } from '../start/spawn-server.ts'
import type { Spawned } from '../start/spawn-server.ts'

export interface IssuedLink {
  readonly id: string
  readonly url: string
}

/** What serves them: one server with two workers, or several servers. */
export interface ServedLinks {
  readonly url: string
  readonly adminKey: string
  readonly log: () => string
  /** `kill -9` of one process that answers; another is started in its place. */
  killOne(index: number): void
  /** The same of all. */
  killEach(): void
  /** `kill -9` of all, and of whoever would start others. */
  kill(): Promise<void>
  /** After that: on the same data, at the same address. */
  startAgain(): Promise<void>
}

export interface LinkedServer extends Omit<ServedLinks, 'log'> {
  put(path: string, bytes: Uint8Array): Promise<void>
  issue(count: number, wish: Readonly<Record<string, unknown>>): Promise<readonly IssuedLink[]>
  revoke(id: string): Promise<void>
  sweep(target: Readonly<Record<string, unknown>>): Promise<void>
  usesOf(id: string): Promise<number>
  /** Of the administrator. */
  keyId(): Promise<string>
  /** When downloads were cut, of `Date.now()`. */
  cuts(): readonly number[]
}

const LINKS_AT_ONCE = 1000

export async function startLinkedServer(t: TestContext): Promise<LinkedServer> {
  const served =
    NODES === 1
      ? await startWorkers(t)
      : await (await import('./linked-nodes.ts')).startLinkedNodes(t)
  const { url, adminKey, log } = served
  return { ...served, cuts: () => timesOf(log(), 'download cut'), ...createAdmin(url, adminKey) }
}

async function startWorkers(t: TestContext): Promise<ServedLinks> {
  const dataDir = makeDataDir(t)
  const start = (port: string): Spawned =>
    spawnHallpass(t, ['serve', '--workers', '2', '--log-level', 'info'], {
      HALLPASS_DATA_DIR: dataDir,
      HALLPASS_PORT: port,
    })
  let server = start('0')
  const url = await server.ready()
  return {
    url,
    adminKey: bannerValue(server.stdout(), 'Admin API key'),
    log: () => server.stderr(),
    killOne: (index) => killersOf(server).killWorker(index),
    killEach: () => killersOf(server).killWorkers(),
    kill: () => killersOf(server).kill(),
    startAgain: async () => {
      server = start(new URL(url).port)
      await server.ready()
    },
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

function killersOf({ child, exited }: Spawned): {
  readonly killWorker: (index: number) => void
  readonly killWorkers: () => void
  readonly kill: () => Promise<void>
} {
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
