/**
 * A library under test: a program in its own language gets the plan, does every check it knows, and prints a line of
 * JSON for each, `{"check", "saw"}` or `{"check", "error"}`.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startServer } from '../../lib/start-server.ts'
import type { RunningServer } from '../../lib/start-server.ts'
import { makePlan, planPath, removePlan } from './client-plan.ts'
import type { ClientPlan } from './client-plan.ts'
import { ASKED_TITLE, assertAsked } from './coverage-tables.ts'
import { forClient } from './find-client.ts'
import type { CanSend } from './payloads.ts'
import { LIBRARY_CHECKS } from './library-checks.ts'
import { runProgram } from './run-program.ts'
import type { RunResult } from './run-program.ts'

export interface LibraryClient {
  readonly name: string
  /** Programs and files without which there is nothing to test. */
  readonly needed: readonly string[]
  /** The path of the plan is added. */
  readonly command: readonly [string, ...string[]]
  /** Names in `library-checks.ts`; what the library has no function for is left out. */
  readonly checks: readonly string[]
  /** False for nasty keys that the library itself breaks; others take their place. */
  readonly canSend?: CanSend
}

interface Report {
  readonly check: string
  readonly saw?: unknown
  readonly error?: string
}

export const SIZE_CHECKS: readonly string[] = [...LIBRARY_CHECKS.keys()].filter((name) =>
  name.startsWith('size '),
)

const OF_FEW = [
  'copy in parts',
  'attributes',
  'cors',
  'bucket tags',
  'delete some',
  'visibility',
  'visibility kept by copy',
  'keys',
  'clear',
  'upload in parts',
  'signature v2',
]

/** Every check of a client with the whole of S3, but those named. */
export function allChecksBut(...left: readonly string[]): string[] {
  return [...LIBRARY_CHECKS.keys()].filter((name) => !left.includes(name) && !OF_FEW.includes(name))
}

export function testLibrary(client: LibraryClient): void {
  forClient(client.name, client.needed, () => {
    let server: RunningServer
    let plan: ClientPlan
    let result: RunResult
    let reports: ReadonlyMap<string, Report>

    before(async () => {
      server = await startServer()
      plan = await makePlan(server, client.canSend)
      const home = join(plan.folder, 'home')
      result = await runProgram([...client.command, planPath(plan)], { cwd: home })
      reports = parseReports(result.stdout)
    })

    after(async () => {
      removePlan(plan)
      await server.stop()
    })

    for (const name of client.checks) {
      const check = LIBRARY_CHECKS.get(name)
      assert.ok(check !== undefined, `${name} is no check`)
      test(`${client.name} ${check.title}`, async () => {
        const report = reports.get(name)
        const end = `the client ended with ${result.status} and did not report: ${result.stderr.slice(-2000)}`
        assert.ok(report !== undefined, end)
        if (report.error !== undefined) assert.fail(report.error)
        await check.verify(report.saw, { server, plan })
      })
    }

    test(`${client.name} ${ASKED_TITLE}`, () => assertAsked(client.name, () => server.logText()))
  })
}

function parseReports(stdout: string): Map<string, Report> {
  const reports = stdout
    .split('\n')
    .filter((line) => line.startsWith('{"check"'))
    .map((line) => JSON.parse(line) as Report)
  return new Map(reports.map((report) => [report.check, report]))
}
