/** Makes the file of an upload all of which has come, and tells of the use of a link. */
import { formatPath } from '../../core/paths.ts'
import type { Permit } from '../../core/policy/permit.ts'
import { finishResumable } from '../../core/uploads/resumable/finish-resumable.ts'
import type { FinishedResumable } from '../../core/uploads/resumable/finish-resumable.ts'
import type { ResumableUpload } from '../../core/uploads/resumable/find-resumable.ts'
import { findUserAgent } from '../../core/user-agent.ts'
import type { TusCall, TusContext } from './tus-context.ts'

// oxlint-disable-next-line max-params -- who asked, by what right, and of which
export async function finish(
  { core }: TusContext,
  { page }: TusCall,
  permit: Permit<'write'>,
  upload: ResumableUpload,
): Promise<FinishedResumable> {
  const result = await finishResumable(core, permit, upload)
  const isNew = upload.finished === null && result.upload.finished !== null
  const { linkId, clientIp: address, request } = page
  if (!isNew || linkId === null) return result
  const from = { linkId, keyId: null, address, agent: findUserAgent(request.rawHeaders) }
  const what = { kind: 'link.used', code: null, target: null, referrer: null } as const
  const { offset: bytes } = result.upload
  core.events.note({ ...what, ...from, path: formatPath(permit.path), bytes })
  return result
}
