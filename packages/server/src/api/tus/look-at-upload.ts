/** `HEAD`: says how far an upload is. One whose last byte came with no time left to make the file is made one now [TUS-1 core]. */
import { findResumable } from '../../core/uploads/resumable/find-resumable.ts'
import { findLength } from '../../core/uploads/resumable/find-length.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import { admitGoingOn } from './admit.ts'
import { progressOf, resultOf, termsOf } from './answers.ts'
import { finish } from './finish.ts'
import type { TusCall, TusContext } from './tus-context.ts'

export async function lookAtUpload(context: TusContext, call: TusCall): Promise<PageAnswer> {
  const { core } = context
  const { base, id } = call.target
  const admitted = await admitGoingOn(context, call)
  if (admitted === null) {
    const length = String(await findLength(core, id ?? ''))
    const headers = { 'upload-offset': length, 'upload-length': length }
    return { status: 200, headers, body: '' }
  }
  const { permit } = admitted
  await context.senders.ask(admitted.id)
  const upload = await findResumable(core, permit, admitted.id)
  const finished = await finish(context, call, permit, upload)
  const headers = {
    ...termsOf(finished.upload, (part) => `${base}/${part}`),
    ...progressOf(finished.upload),
    ...resultOf(finished),
  }
  return { status: 200, headers, body: '' }
}
