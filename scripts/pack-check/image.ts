/**
 * Runs what the image runs, without a container: the packages that it installs, in the way that it installs them, its command, its
 * environment, under another user and over a file system that is read-only where this machine lets one have that. It must start, its health
 * check must say so, and it must end by its stop signal within the grace that deploy/ gives it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, copyFileSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { readDockerfile } from './dockerfile.ts'
import type { ImageRecipe } from './dockerfile.ts'
import { createProject } from './project.ts'
import type { Outcome, Project } from './project.ts'

const INSTALLED = ['signing', 'server', 'cli'] as const
/** `terminationGracePeriodSeconds`, `stop_grace_period` and `TimeoutStopSec` are no shorter. */
const GRACE_MS = 40_000
const START_MS = 120_000

export async function checkImage({ root, tarballs }: Project): Promise<Outcome[]> {
  const recipe = readDockerfile()
  const app = join(dirname(root), 'image')
  createProject(app, tarballs, { packages: INSTALLED, omitsDev: true })
  copyFileSync('deploy/health-check.mjs', join(app, 'health-check.mjs'))
  const data = join(app, '..', 'image-data')
  mkdirSync(data, { mode: 0o700 })
  // Another user may have no way to where this Node lies.
  mkdirSync(join(app, 'bin'))
  copyFileSync(process.execPath, join(app, 'bin/node'))
  const port = await freePort()
  const place = (text: string): string => text.replace(/^\/app\b/, app).replace(/^\/data\b/, data)
  const environment = Object.fromEntries(
    Object.entries(recipe.env).map(([name, value]) => [name, place(value)]),
  )
  const path = `${join(app, 'bin')}:${process.env['PATH'] ?? ''}`
  // In a container it listens on every address; here on the one that the health check asks.
  const own = { PATH: path, HALLPASS_PORT: `${port}`, HALLPASS_HOST: '127.0.0.1' }
  const env = { ...environment, ...own }
  const words = [...recipe.entrypoint, ...recipe.command].map(place)
  const health = recipe.healthCommand.map(place)
  return [
    {
      name: 'the image: starts, is healthy, and ends when it is told to',
      problem: await runOnce(recipe, { words, health, env, app, data }),
    },
  ]
}

interface Running {
  readonly words: readonly string[]
  readonly health: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly app: string
  readonly data: string
}

/** `null`, or what was wrong. */
async function runOnce(recipe: ImageRecipe, running: Running): Promise<string | null> {
  const { health, env, app, data } = running
  const confined = confine(recipe, running)
  const [program = '', ...parameters] = confined.words
  const child = spawn(program, parameters, { cwd: data, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  const said: string[] = []
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  const isHealthy = (): boolean => {
    const [command = '', ...rest] = health
    return spawnSync(command, rest, { env, cwd: app }).status === 0
  }
  try {
    if (isHealthy()) return 'the health check says yes before the server is there'
    const until = Date.now() + START_MS
    while (!isHealthy()) {
      if (child.exitCode !== null || Date.now() > until)
        return `it is not healthy:\n${said.join('')}`
      await sleep(200)
    }
    child.kill(recipe.stopSignal as NodeJS.Signals)
    const code = await Promise.race([ended.then(([status]: unknown[]) => status), sleep(GRACE_MS)])
    if (code !== 0) return `${recipe.stopSignal} ended it with ${String(code)}:\n${said.join('')}`
    console.log(`       ${confined.how}`)
    return null
  } finally {
    if (child.exitCode === null) child.kill('SIGKILL')
    await ended
  }
}

interface Confined {
  readonly words: readonly string[]
  readonly how: string
}

/** Drops to the user of the image, on a file system where only its data and /tmp can be written. */
function confine(recipe: ImageRecipe, { words, app, data }: Running): Confined {
  if (process.getuid?.() !== 0) return { words, how: 'under the user of this test: no root here' }
  const [uid = '', gid = ''] = recipe.user.split(':')
  // Folders of tests are for their maker alone.
  for (let path = app; path.startsWith(`${tmpdir()}/`); path = dirname(path)) chmodSync(path, 0o755)
  chownSync(data, Number(uid), Number(gid))
  const user = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs']
  const dropped = [...user, '--bounding-set=-all', ...words]
  const readOnly =
    'mount --bind "$1" "$1" && mount --bind / / && mount -o remount,bind,ro / && shift && exec "$@"'
  const whole = ['unshare', '--mount', 'sh', '-c', readOnly, 'sh', data]
  const probe = spawnSync(whole[0] ?? '', [...whole.slice(1), 'true'])
  return probe.status === 0
    ? { words: [...whole, ...dropped], how: `as ${recipe.user}, on a read-only file system` }
    : { words: dropped, how: `as ${recipe.user}; no read-only file system can be had here` }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}
