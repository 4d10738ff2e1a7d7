/** What can be wrong with a REST request before the domain sees it. The codes are anchors of docs/errors.md. */

/** Status and title of each code. */
export const REST_PROBLEMS = {
  /** The body is not JSON, nested too deeply, or not the multipart form that was asked for. */
  'body-malformed': [400, 'The body cannot be read'],
  'body-too-large': [413, 'The body is too large'],
  'media-type-unsupported': [415, 'The body has the wrong type'],
  'route-not-found': [404, 'There is nothing at this address'],
  /** A bug of ours; the log has the details under the request id. */
  'internal-error': [500, 'Something went wrong on our side'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>

/** What to do about each. */
export const REST_REMEDIES: Readonly<Record<RestErrorCode, string>> = {
  'body-malformed': 'Send the body whole, and as Content-Type says.',
  'body-too-large': 'Ask for less at once: links, for example, in several batches.',
  'media-type-unsupported':
    'Send the type that the detail names; for JSON Content-Type: application/json.',
  'route-not-found': 'See /-/docs for the addresses that there are.',
  'internal-error': 'Tell whoever runs the server the request id: its log says more.',
}

export type RestErrorCode = keyof typeof REST_PROBLEMS

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
