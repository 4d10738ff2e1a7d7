/** What links promise whatever node is asked: so many uses and not one more, and none once it was revoked. */
import { Agent, request } from 'node:http'
import { PATIENCE_MS, waitUntil } from '../../lib/patience.ts'
import type { ApiKey, RestClient } from '../rest-client.ts'

export interface LinkedNodes {
  /** The one that links name, and each node by itself. */
  readonly origin: string
  readonly origins: readonly string[]
  readonly rest: RestClient
  readonly key: ApiKey
  /** Of a file that is there. */
  readonly path: string
}

export interface Race {
  readonly links: number
  readonly racers: number
}

/** Racers for each link over all nodes at once. Resolves to how many got the file, and to the faults found. */
export async function raceForUses(
  nodes: LinkedNodes,
  { links, racers }: Race,
): Promise<{ readonly served: number; readonly faults: readonly string[] }> {
  const agent = new Agent({ keepAlive: true })
  const faults: string[] = []
  let served = 0
  for (let index = 0; index < links; index += 1) {
    const { id, url } = await nodes.rest.issueLink(nodes.key, nodes.path, 1)
    const asked = Array.from({ length: racers }, (_, racer) => ask(nodes, agent, url, racer))
    const statuses = await Promise.all(asked)
    const winners = statuses.filter((status) => status === 200).length
    served += winners
    const strange = statuses.filter((status) => ![200, 403, 410, 503].includes(status))
    if (winners !== 1 || strange.length > 0) faults.push(`link ${id}: ${statuses.join(' ')}`)
  }
  agent.destroy()
  return { served, faults }
}

/** Each link is used on every node, revoked on one, and asked for on all until none serves it. Resolves to how long the last took. */
export async function revokeEverywhere(
  nodes: LinkedNodes,
  links: number,
): Promise<{ readonly slowestMs: number; readonly faults: readonly string[] }> {
  const agent = new Agent({ keepAlive: true })
  const all = nodes.origins.map((_, index) => index)
  const faults: string[] = []
  let slowestMs = 0
  for (let index = 0; index < links; index += 1) {
    const { id, url } = await nodes.rest.issueLink(nodes.key, nodes.path, MANY_USES)
    for (const node of all) {
      const status = await ask(nodes, agent, url, node)
      if (status !== 200) faults.push(`link ${id}: node ${node} answers ${status} before its end`)
    }
    const revoked = await nodes.rest.revokeLink(id)
    if (revoked !== 204) faults.push(`link ${id}: its revocation is answered ${revoked}`)
    const revokedAt = performance.now()
    await Promise.all(
      all.map((node) => waitUntil(async () => (await ask(nodes, agent, url, node)) === 403)),
    )
    slowestMs = Math.max(slowestMs, performance.now() - revokedAt)
  }
  agent.destroy()
  return { slowestMs, faults }
}

const MANY_USES = 1000

/** One node by itself, as what spreads requests would: with the address that the link names, for a client of its own. */
function ask(
  { origin, origins }: LinkedNodes,
  agent: Agent,
  url: string,
  turn: number,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const target = (origins[turn % origins.length] ?? origin) + url.slice(origin.length)
  const headers = {
    host: new URL(origin).host,
    'x-forwarded-for': `10.0.${turn >> 8}.${turn & 255}`,
  }
  const sent = request(target, { agent, headers, timeout: PATIENCE_MS }, (answer) => {
    answer.resume().on('error', reject)
    answer.on('end', () => resolve(answer.statusCode ?? 0))
  })
  sent.on('timeout', () => sent.destroy(new Error(`${target} does not answer`)))
  sent.on('error', reject).end()
  return promise
}
