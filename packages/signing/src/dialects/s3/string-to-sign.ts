/**
 * The canonical forms of a request as S3 wants them: the path encoded once and never folded.
 * Other services of the same scheme fold dot segments and runs of slashes first; `foldPath` asks for that.
 *
 * @module
 */
import { percentEncodePath } from '../../lib/percent-encode.ts'

/** [SIGV4-HEADER] The canonical path of a decoded one, without empty and dot segments [RFC3986 5.2.4]; a slash at its end stays. */
export function foldS3Path(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  const folded = `/${kept.join('/')}`
  return percentEncodePath(path.endsWith('/') && kept.length > 0 ? `${folded}/` : folded)
}
