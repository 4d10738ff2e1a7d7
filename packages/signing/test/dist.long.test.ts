import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { PATIENCE_MS } from '../../../conformance/lib/patience.ts'
import { aws } from '../../../vectors/runner/aws.ts'
import { listOf } from '../../../vectors/runner/family.ts'
import { readVectorFiles } from '../../../vectors/runner/read-vector-files.ts'
import { describeFailures, runVectors } from '../../../vectors/runner/run-vectors.ts'
import { placeOf } from '../../../vectors/runner/s3-place.ts'
import type { S3Place } from '../../../vectors/runner/s3-place.ts'
import type * as s3 from '../src/s3.ts'

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const S3_FILES = readVectorFiles(`${ROOT}vectors`).filter((file) => aws.accepts(file))
// Version 4A needs elliptic curves without promises, which only Node has.
const PURE_FILES = S3_FILES.filter(({ path }) => !path.includes('sigv4a'))

interface BrowserVector {
  readonly sign: {
    readonly method: string
    readonly scheme: string
    readonly path: string
    readonly query: unknown
    readonly signedHeaders: Readonly<Record<string, string>>
    readonly region: string
    readonly date: string
    readonly expires: number
  }
  /** The page can import nothing. */
  readonly place: S3Place
}

/** Runs in the page: presigns each vector again, verifies what came out, and gives its signature. */
function presignInPage(vectors: readonly BrowserVector[]): string[] {
  const { hallpass } = globalThis as unknown as { hallpass: typeof s3 }
  return vectors.map(({ sign, place }) => {
    const { host = '', ...headers } = sign.signedHeaders
    const iso = sign.date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5')
    const credentials = sign as unknown as s3.S3Credentials
    const { url } = hallpass.presignS3({
      method: sign.method,
      ...place,
      endpoint: `${sign.scheme}://${host}`,
      region: sign.region,
      credentials,
      expiresInSeconds: sign.expires,
      now: new Date(iso),
      query: sign.query as Record<string, string>,
      headers,
      // The SDKs sign keys that no browser sends as they are.
      foldPath: false,
    })
    hallpass.verifyS3(
      {
        method: sign.method,
        target: url.slice(url.indexOf('/', 8)),
        headers: ['Host', host, ...Object.entries(headers).flat()],
      },
      { region: sign.region, now: new Date(iso), lookup: () => credentials },
    )
    return url.slice(-64)
  })
}

// In a suite, so that the build is made for these tests only.
describe('the built package', () => {
  let folder = ''
  let bundle = ''

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hallpass-dist-'))
    // A build of its own: what lies in dist/ may be older than the source.
    const compiled = spawnSync(
      process.execPath,
      [
        'node_modules/typescript/bin/tsc',
        '--project',
        'packages/signing/tsconfig.json',
        '--outDir',
        folder,
        '--composite',
        'false',
        '--incremental',
        'false',
        '--sourceMap',
        'false',
      ],
      { encoding: 'utf8', cwd: ROOT },
    )
    assert.equal(compiled.status, 0, compiled.stdout)
    const { outputFiles } = await build({
      stdin: {
        contents: `export * from ${JSON.stringify(join(folder, 's3.js'))}`,
        resolveDir: folder,
      },
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      globalName: 'hallpass',
      platform: 'neutral',
    })
    bundle = outputFiles[0]?.text ?? ''
  })

  after(() => rmSync(folder, { recursive: true, force: true }))

  test('it agrees with every S3 vector in Node', async () => {
    const results = await runVectors(
      S3_FILES,
      (name) => import(pathToFileURL(join(folder, `${name}.js`)).href),
    )
    assert.deepEqual(describeFailures(results), [])
    assert.ok(results.passed > 600, `${results.passed} checks`)
  })

  test('bundled and without anything of Node it agrees with every S3 vector', async () => {
    // What every runtime has, and neither process nor Buffer nor require.
    const context = createContext({ TextEncoder, TextDecoder, atob, btoa })
    runInContext(`${bundle};globalThis.hallpass = hallpass`, context)
    assert.equal(
      runInContext('typeof process + typeof Buffer + typeof require', context),
      'undefined'.repeat(3),
    )
    const { hallpass } = context as { hallpass: unknown }
    const results = await runVectors(PURE_FILES, async () => hallpass)
    assert.deepEqual(describeFailures(results), [])
    assert.ok(results.passed > 500, `${results.passed} checks`)
  })

  test('a bundle of one dialect is small', () => {
    assert.ok(bundle.length < 64 * 1024, `${bundle.length} bytes`)
  })

  test('every entry of the package is built and can be imported', async () => {
    const entries = globSync('*.ts', { cwd: `${ROOT}packages/signing/src` })
    assert.ok(entries.length > 10)
    for (const entry of entries) {
      const path = join(folder, entry.replace(/ts$/, 'js'))
      assert.ok(existsSync(path.replace(/js$/, 'd.ts')), `${entry} has no declarations`)
      await import(pathToFileURL(path).href)
    }
    const index = (await import(pathToFileURL(join(folder, 'index.js')).href)) as object
    for (const name of ['presignS3', 'verifyS3', 'explain', 'redact', 'audit', 'SigningError']) {
      assert.ok(name in index, `${name} is not in the main entry`)
    }
  })

  test(
    'in Chromium it presigns and verifies as the SDKs do',
    { skip: existsSync(CHROMIUM) ? false : `there is no Chromium at ${CHROMIUM}` },
    async () => {
      const file = S3_FILES.find(({ path }) => path === 'sdk/s3-presign.json')
      const vectors = listOf(file?.content, 'vectors') as unknown as (Pick<
        BrowserVector,
        'sign'
      > & {
        expected: { signature: string }
      })[]
      const browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: ['--no-sandbox'],
        timeout: PATIENCE_MS,
      })
      try {
        const page = await browser.newPage()
        page.setDefaultTimeout(PATIENCE_MS)
        await page.addScriptTag({ content: `${bundle};globalThis.hallpass = hallpass` })
        const signatures = await page.evaluate(
          presignInPage,
          vectors.map(({ sign }) => ({
            sign,
            place: placeOf(sign.signedHeaders['host'] ?? '', sign.path),
          })),
        )
        assert.deepEqual(
          signatures,
          vectors.map(({ expected }) => expected.signature),
        )
      } finally {
        await browser.close()
      }
    },
  )
})
