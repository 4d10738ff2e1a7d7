/**
 * The loop before every commit: format, lint, types, also those of the documentation, specification references, deployment files. `npm run check`.
 * Every step runs even when an earlier one failed, so that one round shows everything.
 */
import { spawnSync } from 'node:child_process'
import { PACKAGES } from './pack/make-tarballs.ts'

interface Step {
  readonly name: string
  readonly command: readonly [string, ...string[]]
}

const STEPS: readonly Step[] = [
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  {
    name: 'types',
    command: ['tsc', '--build', ...PACKAGES.map((name) => `packages/${name}`)],
  },
  { name: 'types of tests', command: ['tsc', '--project', 'tsconfig.json'] },
  { name: 'types of the console', command: ['tsc', '--project', 'packages/console'] },
  { name: 'examples', command: ['node', 'scripts/check-examples.ts'] },
  { name: 'client', command: ['node', 'scripts/client.ts', '--check'] },
  { name: 'references', command: ['node', 'scripts/check-references.ts'] },
  { name: 'deploy', command: ['node', 'scripts/check-deploy.ts'] },
]

const failed: string[] = []
for (const { name, command } of STEPS) {
  const [program, ...parameters] = command
  const { status } = spawnSync(program, parameters, { stdio: 'inherit' })
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`)
  if (status !== 0) failed.push(name)
}
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`)
  process.exit(1)
}
