/** Which web page sends a request, as far as its browser says so [FETCH-CORS]. Scripts of a page cannot say it themselves. */
import type { CoreContext } from '../core/context.ts'
import { joinedHeader } from '../http/raw-headers.ts'
import type { RawHeaders } from '../http/raw-headers.ts'

/** The origin as the browser spells it; `null` for programs, for links that are followed, and for pages of this server. */
export function findPageOrigin(
  core: Pick<CoreContext, 'publicUrl' | 'filesUrl'>,
  headers: RawHeaders,
): string | null {
  const origin = joinedHeader(headers, 'origin')
  if (origin === null) return null
  return origin === core.publicUrl || origin === core.filesUrl ? null : origin
}
