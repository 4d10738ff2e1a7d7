/** What is known of the parts of a file besides their sizes. */
import type { FileRecord, PartChecksums } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import type { Permit } from '../policy/permit.ts'

/** Of a file that was opened under this permit: what its parts brought of the checksum that it has. `null` if they brought none. */
export async function findPartChecksums(
  core: CoreContext,
  _permit: Permit<'read'>,
  file: FileRecord,
): Promise<PartChecksums | null> {
  if (file.partSizes.length === 0) return null
  const parts = await core.files.partChecksums(file)
  // A content may be shared by files that came in other parts.
  if (parts?.values.length !== file.partSizes.length) return null
  return file.checksums.some(({ algorithm }) => algorithm === parts.algorithm) ? parts : null
}
