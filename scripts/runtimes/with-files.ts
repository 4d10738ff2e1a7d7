/** Node, Bun and Deno: they read the vectors themselves and run the TypeScript of the runner as it is. */
import { BUN, DENO, OLDEST_NODE, run, versionOf } from './runtime.ts'
import type { Runtime } from './runtime.ts'

const SCRIPT = ['scripts/vectors.ts', '--built']
function runtimeOf(name: string, program: string, flags: readonly string[] = []): Runtime {
  return {
    name,
    found() {
      const version = versionOf(program)
      return version === null ? null : `${name} ${version}`
    },
    async run() {
      const { status, text } = await run(program, [...flags, ...SCRIPT])
      const lines = text.split('\n')
      return { isRight: status === 0, summary: lines.at(-1) ?? '', details: lines.slice(0, -1) }
    },
  }
}

export const WITH_FILES: readonly Runtime[] = [
  runtimeOf('Node', 'node'),
  runtimeOf('Node', OLDEST_NODE, ['--disable-warning=ExperimentalWarning']),
  runtimeOf('Bun', BUN, ['run']),
  runtimeOf('Deno', DENO, ['run', '--no-check', '--allow-read', '--allow-env']),
]
