/**
 * `npm run vectors -- [FOLDER]`: builds @hallpass/signing and runs every vector under the folder (`vectors/` unless
 * given) through what was built. Exits with 1 if any fails. `--built` takes the build that is there; then it needs no
 * other program, and Bun and Deno run it too.
 */
import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import process from 'node:process'
import { readVectorFiles } from '../vectors/runner/read-vector-files.ts'
import { describeFailures, runVectors } from '../vectors/runner/run-vectors.ts'

const folder = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? 'vectors'

if (!process.argv.includes('--built')) {
  const build = spawnSync('tsc', ['--build', 'packages/signing'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (build.status !== 0) {
    console.error('The build of packages/signing failed.')
    process.exit(1)
  }
}

const files = readVectorFiles(folder)
if (files.length === 0) {
  console.error(`There are no vectors under ${folder}.`)
  process.exit(1)
}
const results = await runVectors(
  files,
  (name) => import(pathToFileURL(resolve(`packages/signing/dist/${name}.js`)).href),
)
for (const path of results.unknown) console.log(`unknown: ${path}`)
for (const line of describeFailures(results)) console.log(`FAILED ${line}`)
console.log(`${results.passed} passed, ${results.failures.length} failed`)
if (results.failures.length > 0) process.exit(1)
