/** One page of a bucket, sorted into files and common prefixes as S3 shows them. */
import type { FileRecord } from '../../../catalog/records.ts'
import { listFiles } from '../../../core/files/files.ts'
import type { Permit } from '../../../core/policy/permit.ts'
import type { S3Face } from '../face.ts'
import type { ListParameters } from './list-parameters.ts'

export type ListedFile = Pick<FileRecord, 'key' | 'modifiedAt' | 'etag' | 'size' | 'checksums'>

export interface ListedPage {
  readonly files: readonly ListedFile[]
  readonly prefixes: readonly string[]
  /** Where the next page begins; `null` if this is the last. */
  readonly nextAfter: string | null
}

export async function readListPage(
  face: S3Face,
  permit: Permit<'list'>,
  parameters: ListParameters,
  after: string,
): Promise<ListedPage> {
  const { delimiter, maxKeys } = parameters
  const listing = await listFiles(face.core, permit, {
    delimiter,
    after,
    limit: Math.max(1, maxKeys),
  })
  // Asked for nothing, S3 answers an empty page that claims to be the last. The rights are checked all the same.
  if (maxKeys === 0) return { files: [], prefixes: [], nextAfter: null }
  const files: ListedFile[] = []
  const prefixes: string[] = []
  for (const entry of listing.entries) {
    if (entry.kind === 'file') files.push(entry.file)
    else prefixes.push(entry.prefix)
  }
  return { files, prefixes, nextAfter: listing.nextAfter }
}
