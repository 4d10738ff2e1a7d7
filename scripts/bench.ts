/** `npm run bench -- NAME [ARGUMENTS]` runs bench/NAME/main.ts; without a name it says which there are. */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'

const [name, ...others] = process.argv.slice(2)
const names = globSync('bench/*/main.ts')
  .map((path) => path.split(/[\\/]/)[1] ?? '')
  .toSorted()

if (name === undefined || !names.includes(name) || !existsSync(`bench/${name}/main.ts`)) {
  console.log(`npm run bench -- NAME [--json]\n\n${names.map((known) => `  ${known}`).join('\n')}`)
  process.exit(name === undefined ? 0 : 2)
}
const { status } = spawnSync(
  process.execPath,
  [
    '--conditions=@hallpass/source',
    '--disable-warning=ExperimentalWarning',
    `bench/${name}/main.ts`,
    ...others,
  ],
  { stdio: 'inherit' },
)
process.exit(status ?? 1)
