/** Uppy with its S3 plugin, in Chromium on a page of another origin. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { before, test } from 'node:test'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { CHROMIUM } from '../lib/browser-of-process.ts'
import { withPages } from '../lib/browser-pages.ts'
import { presign } from '../lib/clients.ts'
import { waitUntil } from '../lib/patience.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { ASKED_TITLE, assertAsked } from './harness/coverage-tables.ts'
import { digestOfObject, listKeys } from './harness/digests.ts'
import { forClient, installed } from './harness/find-client.ts'

const MIB = 1024 * 1024
const NAMES = ['plain.bin', 'übung 日本 (1)+&=.bin', "it's #5, 100%.bin"]

/** Requests that Uppy asks an application's server to sign. */
interface ToSign {
  readonly method: string
  readonly key: string
  readonly uploadId?: string
  readonly partNumber?: number
}

interface Signed {
  readonly url: string
  readonly fields?: Readonly<Record<string, string>>
}

interface Wish {
  readonly name: string
  readonly bytes: number
  readonly inParts: boolean
  readonly signing?: { readonly endpoint: string; readonly region: string }
  readonly afterFirstPart?: 'pause' | 'cancel'
}

interface Seen {
  readonly uploaded: number
  readonly parts: readonly number[]
  readonly keys: readonly string[]
  readonly errors: readonly string[]
}

const packages = installed('js', 'node_modules')
let script = ''
let logged = ''

async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('js/uppy-page.mjs', import.meta.url))],
    nodePaths: [packages],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
  })
  return outputFiles[0]?.text ?? ''
}

/** A page on which Uppy is ready, and the server that its files go to. */
async function withUppy(
  sign: (server: RunningServer, request: ToSign) => Promise<Signed> | Signed,
  use: (server: RunningServer, page: Page) => Promise<void>,
  credentials: (server: RunningServer) => Promise<object> = temporaryCredentials,
): Promise<void> {
  await withPages(async ({ server, page }) => {
    await page.exposeFunction('signRequest', (request: ToSign) => sign(server, request))
    await page.exposeFunction('getCredentials', () => credentials(server))
    await page.addScriptTag({ content: script })
    await use(server, page)
    logged += server.logText()
  })
}

function upload(page: Page, wish: Wish): Promise<Seen> {
  return page.evaluate(
    ([asked]) => {
      const { uploadWithUppy } = globalThis as unknown as {
        uploadWithUppy: (wish: object) => Promise<Seen>
      }
      return uploadWithUppy(asked)
    },
    [{ signing: {}, ...wish }] as const,
  )
}

/** What an application does that has a key pair: it presigns whatever its users may ask for. */
function presignAsked(server: RunningServer, request: ToSign): Signed {
  const { method, key, uploadId, partNumber } = request
  const query = {
    ...(method === 'POST' && uploadId === undefined && { uploads: '' }),
    ...(uploadId !== undefined && { uploadId }),
    ...(partNumber !== undefined && { partNumber: String(partNumber) }),
  }
  return { url: presign(server, method, `acme/${key}`, { query }) }
}

async function askRest(server: RunningServer, path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${server.origin}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  assert.equal(answer.status, 201)
  return answer.json()
}

function formFor(server: RunningServer, { key }: ToSign): Promise<Signed> {
  const wish = { method: 'POST', path: `acme/${key}`, maxBytes: MIB }
  return askRest(server, '/v1/links', wish) as Promise<Signed>
}

async function temporaryCredentials(server: RunningServer): Promise<object> {
  const wish = { actions: ['write'], pathPrefix: 'acme/uppy' }
  const credentials = await askRest(server, '/v1/access-keys/temporary', wish)
  return { credentials, region: server.region }
}

/** Of a drop, which whoever has its address is given. */
async function credentialsOfDrop(server: RunningServer): Promise<object> {
  const wish = { kind: 'drop', path: 'acme/uppy/' }
  const { url } = (await askRest(server, '/v1/shares', wish)) as { readonly url: string }
  const answer = await fetch(`${server.origin}/-/uppy/${url.split('/').at(-1)}/s3/sts`)
  return (await answer.json()) as object
}

