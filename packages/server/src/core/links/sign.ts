/** Puts the server's signature under a link: a standard S3 presigned URL, whatever is signed into it besides. */
import { percentEncodePath } from '@hallpass/signing/encoding'
import { createS3Signer } from '@hallpass/signing/s3'
import type { S3PostCondition, S3Signer } from '@hallpass/signing/s3'
import type { LinkMethod } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import type { UsableAccessKey } from '../known-keys.ts'
import type { ObjectPath } from '../paths.ts'

export interface LinkToSign {
  readonly method: LinkMethod
  readonly path: ObjectPath
  /** Rounded to whole seconds already. */
  readonly signedAt: number
  readonly expiresInSeconds: number
  /** Signed besides: parameters of a URL, fields of a form. */
  readonly query: Readonly<Record<string, string>>
  /** Signed, and to be sent: headers of a URL, fields of a form. */
  readonly headers: Readonly<Record<string, string>>
  /** Of a form: what its policy asks for beyond its fields. */
  readonly conditions: readonly S3PostCondition[]
}

export interface SignedLink {
  readonly url: string
  /** What must be sent with the request. */
  readonly headers: Readonly<Record<string, string>>
  /** What must stand in the form, before the file; `null` for all but POST. */
  readonly fields: Readonly<Record<string, string>> | null
  readonly expiresAt: Date
}

/** Signs with whichever key it is given; what it keeps of a key goes with the key. */
export type SignLink = (filesUrl: string, key: UsableAccessKey, link: LinkToSign) => SignedLink

export function createLinkSigner(region: string): SignLink {
  const kept = new WeakMap<
    UsableAccessKey,
    { readonly endpoint: string; readonly signer: S3Signer }
  >()

  function signerOf(endpoint: string, key: UsableAccessKey): S3Signer {
    const known = kept.get(key)
    // The address is known for certain only once the server listens.
    if (known?.endpoint === endpoint) return known.signer
    const { accessKeyId, secretAccessKey } = key
    const credentials = { accessKeyId, secretAccessKey }
    const signer = createS3Signer({ region, endpoint, addressing: 'path', credentials })
    kept.set(key, { endpoint, signer })
    return signer
  }

  return (
    filesUrl,
    key,
    { conditions, expiresInSeconds, headers, method, path, query, signedAt },
  ) => {
    const signer = signerOf(filesUrl, key)
    const { bucket, key: objectKey } = path
    const terms = { bucket, expiresInSeconds, now: new Date(signedAt) }
    if (method !== 'POST') {
      // A bucket has no key.
      const key = objectKey === '' ? null : objectKey
      return { ...signer.sign({ ...terms, key, method, query, headers }), fields: null }
    }
    const fields = { ...query, ...headers }
    const form = signer.createPostPolicy({ ...terms, key: objectKey, fields, conditions })
    return { ...form, headers: {} }
  }
}

/** Where a file in a public folder is fetched without any signature. */
export function publicFileUrl(
  { filesUrl }: Pick<CoreContext, 'filesUrl'>,
  { bucket, key }: ObjectPath,
): string {
  return `${filesUrl}/${bucket}/${percentEncodePath(key)}`
}
