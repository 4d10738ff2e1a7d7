/** Notes in a catalog which blobs did not come with it: what holds them is refused, as after damage that the server itself has found. */
import type { RowSession } from '../catalog/rows/row-catalog.ts'

/** Of some of them the catalog may say so already. */
export async function markLost(
  session: RowSession,
  lost: readonly string[],
  nowMs: number,
): Promise<void> {
  for (const id of lost) {
    await session.run('DELETE FROM damaged_blobs WHERE content_id = ?', [id])
    await session.insert(
      'damaged_blobs',
      ['content_id', 'fault', 'found_at'],
      [[id, 'missing', nowMs]],
    )
  }
}
