/** Puts the server's signature under a link: a standard S3 presigned URL, whatever is signed into it besides. */
import { percentEncodePath } from '@hallpass/signing/encoding'
import { presignS3 } from '@hallpass/signing/s3'
import type { LinkMethod } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import type { UsableAccessKey } from '../keys/key-ring.ts'
import type { ObjectPath } from '../paths.ts'

export interface LinkToSign {
  readonly method: LinkMethod
  readonly path: ObjectPath
  /** Rounded to whole seconds already. */
  readonly signedAt: number
  readonly expiresInSeconds: number
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}

export interface SignedLink {
  readonly url: string
  /** What must be sent with the request. */
  readonly headers: Readonly<Record<string, string>>
  readonly expiresAt: Date
}

type Signer = Pick<CoreContext, 'filesUrl' | 'region'>

export function signLink(
  { filesUrl, region }: Signer,
  { accessKeyId, secretAccessKey }: UsableAccessKey,
  link: LinkToSign,
): SignedLink {
  return presignS3({
    method: link.method,
    bucket: link.path.bucket,
    key: link.path.key,
    expiresInSeconds: link.expiresInSeconds,
    query: link.query,
    headers: link.headers,
    now: new Date(link.signedAt),
    region,
    endpoint: filesUrl,
    pathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })
}

/** Where a file in a public folder is fetched without any signature. */
export function publicFileUrl({ filesUrl }: Signer, { bucket, key }: ObjectPath): string {
  return `${filesUrl}/${bucket}/${percentEncodePath(key)}`
}
