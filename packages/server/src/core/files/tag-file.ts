/** Gives a version other tags; nothing else of it changes. */
import type { FileRecord } from '../../catalog/records.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { CoreContext } from '../context.ts'
import { requireManaged } from '../mounts/require-managed.ts'
import { holdPermit } from '../policy/hold-permit.ts'
import type { Permit } from '../policy/permit.ts'
import { fileNotFound, findVersion } from '../find-version.ts'

/** The id of the version that has them. Throws what `findVersion` throws. */
export async function tagFile(
  core: CoreContext,
  permit: Permit<'write'>,
  { versionId, tags }: { readonly versionId: string | null; readonly tags: FileRecord['tags'] },
): Promise<string> {
  const { path, fileId } = permit
  await findVersion(core, permit, versionId)
  await requireManaged(core, permit, 'it keeps no tags')
  const hold = holdPermit(core, permit)
  const outcome = await core.files.tag({
    path,
    versionId,
    tags,
    conditions: async () => {
      const { epoch } = await hold()
      return { epoch, ...(fileId !== null && { ifFileId: fileId }) }
    },
  })
  if (outcome.outcome === 'tagged') return outcome.versionId
  if (outcome.outcome === 'epoch-changed') {
    throw storeUnavailable('Keys, revocations or folders change too fast to write under them.')
  }
  // It went between the look at it and the transaction.
  throw fileNotFound(path)
}
