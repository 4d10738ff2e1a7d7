/**
 * The command in a few files in place of two thousand: a server begins in a quarter of the processor time, and the tests
 * start hundreds. What they run is the same code; only how it is loaded differs.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Native, or loaded when they are wanted: Node finds them where it always does. */
const LEFT_OUT = [
  'better-sqlite3',
  'pino',
  'thread-stream',
  'pg-native',
  'fastify',
  'prom-client',
  'hash-wasm',
  '@aws-sdk/*',
  '@azure/*',
  'google-auth-library',
]
/** What comes of CommonJS asks for this. */
const REQUIRE =
  "import { createRequire as createRequireOf } from 'node:module'; const require = createRequireOf(import.meta.url);"

/** The file to run. It lies as deep as the sources, which look for the console and for the version from where they are. */
export async function buildProgram(root: string): Promise<string> {
  const place = join(root, 'packages/server/.program')
  await mkdir(place, { recursive: true })
  await writeFile(
    join(place, 'package.json'),
    await readFile(join(root, 'packages/cli/package.json')),
  )
  await build({
    absWorkingDir: root,
    entryPoints: {
      main: 'packages/cli/src/main.ts',
      worker: 'packages/server/src/worker.ts',
      'digest-thread': 'packages/server/src/core/files/digest-thread.ts',
    },
    outdir: join(place, 'all'),
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@hallpass/source'],
    external: LEFT_OUT,
    banner: { js: REQUIRE },
    logLevel: 'error',
  })
  return join(place, 'all/main.js')
}
