/** `upload` in Chromium, on a page of an application whose server answers with `createUploadHandler`. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { createHallpass } from '@hallpass/client'
import { createUploadHandler, route } from '@hallpass/client/upload-handler'
import type { Uploaded } from '@hallpass/client/upload-handler'
import { build } from 'esbuild'
import type { Page, Route } from 'playwright-core'
import { launchBrowser, skip } from '../lib/browser-of-process.ts'
import { PATIENCE_MS, waitUntil } from '../lib/patience.ts'
import { makeBucket } from '../lib/put-files.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { startApplication } from './application.ts'
import type * as UploadPage from './upload-page.ts'

const MIB = 1024 ** 2

interface Stage {
  readonly server: RunningServer
  readonly page: Page
  /** What `onUploaded` was told. */
  readonly uploaded: Uploaded<{ readonly path: string }>[]
  /** Writes a file, picks it in the page, and gives its bytes. */
  readonly pick: (name: string, size: number) => Promise<Buffer>
  readonly start: (route: string, more?: object) => Promise<void>
  readonly end: () => Promise<UploadPage.PageOutcome>
  readonly act: (name: 'pause' | 'resume' | 'abort') => Promise<void>
  /** Loads the page, as if for the first time. */
  readonly open: () => Promise<void>
  readonly repick: (name: string) => Promise<void>
}

/** In place of the page's own answer: `null` lets the request through. */
type Interfere = (partNumber: string | null, count: number) => 'cut' | 'hold' | null

async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'upload-page.ts')],
    conditions: ['@hallpass/source'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'uploads',
    target: 'es2022',
  })
  return outputFiles[0]?.text ?? ''
}

