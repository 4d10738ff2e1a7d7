/**
 * Clients that others have written, unmodified, in Chromium: the connection is cut three times, the server is killed once and the page is
 * loaded once more, and the file arrives, with at most what each connection had under way sent again each time: one part. HALLPASS_RESUME_MIB is its size.
 */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { createHallpass } from '@hallpass/client'
import type { Hallpass } from '@hallpass/client'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { startServerProcess } from '../crash/server-process.ts'
import type { ServerProcess } from '../crash/server-process.ts'
import { launchBrowser, skip } from '../lib/browser-of-process.ts'
import { startCuttingProxy } from '../lib/cutting-proxy.ts'
import type { CuttingProxy } from '../lib/cutting-proxy.ts'
import { PATIENCE_MS, waitUntil } from '../lib/patience.ts'
import type * as UploaderPage from './uploader-page.ts'

const MIB = 1024 ** 2
const SIZE = Number(process.env['HALLPASS_RESUME_MIB'] ?? 64) * MIB
const KEY = 'hp_resume_00123456789abcdefghijklmnopqrstuvwxyz'
/** What a connection has under way: the piece that is made safe at once of one that speaks tus, the part of one that speaks S3. */
const PIECE_BYTES = 8 * MIB
const PART_BYTES = 5 * MIB
/** What waits in the buffers of sockets when the server is killed, and headers. */
const BUFFERED_BYTES = 8 * MIB
const CUTS = [0.12, 0.3, 0.5]
const KILL = 0.65
const RELOAD = 0.8
const INTERRUPTIONS = CUTS.length + 2

async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'uploader-page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'uploader',
    target: 'es2022',
    loader: { '.css': 'empty' },
  })
  return outputFiles[0]?.text ?? ''
}

interface Stage {
  readonly hp: Hallpass
  readonly page: Page
  readonly proxy: CuttingProxy
  readonly bytes: Buffer
  /** How often the page was loaded. */
  readonly loads: () => number
  readonly kills: () => number
  /** Why the server or the page did not come back; `null` as long as they do. */
  readonly fault: () => Error | null
  /** Loads another page in place of the site's, then and whenever it is loaded again. */
  readonly loadInstead: (page: LoadPage) => Promise<void>
}

/** With the file picked. */
type LoadPage = (page: Page, path: string) => Promise<void>

async function startSite(): Promise<{ readonly origin: string; readonly stop: () => void }> {
  const site = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<!doctype html><title>upload</title><input type="file">')
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  const { port } = site.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: () => {
      site.closeAllConnections()
      site.close()
    },
  }
}

