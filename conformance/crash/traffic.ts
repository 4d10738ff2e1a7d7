/**
 * Clients that write, move, delete, share, download and revoke as fast as they are answered. Each has keys and links of its own,
 * so that it knows what became of them.
 */
import { hash } from 'node:crypto'
import type { Ledger, State } from './ledger.ts'
import { linkName, revoked, used } from './link-book.ts'
import type { LinkBook } from './link-book.ts'
import type { ObjectClient } from './object-client.ts'
import { objectName, pathOf } from './object-names.ts'
import {
  abandon,
  assemble,
  copy,
  endingLinks,
  removeMany,
  someBytes,
  someKey,
} from './object-acts.ts'
import type { SeededRandom } from './random.ts'
import { UnexpectedAnswer, followLink } from './rest-client.ts'
import type { ApiKey, RestClient } from './rest-client.ts'
import { send } from './send.ts'
import { drop, keep } from './version-acts.ts'
import type { VersionBook } from './version-acts.ts'

/** Who sends: what it has made lives through all rounds. */
export interface Client {
  readonly name: string
  readonly key: ApiKey
  readonly book: LinkBook
  readonly versions: VersionBook
}

export interface TrafficOptions {
  readonly objects: ObjectClient
  /** Of a bucket that keeps versions. */
  readonly versions: ObjectClient
  readonly rest: RestClient
  readonly clients: readonly Client[]
  readonly ledger: Ledger
  readonly random: SeededRandom
}

export interface Traffic {
  /** Resolves when so many requests were answered, or no client has a connection any more. */
  reach(acknowledged: number): Promise<void>
  /** Resolves when every client has lost its connection or has been told to end. Rejects if one was answered wrongly. */
  end(): Promise<TrafficCount>
}

export interface TrafficCount {
  /** How many requests of each kind were answered. */
  readonly acknowledged: ReadonlyMap<Action, number>
  readonly cutOff: number
}

const MOST_USES = 3
/** How often each is chosen, of their sum. What cannot be done, such as using a link without one, becomes a write. */
const WEIGHTS = {
  write: 8,
  remove: 2,
  move: 3,
  share: 7,
  use: 7,
  revoke: 1,
  sweep: 1,
  assemble: 3,
  abandon: 1,
  copy: 3,
  removeMany: 1,
  keep: 4,
  drop: 2,
} as const

export type Action = keyof typeof WEIGHTS

/** Resolves to `false`, with nothing sent that changes anything, where there is nothing to do it to. */
export type Act = (options: TrafficOptions, client: Client, key: string) => Promise<boolean>

const ACTIONS: Readonly<Record<Action, Act>> = {
  write,
  remove,
  move,
  share,
  use,
  revoke,
  sweep,
  assemble,
  abandon,
  copy,
  removeMany,
  keep,
  drop,
}

export function startTraffic(options: TrafficOptions): Traffic {
  const acknowledged = new Map<Action, number>()
  const state = { isEnding: false, count: 0, cutOff: 0, goal: Infinity }
  const goal = Promise.withResolvers<void>()

  async function run(client: Client): Promise<void> {
    while (!state.isEnding) {
      try {
        const action = await sendOne(options, client)
        acknowledged.set(action, (acknowledged.get(action) ?? 0) + 1)
        state.count += 1
        if (state.count >= state.goal) goal.resolve()
      } catch (error) {
        if (error instanceof UnexpectedAnswer) throw error
        // The connection broke: the ledger keeps both possibilities.
        state.cutOff += 1
        return
      }
    }
  }

  const running = Promise.all(options.clients.map((client) => run(client)))
  running.then(
    () => goal.resolve(),
    () => goal.resolve(),
  )
  return {
    reach(count) {
      state.goal = count
      if (state.count >= count) goal.resolve()
      return goal.promise
    },
    async end() {
      state.isEnding = true
      await running
      return { acknowledged, cutOff: state.cutOff }
    },
  }
}

