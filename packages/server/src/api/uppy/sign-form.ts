/** `GET s3/params`: a form for a file in one piece. */
import { checkType } from '../../core/files/write-file.ts'
import { signFormFor } from '../../core/uploads/sign-for-bearer.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import { admitFile } from './admit.ts'
import { invalid } from './read-json.ts'
import { jsonAnswer } from './uppy-context.ts'
import type { UppyCall, UppyContext } from './uppy-context.ts'

export async function signForm(context: UppyContext, call: UppyCall): Promise<PageAnswer> {
  const { core } = context
  const filename = call.query.get('filename') ?? ''
  if (filename === '') throw invalid('filename', 'it must be there')
  const contentType = call.query.get('type') || 'application/octet-stream'
  const permit = await admitFile(context, call, { filename, contentType })
  const { url, fields, expiresAt } = await signFormFor(core, permit, checkType(permit, contentType))
  const expires = Math.max(1, Math.floor((expiresAt.getTime() - core.clock.now()) / 1000))
  return jsonAnswer({ method: 'POST', url, fields, expires })
}
