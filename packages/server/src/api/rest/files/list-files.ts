/** `GET /v1/files?folder=`: what lies in a folder, each file with how to fetch it. `?path=` asks for one file by its path. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { CoreContext } from '../../../core/context.ts'
import { refusal } from '../../../core/errors.ts'
import { listFiles as listFilesOf } from '../../../core/files/files.ts'
import { openFile } from '../../../core/files/open-file.ts'
import type { Principal } from '../../../core/identity.ts'
import { parseFilePath, parseFolderPath } from '../../../core/paths.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import { formatCursor, parseCursor } from '../cursor.ts'
import { defineOperation } from '../operation.ts'
import { Cursor, DEFAULT_PAGE, Limit, Path, named, strictObject } from '../schemas.ts'
import { FileSchema, readPermit, viewFile } from './file-view.ts'
import type { FileView } from './file-view.ts'

const FileListing = named(
  'FilePage',
  strictObject(
    {
      files: Type.Array(FileSchema),
      folders: Type.Array(Type.String(), { description: 'Paths of the folders directly in it.' }),
      nextCursor: Type.Union([Type.String(), Type.Null()], {
        description: 'Null on the last page.',
      }),
    },
    'A page of a folder.',
  ),
)

const Query = strictObject({
  folder: Type.Optional(
    Type.String({ minLength: 1, maxLength: 4096, description: '`bucket/some/folder`.' }),
  ),
  path: Type.Optional(Path),
  startsWith: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1024,
      description: 'Only what begins with these letters, below the folder.',
    }),
  ),
  recursive: Type.Optional(
    Type.Boolean({
      description: 'True: every file below, instead of the folders directly in it.',
    }),
  ),
  limit: Type.Optional(Limit),
  cursor: Type.Optional(Cursor),
})

export const listFiles = defineOperation({
  id: 'listFiles',
  method: 'GET',
  path: '/v1/files',
  tag: 'Files',
  summary: 'List the files of a folder, or find one by its path',
  description:
    'With `folder`, files and folders together make up `limit`; a private file comes with a `signedUrl` if the key may read it. With `path`, the answer is that file.',
  access: 'key',
  bodyKind: 'none',
  query: Query,
  answers: { 200: Type.Union([FileListing, FileSchema]) },
  handle: async ({ core, principal, query }) => {
    const { folder, path } = query
    if (folder !== undefined && path === undefined) {
      return { status: 200, body: await listFolder(core, principal, { ...query, folder }) }
    }
    if (path === undefined || folder !== undefined || Object.keys(query).length > 1) {
      const reason = 'either folder, with how to list it, or path alone is needed'
      throw refusal('field-invalid', { field: 'folder', reason })
    }
    return { status: 200, body: await findByPath(core, principal, path) }
  },
})

async function findByPath(
  core: CoreContext,
  principal: Principal,
  path: string,
): Promise<FileView> {
  const permit = await authorize(core, principal, 'read', parseFilePath(path))
  const { file } = await openFile(core, permit, LOOK, new AbortController().signal)
  return viewFile(core, file, permit)
}

/** The file without its bytes. */
const LOOK = { range: null, conditions: {}, withBody: false } as const

async function listFolder(
  core: CoreContext,
  principal: Principal,
  query: Static<typeof Query> & { readonly folder: string },
): Promise<Static<typeof FileListing>> {
  const path = parseFolderPath(query.folder)
  const permit = await authorize(core, principal, 'list', path)
  const { entries, nextAfter } = await listFilesOf(core, permit, {
    startsWith: query.startsWith ?? '',
    delimiter: query.recursive === true ? '' : '/',
    after: parseCursor(query.cursor),
    limit: query.limit ?? DEFAULT_PAGE,
  })
  const mayRead = await readPermit(core, permit)
  const files: FileView[] = []
  const folders: string[] = []
  for (const entry of entries) {
    if (entry.kind === 'prefix') folders.push(`${path.bucket}/${entry.prefix}`)
    else files.push(await viewFile(core, entry.file, mayRead))
  }
  return { files, folders, nextCursor: formatCursor(nextAfter) }
}
