/** Brings every blob that the target's rows name and that was not brought yet, and remembers which were, so that a next call goes on. */
import type { RowSession } from '../../catalog/rows/row-catalog.ts'
import { hashAtTarget } from '../copy-blob.ts'
import { copyBlobs } from '../copy-blobs.ts'
import { inParallel } from '../in-parallel.ts'
import { markLost } from '../mark-lost.ts'
import { wantedOf } from '../wanted-blobs.ts'
import type { WantedBlob } from '../wanted-blobs.ts'
import type { Copying } from './copy-service.ts'

const TABLE = 'moved_blobs'
const PAGE = 500
const AT_ONCE = 8

export async function prepareBrought(session: RowSession): Promise<void> {
  if ((await session.tables()).includes(TABLE)) return
  await session.run(`CREATE TABLE ${TABLE} (content_id text NOT NULL PRIMARY KEY)`)
}

export async function forgetBrought(session: RowSession): Promise<void> {
  if ((await session.tables()).includes(TABLE)) await session.run(`DROP TABLE ${TABLE}`)
}

export interface BroughtBlobs {
  readonly blobs: number
  /** Those that the source had damaged. */
  readonly damaged: number
}

export async function bringBlobs(copying: Copying): Promise<BroughtBlobs> {
  const { target, hold, signal } = copying
  let [blobs, damaged] = [0, 0]
  for (;;) {
    signal.throwIfAborted()
    hold.requireHeld()
    const page = await target.read(nextBlobs)
    if (page.length === 0) return { blobs, damaged }
    const lost = await bringPage(copying, page, blobs)
    await target.change(async (session) => {
      await session.insert(
        TABLE,
        ['content_id'],
        page.map(({ contentId }) => [contentId]),
      )
      await markLost(session, lost, copying.to.clock.now())
    })
    blobs += page.length
    damaged += lost.length
  }
}

async function nextBlobs(session: RowSession): Promise<readonly WantedBlob[]> {
  const rows = await session.ask(`
    SELECT id, size, sha256 FROM contents
    WHERE kind = 'blob' AND NOT EXISTS (SELECT 1 FROM ${TABLE} WHERE content_id = contents.id)
      AND NOT EXISTS (SELECT 1 FROM sweep_list WHERE sweep_list.content_id = contents.id)
    LIMIT ${PAGE}`)
  return rows.map(wantedOf)
}

interface Brought {
  readonly wanted: WantedBlob
  readonly isThere: boolean
}

/** The ids of those that could not be brought. */
async function bringPage(
  copying: Copying,
  page: readonly WantedBlob[],
  before: number,
): Promise<string[]> {
  const lost: string[] = []
  let done = before
  for await (const { wanted, isThere } of bringEach(copying, page)) {
    done += 1
    copying.onProgress({ what: 'blobs', done, of: null })
    if (!isThere) lost.push(wanted.contentId)
  }
  return lost
}

/** What was written is read again: the target is to have the bytes, not only to have been given them. */
function bringEach(
  { from, to, signal }: Copying,
  page: readonly WantedBlob[],
): AsyncGenerator<Brought> {
  async function look(wanted: WantedBlob): Promise<Brought> {
    return { wanted, isThere: (await hashAtTarget(wanted, { to: to.blobs, signal })) !== null }
  }
  // What is damaged at a place of both is the source's too, and not to be deleted there.
  if (from.blobPlace.id === to.blobPlace.id) return inParallel(each(page), AT_ONCE, look)
  const options = { from: from.blobs, to: to.blobs, signal, comparesTarget: true }
  return inParallel(copyBlobs(each(page), options), AT_ONCE, async ({ wanted, copied }) => {
    if (copied.outcome === 'damaged') return { wanted, isThere: false }
    return copied.isNew ? look({ ...wanted, sha256: copied.sha256 }) : { wanted, isThere: true }
  })
}

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}
