/** Looks at a server that came up after a crash: everything it promised, nothing it did not, no remains. */
import { checkCatalog } from '../../packages/server/src/keep/fsck/check-catalog.ts'
import { createReport } from '../../packages/server/src/keep/fsck/report.ts'
import type { BlobPlace } from './blob-place.ts'
import type { CatalogPlace } from './catalog-place.ts'
import type { Ledger, State } from './ledger.ts'
import { isWorking, linkName } from './link-book.ts'
import type { HeldLink } from './link-book.ts'
import type { FetchedObject, ObjectClient } from './object-client.ts'
import { keyOfName, versionOfName } from './object-names.ts'
import { followLink } from './rest-client.ts'
import type { RestClient } from './rest-client.ts'
import type { Client } from './traffic.ts'

export interface CheckedServer {
  readonly objects: ObjectClient
  readonly versions: ObjectClient
  readonly rest: RestClient
  readonly clients: readonly Client[]
  readonly ledger: Ledger
  readonly blobPlace: BlobPlace
  readonly catalogPlace: CatalogPlace
}

const LOOKERS = 16
/** Of a link that has ended. 404: its file is gone too. */
const REFUSALS = new Set([403, 404, 410])

/** Every fault found, in words; the ledger afterwards holds what was found. */
export async function checkState(server: CheckedServer): Promise<string[]> {
  const { objects, ledger, blobPlace, catalogPlace } = server
  const found = new Map<string, State>()
  const faults: string[] = []
  await forEachOf(ledger.names(), async (name) => {
    const object = await findObject(server, name)
    if (object === undefined) return
    found.set(name, object?.sha256 ?? null)
    // Of parts it is the MD5 of theirs.
    if (object !== null && !object.etag.includes('-') && object.md5 !== object.etag) {
      faults.push(`${name}: its ETag is not its MD5`)
    }
  })
  const links = server.clients.flatMap(({ book }) => book.links())
  await forEachOf(links, async (link) => {
    found.set(linkName(link), await server.rest.linkState(link.id))
  })
  faults.push(...ledger.settle(found))
  await forEachOf(links, async (link) => {
    faults.push(...(await checkEnd(ledger, link)))
  })
  faults.push(...checkListing(ledger, await objects.listKeys()))
  if (!catalogPlace.isShared) faults.push(...(await checkTemporary(blobPlace)))
  faults.push(...(await checkRows(catalogPlace)))
  return faults
}

/** `undefined` for the name of something that is no object. */
function findObject(
  { objects, versions }: CheckedServer,
  name: string,
): Promise<FetchedObject | null> | undefined {
  const key = keyOfName(name)
  if (key !== null) return objects.get(key)
  const version = versionOfName(name)
  return version === null ? undefined : versions.get(version.key, version.versionId)
}

async function forEachOf<Item>(
  items: readonly Item[],
  look: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items]
  const looker = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await look(item)
  }
  await Promise.all(Array.from({ length: LOOKERS }, looker))
}

/** What the record says has ended serves nobody new. Those that work are left alone: looking would use them. */
async function checkEnd(ledger: Ledger, link: HeldLink): Promise<string[]> {
  const state = ledger.held(linkName(link))
  if (isWorking(state)) return []
  const { status } = await followLink(link.url)
  if (REFUSALS.has(status)) return []
  return [`${linkName(link)}: it is ${state ?? 'gone'} and answers ${status}`]
}

function checkListing(ledger: Ledger, listed: readonly string[]): string[] {
  const expected = ledger
    .names()
    .filter((name) => ledger.held(name) !== null)
    .map(keyOfName)
    .filter((key) => key !== null)
  const isSame = expected.toSorted().join('\n') === listed.toSorted().join('\n')
  return isSame ? [] : [`the listing has ${listed.length} keys, expected ${expected.length}`]
}

async function checkTemporary(place: BlobPlace): Promise<string[]> {
  const left = await place.findTemporary()
  return left.map((name) => `temporary bytes are left: ${name}`)
}

/** What the database finds damaged, and what does not hold between its rows. */
export async function checkRows({ rows }: CatalogPlace): Promise<string[]> {
  const faults: string[] = []
  const report = createReport(({ says, subject, about }) => {
    faults.push(`${says}: ${subject} ${about}`)
    return Promise.resolve()
  })
  const catalog = await rows.open()
  try {
    await checkCatalog(catalog, report)
  } finally {
    await catalog.close()
  }
  return faults
}
