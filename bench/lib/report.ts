/** Prints results, for people or as JSON, with what is needed to judge them: the machine and the versions. */
import { readFileSync } from 'node:fs'
import { arch, cpus, platform, totalmem } from 'node:os'
import type { RoundOptions, Row } from './rounds.ts'

export interface Report {
  readonly machine: Readonly<Record<string, string | number>>
  /** Of everything that took part. */
  readonly versions: Readonly<Record<string, string>>
  readonly rounds: RoundOptions
  readonly rows: readonly Row[]
  /** What was left out, and why. */
  readonly skipped: readonly string[]
}

export function describeMachine(): Report['machine'] {
  const processors = cpus()
  return {
    platform: `${platform()} ${arch()}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cpus: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  }
}

/** The installed versions of these packages, and of Node and OpenSSL. */
export function readVersions(packages: readonly string[]): Report['versions'] {
  const versions: Record<string, string> = {
    node: process.versions.node,
    openssl: process.versions.openssl,
  }
  for (const name of packages) {
    try {
      const text = readFileSync(`node_modules/${name}/package.json`, 'utf8')
      versions[name] = (JSON.parse(text) as { version: string }).version
    } catch {
      versions[name] = 'not installed'
    }
  }
  return versions
}

/** Writes the report to standard output. */
export function printReport(report: Report, asJson: boolean): void {
  if (asJson) {
    console.log(JSON.stringify(report, null, 2))
    return
  }
  console.log(Object.values(report.machine).join(' · '))
  console.log(
    Object.entries(report.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(' · '),
  )
  console.log(`${report.rounds.rounds} rounds of ${report.rounds.roundMs} ms a contestant`)
  let operation = ''
  for (const row of report.rows) {
    if (row.operation !== operation) {
      operation = row.operation
      console.log(
        `\n${operation.padEnd(52)}${'a second'.padStart(12)}${'ratio'.padStart(9)}  spread`,
      )
    }
    console.log(
      `  ${row.contestant.padEnd(50)}${formatRate(row.medianRate).padStart(12)}${formatRatio(row.ratio).padStart(9)}  ${(100 * row.spread).toFixed(0)} %`,
    )
  }
  for (const reason of report.skipped) console.log(`\nskipped: ${reason}`)
}

function formatRate(rate: number): string {
  return rate >= 1000 ? `${(rate / 1000).toFixed(1)}k` : rate.toFixed(1)
}

function formatRatio(ratio: number): string {
  return ratio >= 100 ? ratio.toFixed(0) : ratio.toPrecision(3)
}
