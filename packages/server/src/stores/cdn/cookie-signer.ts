/** Signed cookies of a CDN that stands before a store: one signature opens all that lies in a folder. */
import { createCloudFrontCookies, preparePrivateKey } from '@hallpass/signing/cloudfront'
import { percentEncodePath } from '@hallpass/signing/encoding'
import type { Clock } from '../../platform/clock.ts'
import { StoreUrlError } from '../store-drivers.ts'
import type { CdnAccess, SignCdnCookies } from '../store-drivers.ts'

/** `null` for a kind that has no such cookies, or has them without addresses. */
export function createCookieSigner(
  { kind, url, keyName: keyPairId }: Omit<CdnAccess, 'key'>,
  secret: string,
  clock: Clock,
): SignCdnCookies | null {
  if (kind !== 'cloudfront') return null
  const privateKey = preparePrivateKey(secret, 'key')
  return ({ prefix, expiresAt, network, domain, sameSite }) => {
    const base = `${url}/${percentEncodePath(prefix)}`
    const { hostname, pathname } = new URL(base)
    if (domain !== null && !isAbove(domain, hostname)) {
      throw new StoreUrlError(`cookies of ${domain} never reach ${hostname}`)
    }
    const resource = `${base}*`
    const { cookies, setCookie } = createCloudFrontCookies({
      keyPairId,
      privateKey,
      resource,
      expiresAt: new Date(expiresAt),
      now: new Date(clock.now()),
      path: pathname,
      sameSite,
      ...(network !== null && { ip: network }),
      ...(domain !== null && { domain }),
    })
    return { resource, cookies, setCookie }
  }
}

/** A name without a dot is a whole top-level domain, and no browser takes its cookies. */
function isAbove(domain: string, hostname: string): boolean {
  return domain.includes('.') && (hostname === domain || hostname.endsWith(`.${domain}`))
}
