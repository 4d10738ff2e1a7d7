/** The digests of a range of a file, found by reading it: what a copy says of its bytes without moving them. */
import type { ChecksumAlgorithm, FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import type { Digests } from './checked-body.ts'
import { createChecksum, loadChecksums } from './checksums.ts'
import { readFileBytes } from './read-file-bytes.ts'
import type { BytesWanted } from './read-file-bytes.ts'

/** `null` if the bytes were swept meanwhile. */
export async function digestRange(
  core: CoreContext,
  file: FileRecord,
  { algorithms, ...wanted }: BytesWanted & { readonly algorithms: Iterable<ChecksumAlgorithm> },
): Promise<Digests | null> {
  const bytes = await readFileBytes(core, file, wanted)
  return bytes === null ? null : digestBytes(bytes, algorithms)
}

export async function digestBytes(
  bytes: AsyncIterable<Uint8Array>,
  algorithms: Iterable<ChecksumAlgorithm>,
): Promise<Digests> {
  await loadChecksums(algorithms)
  const running = new Map([...algorithms].map((name) => [name, createChecksum(name)]))
  for await (const piece of bytes) {
    for (const checksum of running.values()) checksum.update(piece)
  }
  return new Map([...running].map(([name, checksum]) => [name, checksum.digest()]))
}
