/** What holds in a folder, as clients see it. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { FolderView as Folder } from '../../../core/folders/folders.ts'
import {
  Bytes,
  Seconds,
  Time,
  VisibilitySchema,
  formatTimeOrNull,
  strictObject,
} from '../schemas.ts'

export const PolicySchema = strictObject(
  {
    maxDownloadSeconds: Type.Optional(Seconds),
    maxUploadSeconds: Type.Optional(Seconds),
    maxBytes: Type.Optional(Bytes),
  },
  'What the folder lowers; it can raise nothing.',
)

export const FolderSchema = strictObject(
  {
    path: Type.String(),
    visibility: VisibilitySchema,
    inheritedFrom: Type.Union([Type.String(), Type.Null()], {
      description: 'The folder whose setting holds here; null if it is its own, or the default.',
    }),
    policy: PolicySchema,
    updatedAt: Type.Union([Time, Type.Null()]),
  },
  'What holds in a folder.',
)

export type FolderView = Static<typeof FolderSchema>

export function viewFolder(folder: Folder): FolderView {
  return { ...folder, updatedAt: formatTimeOrNull(folder.updatedAt) }
}
