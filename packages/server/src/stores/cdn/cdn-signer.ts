/** URLs of a CDN that stands before a store: each kind signs in its own way, and all of them by path and time. */
import { createAkamaiSigner } from '@hallpass/signing/akamai'
import { createBunnySigner } from '@hallpass/signing/bunny'
import { createCloudCdnSigner } from '@hallpass/signing/cloud-cdn'
import { createCloudFrontSigner } from '@hallpass/signing/cloudfront'
import { percentEncodePath } from '@hallpass/signing/encoding'
import { createMediaCdnSigner } from '@hallpass/signing/media-cdn'
import type { Clock } from '../../platform/clock.ts'
import type { CdnAccess, SignCdnUrl } from '../store-drivers.ts'

type Cdn = Omit<CdnAccess, 'key'>

/** `secret` is the key in the form in which the CDN gives it. Throws a `TypeError` or a `SigningError` that names what is wrong. */
export function createCdnSigner(cdn: Cdn, secret: string, clock: Clock): SignCdnUrl {
  const signer = signerOf(cdn, secret)
  return (key, expiresInSeconds) => {
    const url = `${cdn.url}/${percentEncodePath(key)}`
    return new URL(signer.sign({ url, expiresInSeconds, now: new Date(clock.now()) }).url)
  }
}

interface UrlSigner {
  sign(request: { readonly url: string; readonly expiresInSeconds: number; readonly now: Date }): {
    readonly url: string
  }
}

function signerOf({ kind, keyName }: Cdn, secret: string): UrlSigner {
  switch (kind) {
    case 'cloudfront':
      return createCloudFrontSigner({ keyPairId: keyName, privateKey: secret })
    case 'cloud-cdn':
      return createCloudCdnSigner({ keyName, key: secret })
    case 'media-cdn':
      return createMediaCdnSigner({ keyName, key: secret })
    case 'bunny':
      return createBunnySigner({ key: secret })
    case 'akamai':
      return createAkamaiSigner({ key: secret })
  }
}
