/** Which files cannot be read whole because of a blob. */
import type { RowCatalog } from '../../catalog/rows/row-catalog.ts'
import type { Finding } from './finding.ts'
import type { Report } from './report.ts'

const IDS_AT_ONCE = 200

/** Asked for many at once, because nothing leads from a content to its files but a look at all. */
export async function tellWithPaths(
  rows: RowCatalog,
  report: Report,
  findings: AsyncIterable<Finding>,
): Promise<void> {
  let waiting: Finding[] = []
  async function tellWaiting(): Promise<void> {
    const some = waiting
    waiting = []
    const paths = await holdersOf(
      rows,
      some.map(({ subject }) => subject),
    )
    for (const each of some) await report.tell({ ...each, paths: paths.get(each.subject) ?? [] })
  }
  for await (const finding of findings) {
    waiting.push(finding)
    if (waiting.length >= IDS_AT_ONCE) await tellWaiting()
  }
  if (waiting.length > 0) await tellWaiting()
}

async function holdersOf(
  rows: RowCatalog,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const places = ids.map(() => '?').join(', ')
  const holders = await rows.read((session) =>
    session.ask(
      `SELECT content_id, bucket || '/' || key AS path FROM files WHERE content_id IN (${places})
       UNION ALL SELECT segments.part_id, bucket || '/' || key
         FROM segments JOIN files ON files.content_id = segments.content_id WHERE segments.part_id IN (${places})`,
      [...ids, ...ids],
    ),
  )
  const paths = new Map<string, string[]>()
  for (const [id, path] of holders) {
    const known = paths.get(String(id)) ?? []
    known.push(String(path))
    paths.set(String(id), known)
  }
  return paths
}
