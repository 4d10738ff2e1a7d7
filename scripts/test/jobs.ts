/**
 * The processes that run the tests, as many at once as the machine has processors. What a process prints is told whole when
 * it ends, so that lines of two never mix; one alone prints as it goes.
 */
import { spawn, spawnSync } from 'node:child_process'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { inLanes } from '../in-lanes.ts'

export interface Job {
  readonly name: string
  readonly files: readonly string[]
}

/** What `node --test` is given besides the files. */
export type Arguments = readonly string[]

const COUNTED = ['tests', 'pass', 'fail', 'cancelled', 'skipped'] as const

/** Runs them all; true if no test failed. */
export async function runJobs(jobs: readonly Job[], options: Arguments): Promise<boolean> {
  const [first, ...others] = jobs
  if (first === undefined) return true
  if (others.length === 0) return runShown(first, options)
  const outputs: string[] = []
  const failed: string[] = []
  await inLanes(jobs, async (job) => {
    const startedAt = performance.now()
    const { output, isPassed } = await runCaptured(job, options)
    outputs.push(output)
    if (!isPassed) failed.push(job.name)
    console.log(
      `${output}== ${job.name}: ${outputs.length} of ${jobs.length} (${secondsSince(startedAt)} s)\n`,
    )
  })
  console.log(sumUp(outputs, failed))
  return failed.length === 0
}

function runShown({ files }: Job, options: Arguments): boolean {
  const { status } = spawnSync(process.execPath, [...options, ...files], { stdio: 'inherit' })
  return status === 0
}

async function runCaptured(
  { files }: Job,
  options: Arguments,
): Promise<{ output: string; isPassed: boolean }> {
  const child = spawn(process.execPath, [...options, ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<number | null>()
  child.once('error', fail)
  child.once('close', end)
  const output = await text(child.stdout)
  return { output, isPassed: (await ended) === 0 }
}

function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 1000)
}

/** What was left out, and the numbers of all processes together. */
function sumUp(outputs: readonly string[], failed: readonly string[]): string {
  const lines = outputs.flatMap((output) => output.split('\n'))
  const counts = COUNTED.map((name) => {
    const counted = new RegExp(`^ℹ ${name} (\\d+)$`)
    const numbers = lines.map((line) => counted.exec(line)?.[1] ?? '0')
    return `ℹ all ${name} ${numbers.reduce((sum, number) => sum + Number(number), 0)}`
  })
  return [
    ...lines.filter((line) => line.startsWith('left out: ')),
    ...counts,
    ...failed.map((name) => `failed: ${name}`),
  ].join('\n')
}
