/** One file of a share: where its page leads whoever wants to have it. */
import type { Visitor } from '../../auth/authenticate-share.ts'
import type { FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../../core/context.ts'
import { findVersion } from '../../core/find-version.ts'
import { refusal } from '../../core/errors.ts'
import { parseObjectKey } from '../../core/paths.ts'
import { authorize } from '../../core/policy/authorize.ts'
import type { Permit } from '../../core/policy/permit.ts'
import { signArchiveTicket, signTicket } from '../../core/shares/sign-ticket.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import { asFolder } from './list-folder.ts'

/** What a share of one file is for. Throws `file-not-found` and what the share's rules say. */
export function findSharedFile(core: CoreContext, visitor: Visitor): Promise<PermittedFile> {
  return permitFile(core, visitor, '')
}

/** `within` is a folder below the shared one; `''` is that itself. */
export async function handOutArchive(
  core: CoreContext,
  { caller, grant }: Visitor,
  within: string,
): Promise<PageAnswer> {
  const { bucket, key, share } = grant
  if (share.kind !== 'folder') {
    throw refusal('field-invalid', { field: 'action', reason: 'only a folder makes an archive' })
  }
  // At the top of a bucket the folder has no key.
  const path = { bucket, key: key + within === '' ? '' : parseObjectKey(asFolder(key + within)) }
  const permit = await authorize(core, caller, 'read', path)
  return leadTo(await signArchiveTicket(core, permit))
}

/** The same, to be shown by the browser itself where it may. */
export async function showFile(core: CoreContext, visitor: Visitor): Promise<PageAnswer> {
  const { permit } = await permitFile(core, visitor, '')
  return leadTo(await signTicket(core, permit, 'inline'))
}

/** `name` is a path below a shared folder; `''` for a share of one file. Leads to the object plane, which counts the use once bytes leave. */
export async function handOutFile(
  core: CoreContext,
  visitor: Visitor,
  name: string,
): Promise<PageAnswer> {
  const { permit } = await permitFile(core, visitor, name)
  return leadTo(await signTicket(core, permit, 'attachment'))
}

function leadTo(location: string): PageAnswer {
  return { status: 303, headers: { location }, body: '' }
}

export interface PermittedFile {
  readonly permit: Permit<'read'>
  readonly file: FileRecord
}

async function permitFile(
  core: CoreContext,
  { caller, grant }: Visitor,
  name: string,
): Promise<PermittedFile> {
  const { bucket, key, share } = grant
  if (share.kind === 'drop' || (share.kind === 'file') !== (name === '')) {
    const reason = share.kind === 'folder' ? 'it names one file of the folder' : 'there is but one'
    throw refusal('field-invalid', { field: 'file', reason })
  }
  const path = { bucket, key: parseObjectKey(key + name) }
  const permit = await authorize(core, caller, 'read', path)
  const file = await findVersion(core, permit, null)
  if (permit.fileId !== null && permit.fileId !== file.id) throw refusal('link-revoked', {})
  return { permit, file }
}
