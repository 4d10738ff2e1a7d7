/** Which blobs a catalog names, and what each is known by. */
import type { RowSession } from '../catalog/rows/row-catalog.ts'

/** Base64; `null` where nobody knows it. */
export interface WantedBlob {
  readonly contentId: string
  readonly size: number
  readonly sha256: string | null
}

/** Those that somebody holds: what is on the sweep list may be gone any moment, and nobody refers to it. */
export async function* blobsNamed(session: RowSession): AsyncGenerator<WantedBlob> {
  const named = session.stream(`
    SELECT id, size, sha256 FROM contents
    WHERE kind = 'blob' AND NOT EXISTS (SELECT 1 FROM sweep_list WHERE content_id = contents.id)`)
  for await (const rows of named) {
    for (const row of rows) yield wantedOf(row)
  }
}

export function wantedOf([contentId, size, sha256]: readonly unknown[]): WantedBlob {
  return {
    contentId: String(contentId),
    size: Number(size),
    sha256: typeof sha256 === 'string' ? sha256 : null,
  }
}
