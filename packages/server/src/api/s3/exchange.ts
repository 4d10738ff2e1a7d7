/** What is known of a request while it is on its way: the answer comes from it, and the log line. */
import type { ObjectPath } from '../../core/paths.ts'
import type { CapturedRequest } from '../../http/capture-request.ts'
import type { S3Request } from './face.ts'

/** One request on its way; filled in as more of it is known, so that the log line says what was. */
export interface Exchange {
  readonly raw: CapturedRequest
  readonly requestId: string
  readonly startedAt: number
  request: S3Request | null
  path: ObjectPath | null
  /** The operation's name, once a route was found. */
  operation: string | null
  /** The code of docs/errors.md, once it was refused. */
  refusedFor: string | null
  /** Of one that came too late: that its key had signed it. */
  wasSigned: boolean
  /** What of S3 was asked for and is not here. */
  missingFeature: string | null
}
