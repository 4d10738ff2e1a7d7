/** A real nginx with the configuration of the page; only the port is another one. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import type { MakeWorld } from './recipe.ts'
import { prints } from './recipe.ts'

const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`

export const withNginx: MakeWorld = async ({ folder, page }) => {
  const env = { ...process.env, PATH }
  if (spawnSync('nginx', ['-v'], { env }).status !== 0) return { lacks: 'nginx' }
  const [, configuration = ''] = /^```nginx\n([^]*?)^```/m.exec(page) ?? []
  const port = await findPort()
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configuration.replace('127.0.0.1:8080', `127.0.0.1:${port}`))
  const origin = `http://127.0.0.1:${port}`
  const globals = `pid ${folder}/pid; error_log ${folder}/error.log; daemon off; master_process off;`
  const nginx = spawn(
    'nginx',
    ['-e', join(folder, 'start.log'), '-p', folder, '-c', file, '-g', globals],
    {
      env,
      stdio: 'inherit',
    },
  )
  const ended = once(nginx, 'close')
  while (nginx.exitCode === null && !(await answers(origin))) await setTimeout(50)
  return {
    env: { FILES_ORIGIN: origin, SECURE_LINK_SECRET: 'hallpass-example-secret' },
    judge: prints(/md5=\S+\n200\n403\n$/),
    async close() {
      nginx.kill()
      await ended
    },
  }
}

async function answers(origin: string): Promise<boolean> {
  return fetch(origin).then(
    () => true,
    () => false,
  )
}

/** One that was free a moment ago. */
async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const closed = once(server, 'close')
  server.close()
  await closed
  return port
}
