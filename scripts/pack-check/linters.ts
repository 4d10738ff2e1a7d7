/** What publint and Are the types wrong? say of the tarballs. Both know nothing to complain of but CommonJS. */
import { PACKAGES } from '../pack/make-tarballs.ts'
import type { Answer, Outcome, Project } from './project.ts'
import { problemOf } from './project.ts'

/** node10 and `require` under node16 are what a package of ES modules has no answer for: docs/packages.md says so. */
const ATTW_FLAGS = ['--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii']

export function checkWithLinters(project: Project): Outcome[] {
  const { run, tarballs } = project
  return [
    ...PACKAGES.map((name) =>
      outcomeOf(`publint ${name}`, run('publint', [tarballs[name], '--strict'])),
    ),
    // The command is no library: there is nothing to import from it.
    ...(['signing', 'client', 'react', 'server'] as const).map((name) =>
      outcomeOf(`attw ${name}`, run('attw', [tarballs[name], ...ATTW_FLAGS])),
    ),
  ]
}

function outcomeOf(name: string, answer: Answer): Outcome {
  return { name, problem: answer.status === 0 ? null : problemOf(answer) }
}
