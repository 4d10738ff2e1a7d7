/** Where the browser goes, or what it is answered, once the form of a link has stored its file. */
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { parsePageAddress } from './page-address.ts'

export interface FormSuccess {
  /** The page to go to; the form's policy signs it, so that nobody else chooses it. */
  readonly successRedirect?: string
  /** The answer of S3 in place of a page for people: nothing (204), nothing (200), or a document (201). */
  readonly successStatus?: 200 | 201 | 204
}

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/

/** The fields of the form; throws `field-invalid`. */
export function fieldsOfSuccess(
  core: Pick<CoreContext, 'publicUrl' | 'filesUrl'>,
  { successRedirect, successStatus }: FormSuccess,
): Readonly<Record<string, string>> {
  if (successRedirect !== undefined && successStatus !== undefined) {
    const reason = 'it comes with successRedirect, and only one of them can be meant'
    throw refusal('field-invalid', { field: 'successStatus', reason })
  }
  if (successStatus !== undefined) return { success_action_status: String(successStatus) }
  if (successRedirect === undefined) return {}
  requirePage(core, successRedirect)
  return { success_action_redirect: successRedirect }
}

/** Without encryption anybody on the way could put another page there: only this machine and the server's own hosts may. */
function requirePage(
  { publicUrl, filesUrl }: Pick<CoreContext, 'publicUrl' | 'filesUrl'>,
  text: string,
): void {
  const url = parsePageAddress(text)
  const own = [publicUrl, filesUrl].map((address) => new URL(address).origin)
  if (
    url !== null &&
    (url.protocol === 'https:' || LOOPBACK.test(url.hostname) || own.includes(url.origin))
  ) {
    return
  }
  const reason = 'it must be the https address of a page, without a user or a password in it'
  throw refusal('field-invalid', { field: 'successRedirect', reason })
}
