/** What names become on the way to the disk: nothing. A trace of the system calls shows every path that was looked at, made or written. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { presign } from '../lib/clients.ts'
import { signHeaders, signQuery } from '../lib/hand-signer.ts'
import { needsOneProcess } from '../lib/many-nodes.ts'
import { waitUntil } from '../lib/patience.ts'
import { makeBucket } from '../lib/put-files.ts'
import { sendRaw } from '../lib/raw-http.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { findProgram } from '../proxies/proxy-process.ts'

const PROGRAM = findProgram('strace')
const skip =
  PROGRAM === null ? 'strace is not installed' : needsOneProcess('it traces its own process')

/** In every name that is sent; no path of the disk may hold it. */
const MARK = 'k4n4ry'
/** Where they try to get, as far up as there is. */
const UP = '../'.repeat(12)
/** Too large for the catalog: it goes to the disk. */
const LARGE = 'x'.repeat(100_000)

interface Trace {
  /** Every call that names a file, since the beginning. */
  stop(): Promise<readonly string[]>
}

/** `null` where nobody may look at this process. */
async function traceOwnCalls(t: TestContext): Promise<Trace | null> {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-trace-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const output = join(folder, 'calls')
  const words = ['-f', '-p', String(process.pid), '-e', 'trace=%file', '-o', output]
  const tracer = spawn(PROGRAM ?? '', words, { stdio: ['ignore', 'ignore', 'pipe'] })
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  tracer.on('close', resolve)
  let said = ''
  tracer.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await waitUntil(() => said.includes(' attached') || tracer.exitCode !== null, 'a trace')
  if (tracer.exitCode !== null) return null
  return {
    stop: async () => {
      tracer.kill('SIGINT')
      await ended
      return readFileSync(output, 'utf8').split('\n')
    },
  }
}

const toRest = ({ adminKey }: RunningServer): [string, string] => ['Authorization', adminKey]

const tus = (server: RunningServer): [string, string][] => [
  toRest(server),
  ['Tus-Resumable', '1.0.0'],
]

/** The same attempts wherever a client may give something a name or an id. */
function attempts(server: RunningServer): readonly (() => Promise<unknown>)[] {
  const { port } = server
  const names = [
    `${UP}tmp/${MARK}`,
    `/tmp/${MARK}`,
    `a/${UP}${MARK}`,
    `..\\..\\${MARK}`,
    `file:///tmp/${MARK}`,
    `${MARK}\0.txt`,
    `${MARK}/`,
    MARK,
  ]
  return names.flatMap((name) => {
    const escaped = encodeURIComponent(name)
    const path = `/acme/${escaped}`
    const rest = (method: string, target: string, body = ''): Promise<unknown> =>
      sendRaw(port, { method, target, headers: [toRest(server)], body })
    const source = signHeaders(server, {
      method: 'PUT',
      path: '/acme/copied',
      headers: [['x-amz-copy-source', path]],
    })
    return [
      ...['PUT', 'GET', 'DELETE'].map((method) => () => {
        const signedPath = name.split('/').map(encodeURIComponent).join('/')
        const target = signQuery(server, { method, path: `/acme/${signedPath}` })
        return sendRaw(port, { method, target, ...(method === 'PUT' && { body: LARGE }) })
      }),
      () => sendRaw(port, { method: 'PUT', ...source, body: '' }),
      () => fetch(presign(server, 'GET', 'acme', { query: { prefix: name } })),
      () => sendForm(server, name),
      () => rest('PUT', `/v1/files?path=acme/${escaped}`, LARGE),
      () => rest('GET', `/v1/files?folder=acme/${escaped}`),
      () => rest('PUT', `/v1/buckets/${escaped}`),
      () => rest('GET', `/v1/files/${escaped}`),
      () => rest('GET', `/v1/uploads/${escaped}`),
      () => rest('GET', `/v1/quarantine/${escaped}/content`),
      () => sendRaw(port, { method: 'HEAD', target: `/-/tus/${escaped}`, headers: tus(server) }),
      () => rest('GET', `/-/console/${escaped}`),
      () => rest('GET', `/s/${escaped}`),
    ]
  })
}

async function sendForm(server: RunningServer, filename: string): Promise<unknown> {
  const form = new FormData()
  form.append('folder', 'acme')
  form.append('file', new Blob([LARGE]), filename)
  const [name, value] = toRest(server)
  return fetch(`${server.origin}/v1/files`, {
    method: 'POST',
    headers: { [name]: value },
    body: form,
  })
}

/** Of a line that begins with the id of the thread. */
const CHANGES =
  /^\d+ +(?:mkdir|rename|unlink|rmdir|link|symlink|truncate|f?chmod|f?chown|mknod)\w*\(|O_(?:WRONLY|RDWR|CREAT)/

test(
  'no name or id that a client sends becomes a path of the disk, and nothing outside the data folder is written',
  { skip },
  async (t) => {
    await withServer(async (server) => {
      await makeBucket(server, 'acme')
      // Threads are there before it begins: what they load is named by nobody.
      await sendForm(server, 'first.txt')
      const trace = await traceOwnCalls(t)
      if (trace === null) return t.skip('nobody may trace this process')
      const { dataDir } = server
      existsSync(join(dataDir, 'looked-for'))
      for (const attempt of attempts(server)) await attempt()
      const calls = await trace.stop()
      assert.ok(
        calls.some((call) => call.includes(`"${dataDir}/looked-for"`)),
        'a trace',
      )
      const { entries } = await server.core.files.list({
        bucket: 'acme',
        prefix: '',
        delimiter: '',
        after: '',
        limit: 100,
      })
      assert.ok(entries.length > 3, 'some were stored, under names of the catalog')
      for (const call of calls) {
        assert.ok(!call.includes(MARK), call)
        if (!CHANGES.test(call)) continue
        for (const [, path = ''] of call.matchAll(/"([^"]*)"/g)) {
          assert.ok(path.startsWith(`${dataDir}/`) && !path.includes('..'), call)
        }
      }
    })
  },
)
