/**
 * Object stores of others, each a binary that is given: `HALLPASS_BENCH_PEERS=minio=/path,seaweedfs=/path,versitygw=/path`.
 * They run as they come, with one folder and one key pair.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findPort } from '../../packages/server/test/support/free-port.ts'
import type { Contestant, ContestantOptions } from './contestant.ts'
import { MINIO, SEAWEEDFS, VERSITYGW } from './operations.ts'
import { createS3Contestant, createS3Store, requireBucket } from './s3-store.ts'
import type { S3Keys } from './s3-store.ts'

const KEYS: S3Keys = { accessKeyId: 'benchmarkkey', secretAccessKey: 'benchmark-secret-0123456789' }
const READY_WITHIN_MS = 60_000
const ASK_EVERY_MS = 100

export interface Peer {
  readonly name: string
  readonly path: string
}

interface Start {
  readonly words: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

type Prepare = (folder: string, port: number) => Promise<Start>

const KNOWN: ReadonlyMap<string, Prepare> = new Map([
  [MINIO, prepareMinio],
  [SEAWEEDFS, prepareSeaweedfs],
  [VERSITYGW, prepareVersitygw],
])

/** `name=path`, with commas between them. Throws for a name that nobody here can start. */
export function parsePeers(text: string): Peer[] {
  return text
    .split(',')
    .filter((one) => one !== '')
    .map((one) => {
      const [name = '', path = ''] = one.split('=')
      if (KNOWN.has(name) && path !== '') return { name, path }
      const known = [...KNOWN.keys()].map((each) => `${each}=/path`).join(', ')
      throw new Error(`HALLPASS_BENCH_PEERS has ${one}; it takes ${known}, with commas between.`)
    })
}

export async function startPeer(
  { name, path }: Peer,
  { folder, files }: ContestantOptions,
): Promise<Contestant> {
  const port = await findPort()
  const { words = [], env = {} } = (await KNOWN.get(name)?.(folder, port)) ?? {}
  const child = spawn(path, words, {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, ...env },
  })
  const exited = once(child, 'exit')
  const origin = `http://127.0.0.1:${port}`
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exited
  }
  try {
    await Promise.race([waitUntilReady(origin), exited.then(() => failed(name))])
  } catch (error) {
    await stop()
    throw error
  }
  return createS3Contestant({ name, origin, keys: KEYS, files, stop })
}

function failed(name: string): never {
  throw new Error(`${name} ended before it was ready.`)
}

/** Some listen long before they can store anything. */
async function waitUntilReady(origin: string): Promise<void> {
  const store = createS3Store(origin, KEYS)
  const deadline = performance.now() + READY_WITHIN_MS
  for (;;) {
    try {
      await requireBucket(store)
      await store.send({ method: 'PUT', key: 'ready' })
      return
    } catch (error) {
      if (performance.now() > deadline) throw error
      await sleep(ASK_EVERY_MS)
    }
  }
}

function prepareMinio(folder: string, port: number): Promise<Start> {
  return Promise.resolve({
    words: ['server', '--quiet', '--address', `127.0.0.1:${port}`, join(folder, 'data')],
    env: { MINIO_ROOT_USER: KEYS.accessKeyId, MINIO_ROOT_PASSWORD: KEYS.secretAccessKey },
  })
}

async function prepareVersitygw(folder: string, port: number): Promise<Start> {
  const data = join(folder, 'data')
  await mkdir(data)
  const keys = ['--access', KEYS.accessKeyId, '--secret', KEYS.secretAccessKey]
  return { words: ['--port', `127.0.0.1:${port}`, ...keys, '--quiet', 'posix', data] }
}

/** Its master, volume server and filer, with the gateway before them, in one process. */
async function prepareSeaweedfs(folder: string, port: number): Promise<Start> {
  const config = join(folder, 's3.json')
  const { accessKeyId: accessKey, secretAccessKey: secretKey } = KEYS
  const identity = {
    name: 'bench',
    credentials: [{ accessKey, secretKey }],
    actions: ['Admin', 'Read', 'List', 'Tagging', 'Write'],
  }
  await writeFile(config, JSON.stringify({ identities: [identity] }))
  await mkdir(join(folder, 'data'))
  const inner: string[] = []
  for (const part of ['master', 'volume', 'filer']) {
    inner.push(`-${part}.port=${await findPort()}`)
    inner.push(`-${part}.port.grpc=${await findPort()}`)
  }
  return {
    words: [
      'server',
      `-dir=${join(folder, 'data')}`,
      '-ip=127.0.0.1',
      '-ip.bind=127.0.0.1',
      ...inner,
      '-filer',
      '-s3',
      `-s3.port=${port}`,
      `-s3.port.grpc=${await findPort()}`,
      `-s3.config=${config}`,
    ],
  }
}
