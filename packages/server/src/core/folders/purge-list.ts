/** What caches of others may still hold of a folder that was public: how its files were fetched without any signature. */
import type { CoreContext } from '../context.ts'
import { publicFileUrl } from '../links/sign.ts'
import type { ObjectPath } from '../paths.ts'

/** The addresses with which every such address begins, for a CDN to forget. The path of a folder ends in a slash. */
export function listPurge(core: CoreContext, folder: ObjectPath): readonly string[] {
  const { filesUrl, filesDomain } = core
  const inPath = publicFileUrl(core, folder)
  if (filesDomain === null) return [inPath]
  const { protocol, port } = new URL(filesUrl)
  const host = `${folder.bucket}.${filesDomain}${port === '' ? '' : `:${port}`}`
  const key = inPath.slice(publicFileUrl(core, { bucket: folder.bucket, key: '' }).length)
  return [inPath, `${protocol}//${host}/${key}`]
}
