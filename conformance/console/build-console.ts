/** The console as it is built. `npm test` has done so before it starts tests of the console; who runs one in another way waits here. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import process from 'node:process'

export function buildConsole(): void {
  const { status } = spawnSync(process.execPath, ['scripts/console.ts'], { stdio: 'inherit' })
  assert.equal(status, 0, 'the console could not be built')
}
