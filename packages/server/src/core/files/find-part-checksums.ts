/** What is known of the parts of a file besides their sizes. */
import type { FileRecord, PartChecksums } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import type { Permit } from '../policy/permit.ts'

/** Of a file that was opened under this permit; `null` unless it has one checksum that is of those of all its parts. */
export async function findPartChecksums(
  core: CoreContext,
  _permit: Permit<'read'>,
  file: FileRecord,
): Promise<PartChecksums | null> {
  const whole = file.checksums.find(({ type }) => type === 'composite')
  if (whole === undefined) return null
  const parts = await core.files.partChecksums(file)
  const isOfThese =
    parts?.algorithm === whole.algorithm && parts.values.length === file.partSizes.length
  return isOfThese ? parts : null
}
