/** By what right somebody asks: that of the link, for a file of this name, or for an upload that was begun by it. */
import type { UploadRecord } from '../../catalog/records.ts'
import { refusal } from '../../core/errors.ts'
import { shareIdOf } from '../../core/link-id.ts'
import type { ObjectPath } from '../../core/paths.ts'
import { authorize } from '../../core/policy/authorize.ts'
import type { Permit } from '../../core/policy/permit.ts'
import { findFreePath } from '../../core/shares/find-free-path.ts'
import { findNumbered, uploadNotFound } from '../../core/uploads/find-upload.ts'
import { openerOf } from '../../core/uploads/opener-of.ts'
import type { UppyCall, UppyContext } from './uppy-context.ts'

export interface NamedFile {
  readonly filename: string
  readonly contentType: string
}

/** For a file that begins. A link for one file has its name already; a drop finds one that is free. */
export async function admitFile(
  context: UppyContext,
  call: UppyCall,
  { filename, contentType }: NamedFile,
): Promise<Permit<'write'>> {
  const { core } = context
  const { caller, grant } = await showLink(context, call, contentType)
  const { bucket, key } =
    grant.share === null ? grant : await findFreePath(core, grant, requireName(filename))
  return authorize(core, caller, 'write', { bucket, key })
}

/** For an upload under way, which only the link that began it goes on with. Throws `upload-not-found`. */
export async function admitUpload(
  context: UppyContext,
  call: UppyCall,
): Promise<{ readonly permit: Permit<'write'>; readonly slot: UploadRecord }> {
  const { core } = context
  const { uploadId } = call
  const slot = await core.files.uploads.find(uploadId)
  const { permit } = await admitPlace(context, call, slot)
  const found = await findNumbered(core, permit, uploadId)
  if (found.createdBy !== openerOf(permit)) throw uploadNotFound(uploadId)
  return { permit, slot: found }
}

/** The same for one that may have become a file: whoever completes it again is answered the same. */
export async function admitEnding(
  context: UppyContext,
  call: UppyCall,
): Promise<{ readonly permit: Permit<'write'> }> {
  const { uploads } = context.core.files
  const slot = await uploads.find(call.uploadId)
  if (slot !== null) return admitUpload(context, call)
  return admitPlace(context, call, await uploads.findFinished(call.uploadId))
}

async function admitPlace(
  context: UppyContext,
  call: UppyCall,
  place: (ObjectPath & { readonly contentType?: string }) | null,
): Promise<{ readonly permit: Permit<'write'> }> {
  const { caller } = await showLink(context, call, place?.contentType ?? null)
  const key = call.query.get('key')
  if (place === null || (key !== null && key !== place.key)) throw uploadNotFound(call.uploadId)
  const path = { bucket: place.bucket, key: place.key }
  return { permit: await authorize(context.core, caller, 'write', path) }
}

/** Who comes by the link of the address, whatever for. */
export async function showLink(
  { authenticateLink }: UppyContext,
  { page, link }: UppyCall,
  contentType: string | null,
): ReturnType<UppyContext['authenticateLink']> {
  const { clientIp, request } = page
  page.linkId = shareIdOf(link)
  const bearer = await authenticateLink({
    text: link,
    contentType,
    clientIp,
    headers: request.rawHeaders,
    session: null,
    isOwnPage: false,
    begunAt: null,
  })
  page.linkId = bearer.grant.id
  return bearer
}

function requireName(filename: string): string {
  if (!filename.includes('/')) return filename
  throw refusal('path-invalid', { reason: 'the name of a file has no slash' })
}