/** One request by the client, whose answer is awaited; resolves to what it was. */
async function sendOne(options: TrafficOptions, client: Client): Promise<Action> {
  const { random } = options
  const key = someKey(random, client)
  const action = chooseAction(random)
  if (await ACTIONS[action](options, client, key)) return action
  await write(options, client, key)
  return 'write'
}

function chooseAction(random: SeededRandom): Action {
  let place = random.between(
    1,
    Object.values(WEIGHTS).reduce<number>((a, b) => a + b, 0),
  )
  for (const [action, weight] of Object.entries(WEIGHTS) as [Action, number][]) {
    place -= weight
    if (place <= 0) return action
  }
  return 'write'
}

async function write(
  { objects, ledger, random }: TrafficOptions,
  _client: Client,
  key: string,
): Promise<boolean> {
  const bytes = someBytes(random)
  const change = new Map([[objectName(key), hash('sha256', bytes, 'hex')]])
  await send(ledger, change, { request: () => objects.put(key, bytes), expected: 200 })
  return true
}

async function remove(options: TrafficOptions, client: Client, key: string): Promise<boolean> {
  const { objects, ledger } = options
  const change = new Map<string, State>([
    [objectName(key), null],
    ...endingLinks(options, client, key),
  ])
  await send(ledger, change, { request: () => objects.remove(key), expected: 204 })
  return true
}

async function move(options: TrafficOptions, client: Client, key: string): Promise<boolean> {
  const { rest, ledger, random } = options
  const target = someKey(random, client)
  if (target === key || ledger.held(objectName(key)) === null) return false
  const id = await rest.findFile(pathOf(key))
  const change = new Map<string, State>([
    [objectName(target), ledger.held(objectName(key))],
    [objectName(key), null],
    ...endingLinks(options, client, key),
    ...endingLinks(options, client, target),
  ])
  await send(ledger, change, { request: () => rest.moveFile(id, pathOf(target)), expected: 200 })
  return true
}

async function share(options: TrafficOptions, client: Client, key: string): Promise<boolean> {
  const { rest, ledger, random } = options
  if (ledger.held(objectName(key)) === null) return false
  const maxUses = random.between(1, MOST_USES)
  const issued = await rest.issueLink(client.key, pathOf(key), maxUses)
  client.book.add({ ...issued, key, maxUses })
  return true
}

async function use({ ledger, random }: TrafficOptions, { book }: Client): Promise<boolean> {
  const working = book.working()
  const link = working[random.between(0, Math.max(0, working.length - 1))]
  if (link === undefined) return false
  const change = new Map([[linkName(link), used(link, ledger.held(linkName(link)))]])
  const request = async (): Promise<number> => {
    const { status, sha256 } = await followLink(link.url)
    if (status === 200 && sha256 !== ledger.held(objectName(link.key))) {
      throw new UnexpectedAnswer(`${linkName(link)}: it serves something else than ${link.key}`)
    }
    return status
  }
  await send(ledger, change, { request, expected: 200 })
  return true
}

async function revoke(
  { rest, ledger, random }: TrafficOptions,
  { book }: Client,
): Promise<boolean> {
  const working = book.working()
  const link = working[random.between(0, Math.max(0, working.length - 1))]
  if (link === undefined) return false
  const change = new Map([[linkName(link), revoked(ledger.held(linkName(link)))]])
  await send(ledger, change, { request: () => rest.revokeLink(link.id), expected: 204 })
  return true
}

/** Ends every link of the client, those that are used up too. */
async function sweep({ rest, ledger }: TrafficOptions, { book, key }: Client): Promise<boolean> {
  if (book.working().length === 0) return false
  const change = new Map(
    book.links().map((link) => [linkName(link), revoked(ledger.held(linkName(link)))]),
  )
  await send(ledger, change, { request: () => rest.revokeLinksOf(key.id), expected: 201 })
  return true
}
