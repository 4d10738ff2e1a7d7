/** A running SeaweedFS, all of it in one process, with a folder of its own; conformance/stores/install.sh brings it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { signS3Headers } from '@hallpass/signing/s3'
import { findPort } from '../../packages/server/test/support/free-port.ts'
import { waitUntil } from './patience.ts'

export interface Seaweed {
  /** Of its S3 gateway. */
  readonly origin: string
  /** The address that its shell takes, `-master=…`. */
  readonly master: string
  readonly region: string
  readonly bucket: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Ends it and starts it anew over the same data and ports. */
  restart(signal?: NodeJS.Signals): Promise<void>
  stop(): Promise<void>
  /** Lets this process end while it runs. */
  unref(): void
  /** Takes everything away at once, for a process that ends. */
  kill(): void
}

const CREDENTIALS = {
  accessKeyId: 'AKIAHALLPASSTESTS000',
  secretAccessKey: 'seaweed/Secret+Key/0123456789abcdefghijklm',
}
const REGION = 'us-east-1'
/** What it writes down when it is asked to end takes a moment. */
const STOP_MS = 20_000
const BUCKET = 'hallpass-tests'

/** `false`: or why there is none here, for the line of a test that is left out. */
export function whyNoSeaweed(): string | false {
  return existsSync(programOf()) ? false : 'no SeaweedFS here: conformance/stores/install.sh'
}

/** Of SeaweedFS, for whoever starts its tools. */
export function programOf(): string {
  const folder = process.env['HALLPASS_STORES'] ?? join(homedir(), '.cache/hallpass-stores')
  return join(folder, 'python/bin/weed')
}

export async function startSeaweed(): Promise<Seaweed> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-seaweed-'))
  await mkdir(join(folder, 'data'))
  await writeFile(join(folder, 's3.json'), JSON.stringify(identities()))
  const names = ['master', 'volume', 'filer', 's3'] as const
  const ports: string[] = []
  for (const name of names) {
    ports.push(`-${name}.port=${await findPort()}`, `-${name}.port.grpc=${await findPort()}`)
  }
  const portOf = (name: string): string =>
    ports.find((flag) => flag.startsWith(`-${name}=`))?.slice(name.length + 2) ?? ''
  const origin = `http://127.0.0.1:${portOf('s3.port')}`
  const launch = (): Launched => launchIn(folder, ports)
  let running = launch()
  await untilReady(origin, running)
  return {
    origin,
    master: `127.0.0.1:${portOf('master.port')}.${portOf('master.port.grpc')}`,
    region: REGION,
    bucket: BUCKET,
    credentials: CREDENTIALS,
    async restart(signal = 'SIGTERM') {
      await running.stop(signal)
      running = launch()
      await untilReady(origin, running)
    },
    async stop() {
      await running.stop('SIGKILL')
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
    unref: () => running.unref(),
    kill() {
      running.kill()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

interface Launched {
  readonly output: () => string
  readonly hasEnded: () => boolean
  stop(signal: NodeJS.Signals): Promise<void>
  unref(): void
  kill(): void
}

function launchIn(folder: string, ports: readonly string[]): Launched {
  const child = spawn(
    programOf(),
    [
      'server',
      `-dir=${join(folder, 'data')}`,
      '-ip=127.0.0.1',
      '-ip.bind=127.0.0.1',
      '-master.telemetry=false',
      '-master.volumeSizeLimitMB=256',
      '-volume.max=200',
      '-filer',
      `-filer.localSocket=${join(folder, 'filer.sock')}`,
      '-s3',
      `-s3.localSocket=${join(folder, 's3.sock')}`,
      `-s3.config=${join(folder, 's3.json')}`,
      '-s3.port.iceberg=0',
      '-s3.port.lance=0',
      ...ports,
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let text = ''
  const keep = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-4000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  return {
    output: () => text,
    hasEnded,
    async stop(signal) {
      if (hasEnded()) return
      const ended = once(child, 'exit')
      child.kill(signal)
      // Asked to end it stands still for ever now and then.
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(late)
    },
    unref() {
      child.unref()
      for (const stream of [child.stdout, child.stderr]) {
        if (stream instanceof Socket) stream.unref()
      }
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

/** Ready is who takes an object. */
async function untilReady(origin: string, running: Launched): Promise<void> {
  await waitUntil(async () => {
    if (running.hasEnded()) throw new Error(`SeaweedFS ended:\n${running.output()}`)
    return (await put(origin, '')) && (await put(origin, 'ready'))
  }, 'SeaweedFS takes an object')
}

/** The bucket, or an object in it. */
async function put(origin: string, key: string): Promise<boolean> {
  const { url, headers, method } = signS3Headers({
    credentials: CREDENTIALS,
    region: REGION,
    endpoint: origin,
    method: 'PUT',
    bucket: BUCKET,
    key: key === '' ? null : key,
  })
  try {
    const answer = await fetch(url, { method, headers })
    await answer.text()
    return answer.ok || answer.status === 409
  } catch {
    return false
  }
}

function identities(): object {
  const { accessKeyId: accessKey, secretAccessKey: secretKey } = CREDENTIALS
  const actions = ['Admin', 'Read', 'Write', 'List', 'Tagging']
  return { identities: [{ name: 'tests', credentials: [{ accessKey, secretKey }], actions }] }
}
