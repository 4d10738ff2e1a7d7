/** `GET /v1/files?folder=`: what lies in a folder, each file with how to fetch it. */
import { Type } from 'typebox'
import type { FileRecord, Visibility } from '../../../catalog/records.ts'
import { isDomainError } from '../../../core/errors.ts'
import { requireAccess } from '../../../core/access.ts'
import type { CoreContext } from '../../../core/context.ts'
import { listFiles as listFilesOf } from '../../../core/files/files.ts'
import { resolveFolder } from '../../../core/folders/resolve-folder.ts'
import type { Principal } from '../../../core/identity.ts'
import { parseFolderPath } from '../../../core/paths.ts'
import type { ObjectPath } from '../../../core/paths.ts'
import { formatCursor, parseCursor } from '../cursor.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { Cursor, DEFAULT_PAGE, FileSchema, Limit, strictObject } from '../schemas.ts'
import { viewFile } from '../views.ts'

export const listFiles: Operation = defineOperation({
  id: 'listFiles',
  method: 'GET',
  path: '/v1/files',
  tag: 'Files',
  summary: 'List the files of a folder',
  description:
    'Files and folders together make up `limit`. A private file comes with a `signedUrl` if the key may read it.',
  access: 'key',
  bodyKind: 'none',
  query: strictObject({
    folder: Type.String({ minLength: 1, maxLength: 4096, description: '`bucket/some/folder`.' }),
    recursive: Type.Optional(
      Type.Boolean({
        description: 'True: every file below, instead of the folders directly in it.',
      }),
    ),
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
  }),
  answers: {
    200: strictObject({
      files: Type.Array(FileSchema),
      folders: Type.Array(Type.String(), { description: 'Paths of the folders directly in it.' }),
      nextCursor: Type.Union([Type.String(), Type.Null()], {
        description: 'Null on the last page.',
      }),
    }),
  },
  handle: async ({ core, principal, query }) => {
    const folder = parseFolderPath(query.folder)
    const slash = folder.indexOf('/')
    const path: ObjectPath = { bucket: folder.slice(0, slash), key: folder.slice(slash + 1) }
    const { entries, nextAfter } = await listFilesOf(core, principal, {
      bucket: path.bucket,
      prefix: path.key,
      delimiter: query.recursive === true ? '' : '/',
      after: parseCursor(query.cursor),
      limit: query.limit ?? DEFAULT_PAGE,
    })
    const mayRead = await mayReadBelow(core, principal, path)
    const visibilityOf = rememberVisibility(core)
    const files: object[] = []
    const folders: string[] = []
    for (const entry of entries) {
      if (entry.kind === 'prefix') folders.push(`${path.bucket}/${entry.prefix}`)
      else {
        const visibility = await visibilityOf(entry.file)
        files.push(await viewFile(core, entry.file, { visibility, mayRead }))
      }
    }
    return { status: 200, body: { files, folders, nextCursor: formatCursor(nextAfter) } }
  },
})

/** A key may list without being allowed to read: it sees the files, and no URL that fetches one. */
async function mayReadBelow(
  core: CoreContext,
  principal: Principal,
  folder: ObjectPath,
): Promise<boolean> {
  try {
    await requireAccess(core, principal, 'read', folder)
    return true
  } catch (error) {
    if (isDomainError(error) && error.code === 'forbidden') return false
    throw error
  }
}

/** The files of a page mostly share their folder, so each folder is asked once. */
function rememberVisibility(core: CoreContext): (file: FileRecord) => Promise<Visibility> {
  const known = new Map<string, Visibility>()
  return async ({ bucket, key }) => {
    const folder = key.slice(0, key.lastIndexOf('/') + 1)
    const visibility = known.get(folder) ?? (await resolveFolder(core, bucket, key)).visibility
    known.set(folder, visibility)
    return visibility
  }
}
