/** How long the file is that an upload has become, for whoever has its id and a link that did its work. */
import type { CoreContext } from '../../context.ts'
import { uploadNotFound } from '../find-upload.ts'

/** Throws `upload-not-found`. */
export async function findLength({ files }: CoreContext, id: string): Promise<number> {
  const finished = await files.uploads.findFinished(id)
  const length = finished?.resumable?.length ?? null
  if (length === null) throw uploadNotFound(id)
  return length
}
