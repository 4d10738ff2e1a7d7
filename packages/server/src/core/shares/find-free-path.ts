/** Under which name something goes that comes into a drop: nobody replaces what somebody else sent, or is sending. */
import type { CoreContext } from '../context.ts'
import type { ObjectPath } from '../paths.ts'
import { parseObjectKey } from '../paths.ts'
import { numbered } from './zip/zip-names.ts'

const MAX_TRIES = 1000

/** The second `a.pdf` is `a (2).pdf`. `folder` is where it goes. Throws `path-invalid`, `key-too-long`. */
export async function findFreePath(
  { files }: Pick<CoreContext, 'files'>,
  { bucket, key }: ObjectPath,
  filename: string,
): Promise<ObjectPath> {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? filename : numbered(filename, count)
    const path = { bucket, key: parseObjectKey(key + name) }
    if (count === MAX_TRIES || (await isFree({ files }, path))) return path
  }
}

async function isFree({ files }: Pick<CoreContext, 'files'>, path: ObjectPath): Promise<boolean> {
  if ((await files.find(path)) !== null) return false
  const query = { bucket: path.bucket, prefix: path.key, delimiter: '', after: '' }
  const { entries } = await files.uploads.list({ ...query, afterUploadId: '', limit: 1 })
  return !entries.some((entry) => entry.kind === 'file' && entry.file.key === path.key)
}
