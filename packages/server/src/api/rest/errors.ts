/** What can be wrong with a REST request before the domain sees it. The codes are anchors of docs/errors.md. */

export const REST_ERROR_CODES = [
  /** The body is not JSON, nested too deeply, or not the multipart form that was asked for. */
  'body-malformed',
  'body-too-large',
  'media-type-unsupported',
  'route-not-found',
  /** A bug of ours; the log has the details under the request id. */
  'internal-error',
] as const

export type RestErrorCode = (typeof REST_ERROR_CODES)[number]

export class RestError extends Error {
  override readonly name: string = 'RestError'
  readonly code: RestErrorCode
  readonly field: string | null

  constructor(code: RestErrorCode, message: string, field: string | null = null) {
    super(message)
    this.code = code
    this.field = field
  }
}
