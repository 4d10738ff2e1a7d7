/**
 * Whether a form was sent by the page of this server, as far as the browser says so. Programs say nothing and are let through: what a
 * page of somebody else's could make a browser send carries no session, which is SameSite=Strict.
 */
import { refusal } from '../../core/errors.ts'
import { headerValues } from '../../http/raw-headers.ts'
import type { RawHeaders } from '../../http/raw-headers.ts'

/** Throws `share-form-foreign`. */
export function requireOwnForm(headers: RawHeaders, publicUrl: string): void {
  const sites = headerValues(headers, 'sec-fetch-site')
  const isSiteFine = sites.every((site) => site === 'same-origin' || site === 'none')
  if (isSiteFine && headerValues(headers, 'origin').every(isOwn)) return
  throw refusal('share-form-foreign', {})

  /** A page that sends no referrer calls its origin `null` [FETCH-CORS]. */
  function isOwn(origin: string): boolean {
    const [host = null] = headerValues(headers, 'host')
    const isHost = host !== null && URL.parse(origin)?.host === host
    return origin === 'null' || origin === publicUrl || isHost
  }
}