async function setStage(t: TestContext): Promise<Stage> {
  const uploaded: Stage['uploaded'] = []
  let handle: (request: Request) => Promise<Response> = async () => new Response(null)
  const application = await startApplication((request) => handle(request))
  const server = await startServer({ corsOrigins: [application.origin] })
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-upload-'))
  const browser = await launchBrowser()
  t.after(async () => {
    await browser.close()
    await application.stop()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  await makeBucket(server, 'acme')
  handle = createUploadHandler({
    hp: createHallpass({ url: server.origin, key: server.adminKey }),
    routes: {
      any: route({
        authorise: (_request, { file }) => ({ path: `acme/any/${file?.name ?? ''}` }),
        onUploaded: (told) => {
          uploaded.push(told)
          return { seen: told.file.size }
        },
      }),
      images: route({
        types: ['image/*'],
        maxBytes: MIB,
        authorise: (_request, { file }) => ({ path: `acme/images/${file?.name ?? ''}` }),
      }),
      nobody: route({ authorise: () => null }),
    },
  })
  const page = await browser.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const script = await bundlePage()
  const open = async (): Promise<void> => {
    await page.goto(application.origin)
    await page.addScriptTag({ content: script })
  }
  await open()
  return {
    server,
    page,
    uploaded,
    open,
    pick: async (name, size) => {
      const bytes = randomBytes(size)
      writeFileSync(join(folder, name), bytes)
      await page.setInputFiles('input', join(folder, name))
      return bytes
    },
    repick: (name) => page.setInputFiles('input', join(folder, name)),
    start: (name, more = {}) =>
      page.evaluate(
        (options) => {
          const { uploads } = globalThis as unknown as { uploads: typeof UploadPage }
          uploads.start(options)
        },
        { endpoint: '/api/upload', route: name, ...more },
      ),
    end: () =>
      page.evaluate(() => {
        const { uploads } = globalThis as unknown as { uploads: typeof UploadPage }
        return uploads.end()
      }),
    act: (name) =>
      page.evaluate((what) => {
        const { uploads } = globalThis as unknown as { uploads: typeof UploadPage }
        uploads.act(what)
      }, name),
  }
}

/** Looks at every request that carries bytes; gives how often each part was sent to the server. */
async function watchParts(
  { page, server }: Stage,
  interfere: Interfere = () => null,
): Promise<{ readonly sent: Map<string, number>; readonly held: Route[] }> {
  const sent = new Map<string, number>()
  const held: Route[] = []
  await page.route(`${server.origin}/acme/**`, async (handling) => {
    const request = handling.request()
    if (!['PUT', 'POST'].includes(request.method())) return handling.fallback()
    const part = new URL(request.url()).searchParams.get('partNumber')
    const count = (sent.get(part ?? '') ?? 0) + 1
    sent.set(part ?? '', count)
    const what = interfere(part, count)
    if (what === 'cut') return handling.abort('connectionreset')
    if (what === 'hold') held.push(handling)
    else await handling.fallback()
  })
  return { sent, held }
}

async function assertStored(stage: Stage, path: string, bytes: Buffer): Promise<void> {
  const { origin, adminKey } = stage.server
  const hp = createHallpass({ url: origin, key: adminKey })
  const { id } = await hp.files.find({ path })
  const stored = Buffer.from(await (await hp.files.getContent({ id })).arrayBuffer())
  const digest = (of: Buffer): string => createHash('sha256').update(of).digest('hex')
  assert.equal(digest(stored), digest(bytes))
}

test(
  'a small file arrives, the page sees how far it is, and the application is told',
  { skip },
  async (t) => {
    const stage = await setStage(t)
    for (const size of [0, 100_000]) {
      const bytes = await stage.pick(`small-${size}.bin`, size)
      await stage.start('any')
      const outcome = await stage.end()
      assert.deepEqual(outcome, {
        code: '',
        message: '',
        path: `acme/any/small-${size}.bin`,
        data: { seen: size },
        isWhole: true,
        states: ['done'],
      })
      await assertStored(stage, outcome.path, bytes)
    }
    assert.equal(stage.uploaded.length, 2)
  },
)

test(
  'parts that break off, URLs that run out and a page that is loaded again cost one part each',
  { skip },
  async (t) => {
    const stage = await setStage(t)
    let isHolding = true
    const { sent, held } = await watchParts(stage, (part, count) => {
      if (part === '2' && count === 1) return 'cut'
      return isHolding && ['3', '4', '5'].includes(part ?? '') ? 'hold' : null
    })
    const bytes = await stage.pick('film.mp4', 40 * MIB)
    await stage.start('any', { parallel: 2 })
    await waitUntil(() => held.length > 0 && (sent.get('2') ?? 0) > 1)
    isHolding = false
    await waitUntil(async () => {
      const { adminKey, origin } = stage.server
      const hp = createHallpass({ url: origin, key: adminKey })
      const [link] = (await hp.links.list({ path: 'acme/any/film.mp4' })).links
      const id = link?.id.replace('link_', '') ?? ''
      return (await hp.uploads.get({ id })).parts.length >= 2
    })
    // What was on its way goes with the page.
    await stage.open()
    for (const handling of held) await handling.abort().catch(() => undefined)
    stage.server.advanceClock(20 * 60_000)
    await stage.repick('film.mp4')
    await stage.start('any', { parallel: 2 })
    const outcome = await stage.end()
    assert.equal(outcome.code, '', outcome.message)
    assert.ok(outcome.isWhole)
    await assertStored(stage, 'acme/any/film.mp4', bytes)
    assert.equal(stage.uploaded.length, 1)
    assert.deepEqual(sent.get('1'), 1, 'what was there is not sent again')
    assert.deepEqual(sent.get('2'), 2, 'what broke off is sent once more')
  },
)

test(
  'what the application does not let in is refused before a byte is sent',
  { skip },
  async (t) => {
    const stage = await setStage(t)
    const { sent } = await watchParts(stage)
    const cases = [
      ['images', 'a.txt', 10, 'not-allowed'],
      ['images', 'a.png', 2 * MIB, 'not-allowed'],
      ['nobody', 'a.png', 10, 'not-allowed'],
      ['nonsense', 'a.png', 10, 'not-allowed'],
    ] as const
    for (const [name, file, size, code] of cases) {
      await stage.pick(file, size)
      await stage.start(name)
      const outcome = await stage.end()
      assert.deepEqual([outcome.code, outcome.states], [code, ['failed']], name)
    }
    assert.equal(sent.size, 0)
    await stage.pick('right.png', 10)
    await stage.start('images')
    assert.equal((await stage.end()).code, '')
  },
)

test(
  'an upload stands still and goes on, and what is aborted leaves nothing',
  { skip },
  async (t) => {
    const stage = await setStage(t)
    let isHolding = true
    const { sent, held } = await watchParts(stage, () => (isHolding ? 'hold' : null))
    const bytes = await stage.pick('paused.bin', 20 * MIB)
    await stage.start('any', { parallel: 1 })
    await waitUntil(() => held.length === 1)
    await stage.act('pause')
    isHolding = false
    for (const handling of held.splice(0)) await handling.abort().catch(() => undefined)
    assert.equal(
      [...sent.values()].reduce((sum, count) => sum + count, 0),
      1,
    )
    await stage.act('resume')
    const outcome = await stage.end()
    assert.deepEqual(outcome.states, ['paused', 'running', 'done'])
    await assertStored(stage, outcome.path, bytes)

    isHolding = true
    await stage.pick('aborted.bin', 20 * MIB)
    await stage.start('any')
    await waitUntil(() => held.length > 0)
    await stage.act('abort')
    assert.match((await stage.end()).code, /^AbortError/)
    const { core } = stage.server
    const open = await core.files.uploads.list({
      bucket: 'acme',
      prefix: '',
      delimiter: '',
      after: '',
      afterUploadId: '',
      limit: 10,
    })
    assert.deepEqual(open.entries, [])
  },
)
