import type { CoreContext } from '../core/context.ts'

/** Of a cookie whose path is `/`. */
export interface OwnCookieName {
  readonly name: string
  readonly isSecure: boolean
}

/**
 * Over TLS a name that no other host, and nobody on the way, can set. Without it servers of one machine share their
 * cookies, so that the port tells them apart.
 */
export function ownCookieName(
  { publicUrl }: Pick<CoreContext, 'publicUrl'>,
  { secure, plain }: { readonly secure: string; readonly plain: string },
): OwnCookieName {
  if (publicUrl.startsWith('https:')) return { name: `__Host-${secure}`, isSecure: true }
  const { port } = new URL(publicUrl)
  return { name: `${plain}_${port === '' ? '80' : port}`, isSecure: false }
}
