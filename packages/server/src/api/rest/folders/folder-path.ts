/** The folder named by the rest of the target, read by the one canonicaliser and not by the router. */
import { formatPath, parseFolderPath, parseRawObjectPath } from '../../../core/paths.ts'
import type { ObjectPath } from '../../../core/paths.ts'

const BASE = '/v1/folders'

/** Its key is empty or ends in a slash; `end` is the operation's. Throws `path-invalid`, `bucket-name-invalid`. */
export function readFolderPath(rawPath: string, end = ''): ObjectPath {
  const named = rawPath.slice(BASE.length, rawPath.length - end.length)
  return parseFolderPath(formatPath(parseRawObjectPath(named)))
}
