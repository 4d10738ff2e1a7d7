/** s3rver, a server for tests that many know. Not a dependency: `npm install s3rver` in a folder named by HALLPASS_BENCH_MODULES. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findPort } from '../../packages/server/test/support/free-port.ts'
import { Skipped } from './contestant.ts'
import type { Contestant, ContestantOptions } from './contestant.ts'
import { createS3Contestant } from './s3-store.ts'
import { waitUntilListening } from './wait.ts'

/** The key pair s3rver comes with. */
const KEYS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
const PROGRAM = `
  const S3rver = require(process.argv[1])
  new S3rver({
    address: '127.0.0.1',
    port: Number(process.argv[2]),
    directory: process.argv[3],
    silent: true,
  }).run()
`

export async function startS3rver({ folder, files }: ContestantOptions): Promise<Contestant> {
  const modules = process.env['HALLPASS_BENCH_MODULES']
  if (modules === undefined) throw new Skipped('HALLPASS_BENCH_MODULES names no folder with s3rver')
  const path = join(modules, 'node_modules', 's3rver')
  if (!existsSync(path)) throw new Skipped(`s3rver is not installed in ${modules}`)
  const port = await findPort()
  const child = spawn(process.execPath, ['-e', PROGRAM, path, String(port), folder], {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: '--no-deprecation' },
  })
  const exited = once(child, 'exit')
  await waitUntilListening(port)
  return createS3Contestant({
    name: 's3rver',
    origin: `http://127.0.0.1:${port}`,
    keys: KEYS,
    files,
    hasMore: false,
    async stop() {
      child.kill('SIGKILL')
      await exited
    },
  })
}
