/** What the page and the application's server say to each other: JSON, in a POST for each. */
import type { SignedRequest, StoredFile, Upload } from '../generated/api.ts'

export interface FileFacts {
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Its media type, `''` if nobody knows. */
  readonly type: string
}

export type UploadCall =
  | {
      readonly action: 'begin'
      readonly route: string
      readonly file: FileFacts
      /** Whatever the page has to say to `authorise`. */
      readonly input?: unknown
    }
  | {
      readonly action: 'sign'
      readonly route: string
      readonly id: string
      readonly parts: readonly number[]
    }
  | { readonly action: 'look' | 'complete' | 'abort'; readonly route: string; readonly id: string }

export type UploadStanding = Pick<
  Upload,
  'id' | 'status' | 'size' | 'partSize' | 'partCount' | 'parts'
>

export interface UploadAnswer {
  readonly upload: UploadStanding
  readonly requests: readonly SignedRequest[]
  /** Once it is complete, and has not to wait. */
  readonly file: StoredFile | null
  /** Under which id it waits until it was looked at, once it is complete. */
  readonly heldId?: string | null
  /** What `onUploaded` gave. */
  readonly data?: unknown
}
