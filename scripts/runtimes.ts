/**
 * `npm run runtimes -- [NAME…]`: builds @hallpass/signing and runs every vector through the build in Node, the oldest and
 * the newest, Bun, Deno, workerd with Node's modules and without, and Chromium, and prints a line for each; only in those
 * whose names begin so, if any are given. Exits with 1 if a vector fails in one. conformance/runtimes/install.sh brings
 * them; one that is not there is a line too, and under `HALLPASS_CI=1` a failure.
 */
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { inLanes } from './in-lanes.ts'
import { CHROMIUM } from './runtimes/chromium.ts'
import type { Runtime } from './runtimes/runtime.ts'
import { WITH_FILES } from './runtimes/with-files.ts'
import { WORKERD } from './runtimes/workerd.ts'

const RUNTIMES: readonly Runtime[] = [...WITH_FILES, ...WORKERD, CHROMIUM]
const MAX_LINES = 10

/** Prints the line of a runtime; true unless a vector failed there. */
async function report(runtime: Runtime): Promise<boolean> {
  const found = runtime.found()
  if (found === null) {
    console.log(`${runtime.name}: not on this machine (conformance/runtimes/install.sh brings it)`)
    return process.env['HALLPASS_CI'] !== '1'
  }
  const { details, isRight, summary } = await runtime.run()
  console.log(`${found}: ${summary}`)
  if (!isRight) console.log(details.slice(0, MAX_LINES).join('\n'))
  return isRight
}

const build = spawnSync('tsc', ['--build', 'packages/signing'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
if (build.status !== 0) {
  console.error('The build of packages/signing failed.')
  process.exit(1)
}
const wanted = process.argv.slice(2)
const chosen = RUNTIMES.filter(
  ({ name }) =>
    wanted.length === 0 ||
    wanted.some((prefix) => name.toLowerCase().startsWith(prefix.toLowerCase())),
)
let isRight = true
// The one that takes longest begins first.
await inLanes(chosen.toReversed(), async (runtime) => {
  if (!(await report(runtime))) isRight = false
})
if (!isRight) process.exit(1)
