/** The digests of a range of a file, found by reading it: what a copy says of its bytes without moving them. */
import type { ChecksumAlgorithm, FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { loadChecksums } from './checksums.ts'
import { readFileBytes } from './read-file-bytes.ts'
import type { BytesWanted } from './read-file-bytes.ts'
import type { Digests } from './running-digests.ts'

/** `null` if the bytes were swept meanwhile. */
export async function digestRange(
  core: CoreContext,
  file: FileRecord,
  { algorithms, ...wanted }: BytesWanted & { readonly algorithms: Iterable<ChecksumAlgorithm> },
): Promise<Digests | null> {
  const bytes = await readFileBytes(core, file, wanted)
  const { range } = wanted
  const size = range === null ? file.size : range.end - range.start + 1
  return bytes === null ? null : digestBytes(core, bytes, { algorithms, size })
}

export async function digestBytes(
  core: Pick<CoreContext, 'beginDigests'>,
  bytes: AsyncIterable<Uint8Array>,
  { algorithms, size }: { readonly algorithms: Iterable<ChecksumAlgorithm>; readonly size: number },
): Promise<Digests> {
  await loadChecksums(algorithms)
  const running = core.beginDigests(new Set(algorithms), size)
  try {
    for await (const piece of bytes) await running.update(piece)
    return await running.finish()
  } finally {
    running.drop()
  }
}
