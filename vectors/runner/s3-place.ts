/** What the path of a request to S3 names: at Amazon's hosts of all buckets its first segment is the bucket, elsewhere all of it the key. */

export interface S3Place {
  readonly bucket?: string
  /** `null`: the bucket. */
  readonly key: string | null
}

/** `path` is encoded, and begins with a slash. */
export function placeOf(host: string, path: string): S3Place {
  const names = decodeURIComponent(path.slice(1))
  if (!/^s3[.-]/.test(host)) return { key: names === '' ? null : names }
  const [bucket = '', ...segments] = names.split('/')
  const key = segments.join('/')
  return { ...(bucket !== '' && { bucket }), key: key === '' ? null : key }
}