async function assertStored(server: RunningServer, name: string, bytes: number): Promise<void> {
  const whole = Uint8Array.from({ length: bytes }, (_, index) => index % 251)
  const expected = createHash('sha256').update(whole).digest('hex')
  assert.equal(await digestOfObject(server, 'acme', `uppy/${name}`), expected)
}

forClient('uppy', [`${packages}/@uppy/aws-s3/package.json`, CHROMIUM], () => {
  before(async () => {
    script = await bundlePage()
  })

  test('uppy uploads in one request, whatever the name, and tells how far it is', async () => {
    await withUppy(presignAsked, async (server, page) => {
      for (const name of NAMES) {
        for (const bytes of [0, 1, 5 * MIB + 1]) {
          const seen = await upload(page, { name, bytes, inParts: false })
          const keys = [`uppy/${name}`]
          assert.deepEqual(seen, { uploaded: bytes, parts: [], keys, errors: [] })
          await assertStored(server, name, bytes)
        }
      }
    })
  })

  test('uppy uploads in parts', async () => {
    await withUppy(presignAsked, async (server, page) => {
      for (const name of NAMES) {
        const bytes = 10 * MIB + 1
        const seen = await upload(page, { name, bytes, inParts: true })
        const keys = [`uppy/${name}`]
        assert.deepEqual(seen, { uploaded: bytes, parts: [1, 2, 3], keys, errors: [] })
        await assertStored(server, name, bytes)
      }
    })
  })

  test('uppy goes on after a pause, from the parts that are listed', async () => {
    await withUppy(presignAsked, async (server, page) => {
      const wish = { name: 'paused.bin', bytes: 10 * MIB, inParts: true } as const
      const seen = await upload(page, { ...wish, afterFirstPart: 'pause' })
      assert.deepEqual(seen.errors, [])
      await assertStored(server, wish.name, wish.bytes)
    })
  })

  test('uppy ends the upload that is cancelled, whoever signs, and nothing is left of it', async () => {
    await withUppy(presignAsked, async (server, page) => {
      const byItself = { endpoint: `${server.origin}/acme`, region: server.region }
      const wish = { name: 'cancelled.bin', bytes: 10 * MIB, inParts: true } as const
      for (const change of [{}, { signing: byItself }]) {
        await upload(page, { ...wish, ...change, afterFirstPart: 'cancel' })
        const list = presign(server, 'GET', 'acme', { query: { uploads: '' } })
        await waitUntil(async () => !(await (await fetch(list)).text()).includes('<Upload>'))
        assert.deepEqual(await listKeys(server, 'acme'), [])
      }
    })
  })

  test('uppy uploads by a form that the server hands out', async () => {
    await withUppy(formFor, async (server, page) => {
      for (const name of NAMES) {
        const seen = await upload(page, { name, bytes: 70_001, inParts: false })
        assert.deepEqual([seen.keys, seen.errors], [[`uppy/${name}`], []])
        await assertStored(server, name, 70_001)
      }
    })
  })

  test('uppy signs by itself, with temporary credentials', async () => {
    await withUppy(presignAsked, async (server, page) => {
      const signing = { endpoint: `${server.origin}/acme`, region: server.region }
      for (const name of NAMES) {
        for (const inParts of [false, true]) {
          const bytes = 5 * MIB + 1
          const seen = await upload(page, { name, bytes, inParts, signing })
          assert.deepEqual([seen.keys, seen.errors], [[`uppy/${name}`], []])
          await assertStored(server, name, bytes)
        }
      }
    })
  })

  test('uppy signs by itself, with the credentials of a drop', async () => {
    await withUppy(
      presignAsked,
      async (server, page) => {
        const signing = { endpoint: `${server.origin}/acme`, region: server.region }
        for (const [name, inParts] of [
          ['whole.bin', false],
          ['übung (1)+&=.bin', true],
        ] as const) {
          const bytes = 5 * MIB + 1
          const seen = await upload(page, { name, bytes, inParts, signing })
          assert.deepEqual([seen.keys, seen.errors], [[`uppy/${name}`], []])
          await assertStored(server, name, bytes)
        }
      },
      credentialsOfDrop,
    )
  })

  test(`uppy ${ASKED_TITLE}`, () => assertAsked('uppy', () => logged))
})
