/**
 * `GET s3/sts`: temporary credentials, for pages that sign by themselves. They have what the link lets do and nothing of their own: the
 * object plane asks the link's record with every request.
 */
import { refusal } from '../../core/errors.ts'
import { createUploadKey } from '../../core/keys/temporary-keys.ts'
import { authorize } from '../../core/policy/authorize.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import { showLink } from './admit.ts'
import { jsonAnswer } from './uppy-context.ts'
import type { UppyCall, UppyContext } from './uppy-context.ts'

export async function giveKeys(context: UppyContext, call: UppyCall): Promise<PageAnswer> {
  const { core } = context
  const { caller, grant } = await showLink(context, call, null)
  if (grant.share === null) {
    const reason = 'A link for one file gives no credentials: ask for a form, or for URLs of parts'
    throw refusal('forbidden', { action: 'sign requests', reason })
  }
  const { bucket, key } = grant
  const permit = await authorize(core, caller, 'write', { bucket, key })
  const { accessKeyId, secretAccessKey, sessionToken, record } = await createUploadKey(core, permit)
  const expiration = new Date(record.expiresAt ?? core.clock.now()).toISOString()
  const folder = key.split('/').map(encodeURIComponent).join('/').replace(/\/$/, '')
  return jsonAnswer({
    // As Companion spells them, and as version 6 wants them of its `getCredentials`.
    credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration,
      accessKeyId,
      secretAccessKey,
      sessionToken,
      expiration,
    },
    bucket,
    region: core.region,
    endpoint: [core.filesUrl, bucket, folder].filter((part) => part !== '').join('/'),
  })
}
