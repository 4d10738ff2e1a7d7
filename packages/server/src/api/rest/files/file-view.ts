/** A file as clients see it: its schema, and how it is fetched. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { FileRecord } from '../../../catalog/records.ts'
import type { CoreContext } from '../../../core/context.ts'
import { findStoreSigner } from '../../../core/files/find-store-signer.ts'
import { resolveFolder } from '../../../core/policy/resolve-folder.ts'
import { isRefusal } from '../../../core/errors.ts'
import { signFetch } from '../../../core/links/automatic-link.ts'
import type { Disposition, FetchUrl } from '../../../core/links/automatic-link.ts'
import { publicFileUrl } from '../../../core/links/sign.ts'
import { formatPath, nameOf } from '../../../core/paths.ts'
import { authorize, mayAlso } from '../../../core/policy/authorize.ts'
import type { Permit } from '../../../core/policy/permit.ts'
import { Id, Time, VisibilitySchema, formatTime, named, strictObject } from '../schemas.ts'

export const FileSchema = named(
  'StoredFile',
  strictObject(
    {
      id: Id,
      path: Type.String({ description: 'Bucket and key.' }),
      name: Type.String({ description: 'The last part of the path.' }),
      size: Type.Integer({ description: 'Bytes.' }),
      contentType: Type.String(),
      etag: Type.String({
        description:
          'As S3 has it, without quotes: the MD5 of the bytes in hex, unless it came in parts.',
      }),
      sha256: Type.Union([Type.String(), Type.Null()], {
        description: 'Hex; null of a file that came in parts.',
      }),
      metadata: Type.Record(Type.String(), Type.String()),
      visibility: VisibilitySchema,
      createdAt: Time,
      modifiedAt: Time,
      signedUrl: Type.Optional(
        Type.String({
          description:
            'Private files: fetches the file until `expiresAt`. Left out where the policy of the folder wants more of a link.',
        }),
      ),
      expiresAt: Type.Optional(Time),
      linkId: Type.Optional(
        Type.String({ description: 'The id of `signedUrl`, by which it can be revoked.' }),
      ),
      delivery: Type.Optional(
        Type.Union([Type.Literal('redirected'), Type.Literal('direct')], {
          description:
            'Said where bytes come from the store itself, or the CDN before it. Redirected: `signedUrl` or `url` leads there at each click. Direct: `signedUrl` is one of theirs: only `expiresAt` ends it, nobody counts it, and it has no id.',
        }),
      ),
      url: Type.Optional(Type.String({ description: 'Public files: fetches the file.' })),
    },
    'A file.',
  ),
)

export type FileView = Static<typeof FileSchema>

/** `permit` is what the file may be read with, for itself or for the folder it was listed under; `null`: no URL comes along. */
export async function viewFile(
  core: CoreContext,
  file: FileRecord,
  permit: Permit<'read'> | null,
  disposition?: Disposition,
): Promise<FileView> {
  const folder = await resolveFolder(core, file.bucket, file.key)
  const { visibility } = folder
  const view = {
    id: file.id,
    path: formatPath(file),
    name: nameOf(file.key),
    size: file.size,
    contentType: file.contentType,
    etag: file.etag,
    sha256: sha256Of(file),
    metadata: file.metadata,
    visibility,
    createdAt: formatTime(file.createdAt),
    modifiedAt: formatTime(file.modifiedAt),
  }
  const isElsewhere = (await findStoreSigner(core, folder, file)) !== null
  const leads = isElsewhere ? ({ delivery: 'redirected' } as const) : {}
  if (visibility === 'public') return { ...view, url: publicFileUrl(core, file), ...leads }
  if (permit === null) return view
  const link = await signIfAllowed(core, permit, file, disposition)
  if (link === null) return view
  const { id, url, expiresAt } = link
  const expires = { signedUrl: url, expiresAt: expiresAt.toISOString() }
  return id === null
    ? { ...view, ...expires, delivery: 'direct' }
    : { ...view, ...expires, linkId: id, ...leads }
}

/** `null` where the policy of the folder wants links that somebody asks for. */
async function signIfAllowed(
  core: CoreContext,
  permit: Permit<'read'>,
  file: FileRecord,
  disposition?: Disposition,
): Promise<FetchUrl | null> {
  try {
    return await signFetch(core, permit, file, disposition)
  } catch (error) {
    if (isRefusal(error, 'policy-refused')) return null
    throw error
  }
}

/** The right to read where another one was given; `null` if the key has none: it sees the file, and no URL that fetches it. */
export async function readPermit(
  core: CoreContext,
  permit: Permit,
): Promise<Permit<'read'> | null> {
  const mayRead = await mayAlso(core, permit, 'read')
  return mayRead ? authorize(core, permit.caller, 'read', permit.path) : null
}

function sha256Of({ checksums }: FileRecord): string | null {
  const whole = checksums.find(
    ({ algorithm, type }) => algorithm === 'sha256' && type === 'full-object',
  )
  return whole === undefined ? null : Buffer.from(whole.value, 'base64').toString('hex')
}
