/** Uploads that were completed not long ago, and what each was answered. */
import { integer, table, text } from '../table.ts'
import { checksums } from './checksums.ts'
import { resumable } from './resumable.ts'

export const finishedUploads = table('finished_uploads', {
  id: text('id'),
  bucket: text('bucket'),
  key: text('key'),
  fileId: text('file_id'),
  versionId: text('version_id'),
  etag: text('etag'),
  checksums: checksums('checksums'),
  partCount: integer('part_count'),
  resumable,
  /** When nobody asks for it again any more. */
  forgetAt: integer('forget_at'),
})
