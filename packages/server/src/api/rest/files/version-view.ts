/** A version of a file as clients see it. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { VersionRecord } from '../../../catalog/records.ts'
import { Id, Time, formatTime, named, strictObject } from '../schemas.ts'

/** Of what may be a version's id. */
export const VERSION_PATTERN = '^[A-Za-z0-9._-]{1,128}$'

export const VersionSchema = named(
  'FileVersion',
  strictObject(
    {
      version: Type.String({ description: 'Its id; `null` of what was stored without versions.' }),
      fileId: Id,
      isLatest: Type.Boolean(),
      isDeleted: Type.Boolean({
        description: 'True of a mark that says the file was deleted: it has no bytes.',
      }),
      size: Type.Union([Type.Integer(), Type.Null()], { description: 'Bytes.' }),
      contentType: Type.Union([Type.String(), Type.Null()]),
      etag: Type.Union([Type.String(), Type.Null()]),
      modifiedAt: Time,
    },
    'A version of a file, or the mark that it was deleted.',
  ),
)

export function viewVersion(version: VersionRecord): Static<typeof VersionSchema> {
  const { id, versionId, isLatest, isDeleteMarker, modifiedAt } = version
  const common = {
    version: versionId,
    fileId: id,
    isLatest,
    isDeleted: isDeleteMarker,
    modifiedAt: formatTime(modifiedAt),
  }
  if (version.isDeleteMarker) return { ...common, size: null, contentType: null, etag: null }
  const { size, contentType, etag } = version
  return { ...common, size, contentType, etag }
}
