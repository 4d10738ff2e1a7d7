/** What a download through a redirect costs Hallpass beside one whose bytes pass it: links to a mounted bucket, by its processor time. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerProcess } from '../../conformance/crash/server-process.ts'
import type { Seaweed } from '../../conformance/lib/seaweed.ts'
import { readProcessorUse } from '../../packages/server/src/platform/processor-use.ts'
import { median, quantile } from '../lib/rounds.ts'
import type { RoundOptions, Row } from '../lib/rounds.ts'
import { createS3Store } from '../serving/s3-store.ts'
import { AT_ONCE, atOnce, download } from './download.ts'
import { KEYS, askRest } from './servers.ts'

const MOUNTED = 'mounted'
const WAYS = ['proxied', 'redirected'] as const
export const REDIRECTED: (typeof WAYS)[number] = 'redirected'
/** Uses and events are written down twice a second: they belong to what they are of. */
const SETTLES_MS = 1500

export function nameOfRedirected(size: string): string {
  return `GET ${size} by link, ${AT_ONCE} at once, a second of Hallpass's processor`
}

export interface Redirecting {
  readonly server: ServerProcess
  readonly files: number
  /** Its name, and how many bytes. */
  readonly size: readonly [string, number]
}

export async function mountSeaweed(server: ServerProcess, seaweed: Seaweed): Promise<void> {
  const url = `s3://${seaweed.bucket}/${MOUNTED}?endpoint=${seaweed.origin}`
  await askRest(server.origin, 'PUT', `buckets/${MOUNTED}`, {
    store: { url, credentials: seaweed.credentials },
  })
  await askRest(server.origin, 'PUT', `folders/${MOUNTED}`, { policy: { delivery: REDIRECTED } })
  await askRest(server.origin, 'PUT', `folders/${MOUNTED}/proxied`, {
    policy: { delivery: 'proxied' },
  })
}

/** Rates are downloads in a second of the server's processor time. */
export async function measureRedirected(
  redirecting: Redirecting,
  options: RoundOptions,
): Promise<readonly Row[]> {
  const { server, size } = redirecting
  const rates = new Map<string, number[]>()
  for (const way of WAYS) rates.set(way, [])
  const urls = new Map<string, readonly string[]>()
  for (const way of WAYS) urls.set(way, await issueLinks(redirecting, way))
  for (let round = -1; round < options.rounds; round += 1) {
    for (const way of WAYS) {
      const rate = await rateOf(server, urls.get(way) ?? [], size[1], options.roundMs)
      // The one before the first is for warmth.
      if (round >= 0) rates.get(way)?.push(rate)
    }
  }
  const proxied = rates.get('proxied') ?? []
  return Array.from(rates, ([contestant, own]) => ({
    operation: nameOfRedirected(size[0]),
    contestant,
    medianRate: median(own),
    ratio: median(own.map((rate, round) => rate / (proxied[round] ?? Number.NaN))),
    spread: (quantile(own, 0.75) - quantile(own, 0.25)) / median(own),
  }))
}

async function issueLinks(
  { server, files, size: [name, size] }: Redirecting,
  way: string,
): Promise<readonly string[]> {
  const store = createS3Store(server.origin, KEYS, MOUNTED)
  const keys = Array.from({ length: files }, (_, file) => `${way}/${name}/${file}`)
  for (const key of keys) await store.send({ method: 'PUT', key }, Buffer.alloc(size, key))
  const wishes = keys.map((key) => ({ path: `${MOUNTED}/${key}`, expiresIn: 86_400 }))
  const made = await askRest(server.origin, 'POST', 'links/batch', { links: wishes })
  const { links } = made as { readonly links: readonly { readonly url: string }[] }
  return links.map(({ url }) => url)
}

async function rateOf(
  { pid }: ServerProcess,
  urls: readonly string[],
  size: number,
  roundMs: number,
): Promise<number> {
  const secondsOf = (): number => readProcessorUse(pid)?.seconds ?? Number.NaN
  const before = secondsOf()
  const until = performance.now() + roundMs
  let count = 0
  while (performance.now() < until) {
    await atOnce(() => download(urls[count++ % urls.length] ?? '', size))
  }
  await sleep(SETTLES_MS)
  return count / (secondsOf() - before)
}
