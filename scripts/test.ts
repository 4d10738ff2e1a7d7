/**
 * Runs the tests: `npm test` runs everything, `npm test -- PATH…` only the files under the paths given.
 * Unit tests share one process, because nothing in them is global and that is ten times faster;
 * conformance tests start servers and browsers and get a process each.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'

const UNIT = 'packages/*/test/**/*.test.ts'
const CONFORMANCE = 'conformance/**/*.test.ts'

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'))

function select(pattern: string): string[] {
  const files = globSync(pattern).toSorted()
  if (wanted.length === 0) return files
  return files.filter((file) => wanted.some((path) => file.startsWith(path.replace(/^\.\//, ''))))
}

function run(files: string[], isolation: 'none' | 'process'): boolean {
  if (files.length === 0) return true
  const { status } = spawnSync(
    process.execPath,
    [
      '--conditions=@hallpass/source',
      '--disable-warning=ExperimentalWarning',
      '--test',
      `--test-isolation=${isolation}`,
      ...flags,
      ...files,
    ],
    { stdio: 'inherit' },
  )
  return status === 0
}

const unitFiles = select(UNIT)
const conformanceFiles = select(CONFORMANCE)
if (unitFiles.length + conformanceFiles.length === 0) {
  console.error(`No test file under ${wanted.join(', ')}.`)
  process.exit(2)
}
const passed = [run(unitFiles, 'none'), run(conformanceFiles, 'process')]
process.exit(passed.every(Boolean) ? 0 : 1)
