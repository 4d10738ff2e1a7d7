/** `DELETE`: gives an upload up, with what has come of it. What has become a file stays one [TUS-1 termination]. */
import { refusal } from '../../core/errors.ts'
import { abortUpload } from '../../core/uploads/abort-upload.ts'
import { findResumable } from '../../core/uploads/resumable/find-resumable.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import { admitGoingOn } from './admit.ts'
import type { TusCall, TusContext } from './tus-context.ts'

export async function endUpload(context: TusContext, call: TusCall): Promise<PageAnswer> {
  const admitted = await admitGoingOn(context, call)
  if (admitted === null) throw refusal('link-used', {})
  const { id, permit } = admitted
  await context.senders.ask(id)
  await findResumable(context.core, permit, id)
  await abortUpload(context.core, permit, { uploadId: id, initiatedAt: null })
  return { status: 204, headers: {}, body: '' }
}