async function setStage(t: TestContext): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-resume-'))
  const bytes = randomBytes(SIZE)
  const path = join(folder, 'film.mp4')
  writeFileSync(path, bytes)
  const site = await startSite()
  const free = await startCuttingProxy({ targetPort: 9 })
  const serverPort = free.port
  await free.stop()
  let running: ServerProcess | null = null
  let loads = 0
  let kills = 0
  let fault: Error | null = null
  const due = [
    ...CUTS.map((at) => ['cut', at] as const),
    ['kill', KILL] as const,
    ['load', RELOAD] as const,
  ]
  const proxy = await startCuttingProxy({
    targetPort: serverPort,
    onSent: async (sent, self) => {
      const [next] = due
      if (next === undefined || sent < next[1] * SIZE) return
      due.shift()
      if (next[0] === 'cut') return self.cut()
      try {
        await (next[0] === 'kill' ? startAnew() : load())
      } catch (error) {
        fault = error as Error
        await page.close()
      }
    },
  })
  const start = (): Promise<ServerProcess> =>
    startServerProcess({
      dataDir: join(folder, 'data'),
      accessKeyId: 'HPRESUMETESTKEY00001',
      secretAccessKey: 'resume/Secret+Key/00123456789abcdefghijklmn',
      port: serverPort,
      env: {
        HALLPASS_ADMIN_KEY: KEY,
        HALLPASS_PUBLIC_URL: `http://127.0.0.1:${proxy.port}`,
        HALLPASS_CORS_ORIGINS: site.origin,
      },
    })
  const startAnew = async (): Promise<void> => {
    await running?.kill()
    kills += 1
    running = await start()
  }
  running = await start()
  const browser = await launchBrowser()
  t.after(async () => {
    await browser.close()
    await proxy.stop()
    await running?.stop()
    site.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const page = await browser.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const script = await bundlePage()
  let loadPage: LoadPage = async () => {
    await page.goto(site.origin)
    await page.addScriptTag({ content: script })
    await page.setInputFiles('input', path)
  }
  const load = async (): Promise<void> => {
    await loadPage(page, path)
    loads += 1
  }
  await load()
  const hp = createHallpass({ url: running.origin, key: KEY })
  await hp.buckets.put({ name: 'acme' })
  const loadInstead = async (other: LoadPage): Promise<void> => {
    loadPage = other
    await load()
  }
  const counts = { loads: () => loads, kills: () => kills, fault: () => fault }
  return { hp, page, proxy, bytes, loadInstead, ...counts }
}

/** Uploads in the page, and once more in the page that was loaded instead. */
async function upload(
  { page, loads, fault }: Stage,
  wish: UploaderPage.Wish,
): Promise<UploaderPage.Outcome> {
  for (;;) {
    const before = loads()
    const outcome = await page
      .evaluate((asked) => {
        const { uploader } = globalThis as unknown as { uploader: typeof UploaderPage }
        return uploader.upload(asked)
      }, wish)
      .catch((error: unknown) => ({ error: String(error), uploaded: 0 }))
    const stopped = fault()
    if (stopped !== null) throw stopped
    const wasLost = outcome.uploaded === 0 && /context|navigat|destroyed/i.test(outcome.error)
    if (!wasLost) return outcome
    await waitUntil(() => loads() > before, 'the page was loaded again')
  }
}

async function digestOf(hp: Hallpass, path: string): Promise<string> {
  const { id } = await hp.files.find({ path })
  const answer = await hp.files.getContent({ id })
  const hash = createHash('sha256')
  for await (const chunk of answer.body ?? []) hash.update(chunk)
  return hash.digest('hex')
}

async function assertArrives(
  t: TestContext,
  wishOf: (origin: string, token: string) => UploaderPage.Wish,
  underWay: UnderWay = {},
): Promise<void> {
  const stage = await setStage(t)
  const { url } = await stage.hp.shares.create({ path: 'acme/inbox/', kind: 'drop' })
  const token = url.split('/').at(-1) ?? ''
  const wish = wishOf(`http://127.0.0.1:${stage.proxy.port}`, token)
  const outcome = await upload(stage, wish)
  assert.deepEqual(outcome, { error: '', uploaded: SIZE })
  await assertWhole(t, stage, { loads: 2, ...underWay })
}

interface UnderWay {
  readonly partBytes?: number
  /** Connections at once. */
  readonly parallel?: number
}

async function assertWhole(
  t: TestContext,
  { hp, proxy, bytes, ...stage }: Stage,
  { loads, partBytes = PIECE_BYTES, parallel = 1 }: UnderWay & { readonly loads: number },
): Promise<void> {
  const digest = createHash('sha256').update(bytes).digest('hex')
  assert.equal(await digestOf(hp, 'acme/inbox/film.mp4'), digest)
  assert.deepEqual([stage.kills(), stage.loads()], [1, loads], 'it was killed and loaded again')
  const again = proxy.sent() - SIZE
  t.diagnostic(`${(again / MIB).toFixed(1)} MiB more than ${SIZE / MIB} were sent, with headers`)
  const most = parallel * (INTERRUPTIONS * partBytes + BUFFERED_BYTES)
  assert.ok(again <= most, `${again} bytes were sent again`)
}

test(
  'the page of a drop gets its file through cuts, a killed server and a reload',
  { skip },
  async (t) => {
    const stage = await setStage(t)
    const { url } = await stage.hp.shares.create({ path: 'acme/inbox/', kind: 'drop' })
    await stage.loadInstead(async (page, path) => {
      await page.goto(url)
      await page.locator('input[type=file]').setInputFiles(path)
      await page.getByRole('button', { name: 'Send' }).click()
    })
    await stage.page.getByRole('heading', { name: 'These files have arrived' }).waitFor()
    await assertWhole(t, stage, { loads: 3 })
  },
)

test('tus-js-client gets its file through cuts, a killed server and a reload', { skip }, (t) =>
  assertArrives(t, (origin, token) => ({
    client: 'tus-js-client',
    endpoint: `${origin}/-/tus/${token}`,
  })),
)

test('tus-js-client does so with three uploads at once that are put together', { skip }, (t) =>
  assertArrives(
    t,
    (origin, token) => ({
      client: 'tus-js-client',
      endpoint: `${origin}/-/tus/${token}`,
      parallel: 3,
    }),
    { parallel: 3 },
  ),
)

test('Uppy 6 with its Dashboard and tus gets its file through', { skip }, (t) =>
  assertArrives(t, (origin, token) => ({
    client: 'uppy-6-tus',
    endpoint: `${origin}/-/tus/${token}`,
  })),
)

test('Uppy 6 with its S3 plugin in parts gets its file through', { skip }, (t) =>
  assertArrives(
    t,
    (origin, token) => ({ client: 'uppy-6-s3', endpoint: `${origin}/-/uppy/${token}` }),
    { partBytes: PART_BYTES },
  ),
)

test(
  'Uppy 5 with its S3 plugin, which sends six parts at once, gets its file through',
  { skip },
  (t) =>
    assertArrives(
      t,
      (origin, token) => ({ client: 'uppy-5-s3', endpoint: `${origin}/-/uppy/${token}` }),
      { partBytes: PART_BYTES, parallel: 6 },
    ),
)
