/** What publint and Are the types wrong? say of the tarballs. Both know nothing to complain of but CommonJS. */
import { PACKAGES } from '../pack/make-tarballs.ts'
import { signingEntries } from './entries.ts'
import type { Answer, Outcome, Project } from './project.ts'
import { problemOf } from './project.ts'

export function checkWithLinters(project: Project): Outcome[] {
  return [
    ...PACKAGES.map((name) => {
      const answer = project.run('publint', [project.tarballs[name], '--strict'])
      return outcomeOf(`publint ${name}`, answer)
    }),
    // The command is no library: there is nothing to import from it.
    ...(['signing', 'server'] as const).map((name) => {
      const inner = name === 'signing' ? signingEntries(project).map(toSubpath) : ['.']
      const flags = ['--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii']
      const answer = project.run('attw', [
        project.tarballs[name],
        ...flags,
        '--entrypoints',
        ...inner,
      ])
      return outcomeOf(`attw ${name}`, answer)
    }),
  ]
}

function toSubpath(specifier: string): string {
  return specifier.replace(/^@hallpass\/signing/, '.')
}

function outcomeOf(name: string, answer: Answer): Outcome {
  return { name, problem: answer.status === 0 ? null : problemOf(answer) }
}
