/** Downloads in a second of a server's processor time: what they cost it, whoever else has the machine, and who sends them. */
import { setTimeout as sleep } from 'node:timers/promises'
import { readProcessorUse } from '../../packages/server/src/platform/processor-use.ts'
import { median, quantile } from '../lib/rounds.ts'
import type { RoundOptions, Row } from '../lib/rounds.ts'
import { atOnce, download } from './download.ts'

/** Uses and events are written down twice a second: they belong to what they are of. */
const SETTLES_MS = 1500

export interface Downloading {
  readonly name: string
  /** Of the server. */
  readonly pid: number
  readonly urls: readonly string[]
}

export interface DownloadsOf {
  readonly what: string
  readonly size: number
  /** The first is the one that ratios are to. */
  readonly contestants: readonly [Downloading, ...Downloading[]]
}

export function nameByProcessor(what: string): string {
  return `${what}, a CPU second`
}

export async function measureByProcessor(
  { what, size, contestants }: DownloadsOf,
  options: RoundOptions,
): Promise<readonly Row[]> {
  const rates = new Map<string, number[]>(contestants.map(({ name }) => [name, []]))
  // The round before the first is for warmth.
  for (let round = -1; round < options.rounds; round += 1) {
    for (const one of contestants) {
      const rate = await rateOf(one, size, options.roundMs)
      if (round >= 0) rates.get(one.name)?.push(rate)
    }
  }
  const reference = rates.get(contestants[0].name) ?? []
  return Array.from(rates, ([contestant, own]) => ({
    operation: nameByProcessor(what),
    contestant,
    medianRate: median(own),
    ratio: median(own.map((rate, round) => rate / (reference[round] ?? Number.NaN))),
    spread: (quantile(own, 0.75) - quantile(own, 0.25)) / median(own),
  }))
}

async function rateOf({ pid, urls }: Downloading, size: number, roundMs: number): Promise<number> {
  const secondsOf = (): number => readProcessorUse(pid)?.seconds ?? Number.NaN
  const before = secondsOf()
  const until = performance.now() + roundMs
  let count = 0
  while (performance.now() < until) {
    await atOnce(() => {
      count += 1
      return download(urls[count % urls.length] ?? '', size)
    })
  }
  await sleep(SETTLES_MS)
  return count / (secondsOf() - before)
}
