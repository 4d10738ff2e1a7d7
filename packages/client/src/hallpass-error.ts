/** The one class of errors: whatever goes wrong has a code that never changes and a sentence for people. */
import type { ProblemCode } from './generated/api.ts'

/** What goes wrong before an answer of the server is there, or with what came in place of one. */
export type ClientCode =
  /** Nothing answered: the network, the name, the port, or a server that is down. */
  | 'network-failed'
  /** The server is there, and the browser may not have its answer: the page is of another origin. */
  | 'cors-refused'
  /** The answer did not come in time. */
  | 'timed-out'
  /** Something answered that is no Hallpass: a proxy, or the page of something else. */
  | 'answer-unexpected'
  /** An argument cannot be sent; nothing was. */
  | 'argument-invalid'
  /** The host of the files refused what was uploaded. */
  | 'upload-refused'
  /** The application's server does not let this be uploaded, or seen. */
  | 'not-allowed'

/** The codes of docs/errors.md, and those of this package. A newer server may have more. */
export type HallpassErrorCode = ProblemCode | ClientCode

export interface HallpassErrorFields {
  readonly code: HallpassErrorCode
  /** One plain sentence. */
  readonly message: string
  /** Of the answer; `null` if there was none. */
  readonly status?: number | null
  readonly title?: string | null
  /** What to do about it. */
  readonly remedy?: string | null
  /** The field, parameter or header to blame. */
  readonly field?: string | null
  /** Seconds to wait before asking again, where the server said so. */
  readonly retryAfterSeconds?: number | null
  readonly cause?: unknown
}

export class HallpassError extends Error {
  readonly code: HallpassErrorCode
  readonly status: number | null
  readonly title: string | null
  readonly remedy: string | null
  readonly field: string | null
  readonly retryAfterSeconds: number | null

  constructor(fields: HallpassErrorFields) {
    super(fields.message, { cause: fields.cause })
    this.name = 'HallpassError'
    this.code = fields.code
    this.status = fields.status ?? null
    this.title = fields.title ?? null
    this.remedy = fields.remedy ?? null
    this.field = fields.field ?? null
    this.retryAfterSeconds = fields.retryAfterSeconds ?? null
  }
}

/** Narrows what was caught, to any of the codes given. Works across copies of this package. */
export function isHallpassError(
  error: unknown,
  ...codes: readonly HallpassErrorCode[]
): error is HallpassError {
  if (!(error instanceof Error) || error.name !== 'HallpassError' || !('code' in error))
    return false
  return codes.length === 0 || codes.some((code) => code === error.code)
}
