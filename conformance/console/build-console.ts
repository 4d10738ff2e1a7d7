/** The console as it is built, which it is once for all tests. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import process from 'node:process'

export function buildConsole(): void {
  const { status } = spawnSync(process.execPath, ['scripts/console.ts'], { stdio: 'inherit' })
  assert.equal(status, 0, 'the console could not be built')
}
