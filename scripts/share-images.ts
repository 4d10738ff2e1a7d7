/** Takes the pictures of share pages that the documentation shows: `node scripts/share-images.ts`. Needs Chromium. */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import process from 'node:process'

const SOURCE = '--conditions=@hallpass/source'
mkdirSync('docs/images', { recursive: true })
const { status } = spawnSync(process.execPath, [SOURCE, 'scripts/share-images/take.ts'], {
  stdio: 'inherit',
})
process.exit(status ?? 1)
