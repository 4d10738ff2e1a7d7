/** `GET /v1/folders`: the folders that have settings of their own. */
import { Type } from 'typebox'
import { listFolders as listFoldersOf } from '../../../core/folders/folders.ts'
import { formatCursor, parseCursor } from '../cursor.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { Cursor, DEFAULT_PAGE, FolderSchema, Limit, pageOf, strictObject } from '../schemas.ts'
import { viewFolder } from '../views.ts'

export const listFolders: Operation = defineOperation({
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
    const limit = query.limit ?? DEFAULT_PAGE
    const folders = await listFoldersOf(core, principal, {
      // A key for one folder lists below that folder unless told where.
      pathPrefix: query.folder ?? principal.scope.pathPrefix,
      after: parseCursor(query.cursor),
      limit,
    })
    const last = folders.length < limit ? null : (folders.at(-1)?.path ?? null)
    return {
      status: 200,
      body: { folders: folders.map(viewFolder), nextCursor: formatCursor(last) },
    }
  },
})
