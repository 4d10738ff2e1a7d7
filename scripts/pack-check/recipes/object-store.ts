/** Hallpass, from the packed package, as the S3 of the recipes that need one. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { ownEnvironment } from '../project.ts'
import type { MakeWorld, World } from './recipe.ts'

/** Starts a server with one file, tells where it is, and ends with its input. */
const PROGRAM = `
import { startServer } from '@hallpass/server'
const server = await startServer({ dataDir: process.argv[2], port: 0, logLevel: 'silent', region: 'eu-west-1' })
const { adminKey, accessKey } = server.firstStart
const path = encodeURIComponent('acme/reports/2026/annual.pdf')
await fetch(server.url + '/v1/files?path=' + path, { method: 'PUT', headers: { Authorization: 'Bearer ' + adminKey }, body: 'a report' })
console.log(JSON.stringify({ url: server.url, ...accessKey }))
process.stdin.resume().on('end', () => server.close())
`

interface Told {
  readonly url: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export function withObjectStore(judge: World['judge']): MakeWorld {
  return async ({ project, folder }) => {
    project.write('object-store.mjs', PROGRAM)
    const child = spawn('node', ['object-store.mjs', folder], {
      cwd: project.root,
      env: ownEnvironment(),
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const ended = once(child, 'close')
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    const { accessKeyId, secretAccessKey, url } = JSON.parse(line) as Told
    return {
      env: {
        AWS_REGION: 'eu-west-1',
        AWS_ENDPOINT_URL_S3: url,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      },
      judge,
      async close() {
        child.stdin.end()
        await ended
      },
    }
  }
}
