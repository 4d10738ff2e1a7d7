/** What `engines` promises, on the very Node that it names. */
import { join } from 'node:path'
import { OLDEST_NODE, versionOf } from '../runtimes/runtime.ts'
import { CLIENT_ENTRIES, importWith, signingEntries } from './entries.ts'
import { readEngine } from './manifests.ts'
import type { Outcome, Project } from './project.ts'
import { problemOf } from './project.ts'

/** Needs the recipes in the project. */
export function checkOldestNode(project: Project): Outcome[] {
  const wanted = readEngine('signing').replace('>=', '')
  const version = versionOf(OLDEST_NODE)
  if (version === null) return [{ name: `Node ${wanted} is not on this machine`, problem: null }]
  if (!version.startsWith(`${wanted}.`)) {
    return [{ name: `Node ${wanted}`, problem: `conformance/runtimes brings ${version}` }]
  }
  const command = join(project.installed('cli'), 'bin/hallpass.js')
  const redacted = project.run(OLDEST_NODE, [command, 'redact'], 'GET /a?sig=abcdefgh12345&x=1')
  const served = project.run(OLDEST_NODE, [command, 'serve'])
  const ran = project.run(OLDEST_NODE, ['recipes/redact-in-pino.ts'])
  const outcomes: Outcome[] = [
    importWith(project, OLDEST_NODE, [...signingEntries(project), ...CLIENT_ENTRIES]),
    {
      name: 'hallpass redact',
      problem: redacted.stdout === 'GET /a?sig=[redacted]&x=1' ? null : problemOf(redacted),
    },
    {
      name: 'hallpass serve',
      problem:
        served.status === 2 && served.stderr.includes('needs Node 24') ? null : problemOf(served),
    },
    { name: 'a recipe as it is', problem: ran.status === 0 ? null : problemOf(ran) },
  ]
  return outcomes.map(({ name, problem }) => ({ name: `${name}, on Node ${version}`, problem }))
}
