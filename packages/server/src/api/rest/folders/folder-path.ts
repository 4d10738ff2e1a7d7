/** The folder named by the rest of the target, read by the one canonicaliser and not by the router. */
import { parseFolderPath, parseRawObjectPath } from '../../../core/paths.ts'

const BASE = '/v1/folders'

/** `bucket/some/folder/`; throws `path-invalid`, `bucket-name-invalid`. */
export function readFolderPath(rawPath: string): string {
  const { bucket, key } = parseRawObjectPath(rawPath.slice(BASE.length))
  return parseFolderPath(`${bucket}/${key}`)
}
