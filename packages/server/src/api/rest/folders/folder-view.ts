/** What holds in a folder, as clients see it. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { FolderView as Folder } from '../../../core/folders/folders.ts'
import { Time, VisibilitySchema, formatTimeOrNull, named, strictObject } from '../schemas.ts'
import { PolicySchema } from '../policies/policy-schema.ts'

export const FolderSchema = named(
  'Folder',
  strictObject(
    {
      path: Type.String(),
      visibility: VisibilitySchema,
      inheritedFrom: Type.Union([Type.String(), Type.Null()], {
        description: 'The folder whose setting holds here; null if it is its own, or the default.',
      }),
      policy: PolicySchema,
      updatedAt: Type.Union([Time, Type.Null()]),
    },
    'The visibility of a folder, and what its policy says of its own: `GET /v1/folders/{path}/policy` has every line that holds there.',
  ),
)

const PurgeSchema = Type.Array(Type.String(), {
  description:
    'Where public files begin that are private since: a CDN may hold them for a minute more, unless it is told to forget what begins so.',
})

export const ChangedFolderSchema = named(
  'ChangedFolder',
  strictObject(
    { ...FolderSchema.properties, purge: Type.Optional(PurgeSchema) },
    'A folder after a change; `purge` comes along if it was public before and is private now.',
  ),
)

export const ClosedFolderSchema = named(
  'ClosedFolder',
  strictObject({ purge: PurgeSchema }, 'What a CDN may still hold of a folder that was public.'),
)

export type FolderView = Static<typeof FolderSchema>

export function viewFolder(folder: Folder): FolderView {
  const { policy, updatedAt } = folder
  return { ...folder, policy, updatedAt: formatTimeOrNull(updatedAt) }
}
