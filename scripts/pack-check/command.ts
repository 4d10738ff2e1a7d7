/** Runs the installed `hallpass`, with the server beside it and without. */
import { globSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { readOwnVersion } from './manifests.ts'
import type { Answer, Outcome, Project } from './project.ts'
import { problemOf } from './project.ts'

const SIGNATURE = '3e75522318d9db2c647b7a1b9ec675969cefa4cbaf4c95b556f5fd0c264fccad'
/** What `hallpass` takes where only `redact` and its like are wanted, with all it stands on. */
const MAX_INSTALLED_BYTES = 5_000_000

interface Expectation {
  readonly parameters: readonly string[]
  readonly stdin?: string
  readonly isRight: (answer: Answer) => boolean
}

const REDACT: Expectation = {
  parameters: ['redact'],
  stdin: `GET /k?X-Amz-Signature=${SIGNATURE} 200\n`,
  isRight: ({ status, stdout }) =>
    status === 0 && stdout === 'GET /k?X-Amz-Signature=[redacted] 200\n',
}

/** With the server installed. */
export function checkCommand(project: Project): Outcome[] {
  return check(project, [
    {
      parameters: ['--version'],
      isRight: ({ stdout }) => stdout === `${readOwnVersion()}\n`,
    },
    REDACT,
    {
      parameters: ['demo'],
      // The AWS SDK is no dependency, so the chapter about it is left out here.
      isRight: ({ status, stdout }) => status === 0 && /Skipped: @aws-sdk\/client-s3 /.test(stdout),
    },
  ])
}

/** Without it: small, everything but the server works, and the server says how it is had. */
export function checkSmallCommand(project: Project): Outcome[] {
  const bytes = installedBytes(project)
  const said = `npm install hallpass@${readOwnVersion()} @hallpass/server@${readOwnVersion()}\n`
  const asksForServer = ({ status, stderr }: Answer): boolean =>
    status === 2 && stderr.includes(said)
  return [
    {
      name: `hallpass alone takes ${(bytes / 1e6).toFixed(1)} MB`,
      problem: bytes <= MAX_INSTALLED_BYTES ? null : `more than ${MAX_INSTALLED_BYTES} bytes`,
    },
    ...check(project, [
      REDACT,
      { parameters: ['--help'], isRight: ({ status }) => status === 0 },
      { parameters: ['serve'], isRight: asksForServer },
      { parameters: ['demo'], isRight: asksForServer },
    ]).map(({ name, problem }) => ({ name: `${name}, without the server`, problem })),
  ]
}

function check(project: Project, expectations: readonly Expectation[]): Outcome[] {
  return expectations.map(({ parameters, stdin, isRight }) => {
    const answer = project.run('npx', ['--no', '--', 'hallpass', ...parameters], stdin)
    const problem = isRight(answer) ? null : problemOf(answer)
    return { name: `hallpass ${parameters.join(' ')}`, problem }
  })
}

/** Of every file below node_modules. */
function installedBytes({ root }: Project): number {
  const folder = join(root, 'node_modules')
  const sizes = globSync('**', { cwd: folder }).map((path) => lstatSync(join(folder, path)))
  return sizes.filter((stats) => stats.isFile()).reduce((sum, { size }) => sum + size, 0)
}
