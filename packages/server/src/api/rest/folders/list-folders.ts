/** `GET /v1/folders`: the folders that have settings of their own. */
import { Type } from 'typebox'
import { listFolders as listFoldersOf } from '../../../core/folders/folders.ts'
import { parseFolderPath } from '../../../core/paths.ts'
import { authorize, authorizeReach } from '../../../core/policy/authorize.ts'
import { formatCursor, parseCursor } from '../cursor.ts'
import { defineOperation } from '../operation.ts'
import { Cursor, DEFAULT_PAGE, Limit, pageOf, strictObject } from '../schemas.ts'
import { FolderSchema, viewFolder } from './folder-view.ts'

export const listFolders = defineOperation({
  id: 'listFolders',
  method: 'GET',
  path: '/v1/folders',
  tag: 'Folders',
  summary: 'List the folders with settings',
  access: 'key',
  bodyKind: 'none',
  query: strictObject({
    folder: Type.Optional(
      Type.String({ minLength: 1, maxLength: 4096, description: 'Only this folder and below.' }),
    ),
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
  }),
  answers: { 200: pageOf('folders', FolderSchema) },
  handle: async ({ core, principal, query }) => {
    const { folder, limit = DEFAULT_PAGE } = query
    // A key for one folder lists below that folder unless told where.
    const permit =
      folder === undefined
        ? await authorizeReach(core, principal, 'list')
        : await authorize(core, principal, 'list', parseFolderPath(folder))
    const after = parseCursor(query.cursor)
    const folders = await listFoldersOf(core, permit, { after, limit })
    const last = folders.length < limit ? null : (folders.at(-1)?.path ?? null)
    return {
      status: 200,
      body: { folders: folders.map(viewFolder), nextCursor: formatCursor(last) },
    }
  },
})
