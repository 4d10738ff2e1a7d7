/** What the page of a shared folder hands out for all of it: one archive, by a signed URL that no client of S3 makes. */
import { responseContentDisposition } from '@hallpass/signing/encoding'
import { packFolder } from '../../../core/shares/pack-folder.ts'
import { followUse } from '../answers/follow-use.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'

// The reader is closed when the connection ends.
const NEVER: AbortSignal = new AbortController().signal

export async function zipFolder(face: S3Face, { permit }: S3Call<'read'>): Promise<S3Answer> {
  const { name, size, source, use, beginAnswer } = await packFolder(face.core, permit, NEVER)
  const headers = [
    'Content-Disposition',
    responseContentDisposition(name),
    'Content-Type',
    'application/zip',
    'Content-Length',
    String(size),
    'Accept-Ranges',
    'none',
    'Cache-Control',
    'private, no-store',
    'X-Content-Type-Options',
    'nosniff',
    'Content-Security-Policy',
    "sandbox; default-src 'none'",
    'Referrer-Policy',
    'no-referrer',
    'X-Robots-Tag',
    'noindex, nofollow, noarchive',
  ]
  return {
    status: 200,
    headers,
    body: { source, length: size },
    ...(use !== null && { follower: followUse(face.core, use) }),
    ...(beginAnswer !== null && { takesTime: beginAnswer }),
  }
}
