/**
 * The `prepack` of each package: builds it anew, so that nothing of a deleted source is packed. `npm run pack` runs it; npm
 * itself runs no script while `ignore-scripts` is set, as .npmrc does here.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import process from 'node:process'

rmSync('dist', { recursive: true, force: true })
rmSync('tsconfig.tsbuildinfo', { force: true })
const { status } = spawnSync('tsc', ['--build'], {
  // What npm prints itself is JSON: the compiler must not write into it.
  stdio: ['ignore', 2, 2],
  shell: process.platform === 'win32',
})
process.exitCode = status ?? 1
