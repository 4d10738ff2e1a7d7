/** Runs the installed `hallpass`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome, Project } from './project.ts'
import { problemOf } from './project.ts'

const SIGNATURE = '3e75522318d9db2c647b7a1b9ec675969cefa4cbaf4c95b556f5fd0c264fccad'

interface Expectation {
  readonly parameters: readonly string[]
  readonly stdin?: string
  readonly says: (stdout: string) => boolean
}

export function checkCommand(project: Project): Outcome[] {
  const text = readFileSync(join(project.installed('cli'), 'package.json'), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  const expectations: readonly Expectation[] = [
    { parameters: ['--version'], says: (stdout) => stdout === `${version}\n` },
    {
      parameters: ['redact'],
      stdin: `GET /k?X-Amz-Signature=${SIGNATURE} 200\n`,
      says: (stdout) => stdout === 'GET /k?X-Amz-Signature=[redacted] 200\n',
    },
    // The AWS SDK is no dependency, so the chapter about it is left out here.
    { parameters: ['demo'], says: (stdout) => /Skipped: @aws-sdk\/client-s3 /.test(stdout) },
  ]
  return expectations.map(({ parameters, stdin, says }) => {
    const answer = project.run('npx', ['--no', '--', 'hallpass', ...parameters], stdin)
    const isRight = answer.status === 0 && says(answer.stdout)
    return { name: `hallpass ${parameters.join(' ')}`, problem: isRight ? null : problemOf(answer) }
  })
}
