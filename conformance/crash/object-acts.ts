/** What clients do to objects besides writing them at once: uploads in parts, copies, deletions of many. */
import { hash } from 'node:crypto'
import type { State } from './ledger.ts'
import { linkName, revoked } from './link-book.ts'
import { objectName } from './object-names.ts'
import { bytesOf } from './random.ts'
import type { SeededRandom } from './random.ts'
import { send } from './send.ts'
import type { Client, TrafficOptions } from './traffic.ts'

const KEYS_EACH = 8
const LARGE_PROBABILITY = 0.3
/** Around the bound between bodies in the catalog and bodies on the disk, and well above it. */
const SMALL_BYTES = 4 * 1024
const LARGE_BYTES = 400 * 1024
/** What every part but the last has at least. */
const PART_BYTES = 5 * 1024 * 1024
const TWO_PARTS_PROBABILITY = 0.05
const COPIED_PART_PROBABILITY = 0.4

export function someKey(random: SeededRandom, { name }: Pick<Client, 'name'>): string {
  return `${name}/object ${random.between(1, KEYS_EACH)}`
}

export function someBytes(random: SeededRandom): Buffer {
  const size = random.chance(LARGE_PROBABILITY)
    ? random.between(SMALL_BYTES, LARGE_BYTES)
    : random.between(0, SMALL_BYTES)
  return bytesOf(random.between(0, 2 ** 32 - 1), size)
}

/** An upload in parts: one or two that are sent, or one that is another object of the client's. */
export async function assemble(
  options: TrafficOptions,
  client: Client,
  key: string,
): Promise<boolean> {
  const { objects, ledger, random } = options
  const source = someKey(random, client)
  const isCopied =
    ledger.held(objectName(source)) !== null && random.chance(COPIED_PART_PROBABILITY)
  const uploadId = await objects.openUpload(key)
  const etags: string[] = []
  let content: State
  if (isCopied) {
    etags.push(await objects.copyPart(key, uploadId, source))
    content = ledger.held(objectName(source))
  } else {
    const parts = someParts(random)
    for (const bytes of parts) {
      etags.push(await objects.putPart(key, uploadId, { number: etags.length + 1, bytes }))
    }
    content = hash('sha256', Buffer.concat(parts), 'hex')
  }
  const change = new Map([[objectName(key), content]])
  const request = (): Promise<number> => objects.complete(key, uploadId, etags)
  await send(ledger, change, { request, expected: 200 })
  return true
}

function someParts(random: SeededRandom): Buffer[] {
  const last = someBytes(random)
  if (!random.chance(TWO_PARTS_PROBABILITY)) return [last]
  return [bytesOf(random.between(0, 2 ** 32 - 1), PART_BYTES), last]
}

/** An upload that is given up: whatever was sent is swept. */
export async function abandon(
  { objects, ledger, random }: TrafficOptions,
  _client: Client,
  key: string,
): Promise<boolean> {
  const uploadId = await objects.openUpload(key)
  await objects.putPart(key, uploadId, { number: 1, bytes: someBytes(random) })
  const request = (): Promise<number> => objects.abort(key, uploadId)
  await send(ledger, new Map(), { request, expected: 204 })
  return true
}

export async function copy(
  { objects, ledger, random }: TrafficOptions,
  client: Client,
  key: string,
): Promise<boolean> {
  const target = someKey(random, client)
  const content = ledger.held(objectName(key))
  if (target === key || content === null) return false
  const change = new Map([[objectName(target), content]])
  await send(ledger, change, { request: () => objects.copy(key, target), expected: 200 })
  return true
}

/** Several in one request, each of which goes by itself. */
export async function removeMany(
  options: TrafficOptions,
  client: Client,
  key: string,
): Promise<boolean> {
  const { objects, ledger, random } = options
  const keys = [...new Set([key, someKey(random, client), someKey(random, client)])]
  const changes = keys.map(
    (one) =>
      new Map<string, State>([[objectName(one), null], ...endingLinks(options, client, one)]),
  )
  const named = keys.map((name) => ({ key: name }))
  await send(ledger, changes, { request: () => objects.removeMany(named), expected: 200 })
  return true
}

/** What a delete or a move does to the links of the file; one that is used up stays so. */
export function endingLinks(
  { ledger }: TrafficOptions,
  { book }: Client,
  key: string,
): [string, State][] {
  return book.working(key).map((link) => [linkName(link), revoked(ledger.held(linkName(link)))])
}
