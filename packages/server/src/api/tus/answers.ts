/** What an answer says of an upload. */
import type { FinishedResumable } from '../../core/uploads/resumable/finish-resumable.ts'
import type { ResumableUpload } from '../../core/uploads/resumable/find-resumable.ts'

/** How far it is, and until when it is kept as it is [TUS-1 expiration]. */
export function progressOf({ offset, expiresAt }: ResumableUpload): Record<string, string> {
  return {
    'upload-offset': String(offset),
    ...(expiresAt !== null && { 'upload-expires': new Date(expiresAt).toUTCString() }),
  }
}

/** What it has become. */
export function resultOf({ upload, held }: FinishedResumable): Record<string, string> {
  const { finished } = upload
  return {
    ...(finished !== null && { 'x-hallpass-file-id': finished.fileId }),
    ...(held !== null && { 'x-hallpass-held': held.heldId }),
  }
}

/** What was said of it when it was begun. */
export function termsOf(
  { terms }: ResumableUpload,
  urlOf: (id: string) => string,
): Record<string, string> {
  const { length, announced, kind, of } = terms
  return {
    ...(length === null ? { 'upload-defer-length': '1' } : { 'upload-length': String(length) }),
    ...(announced !== '' && { 'upload-metadata': announced }),
    ...(kind === 'partial' && { 'upload-concat': 'partial' }),
    ...(kind === 'final' && { 'upload-concat': `final;${of.map(urlOf).join(' ')}` }),
  }
}
