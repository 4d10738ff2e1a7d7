/** Which version an answer speaks of, where versions are kept. */

/** S3's name of the one version that an object has where none are kept. */
const NULL_VERSION = 'null'

export function versionHeaders(versionId: string): string[] {
  return named('x-amz-version-id', versionId)
}

/** Of what was copied. */
export function sourceVersionHeaders(versionId: string): string[] {
  return named('x-amz-copy-source-version-id', versionId)
}

function named(header: string, versionId: string): string[] {
  return versionId === NULL_VERSION ? [] : [header, versionId]
}
