/** How the handler answers: JSON, and problem documents, which the page's side makes errors of again. */
import { HallpassError, isHallpassError } from '../hallpass-error.ts'

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

export function answer(status: number, body: unknown): Response {
  return Response.json(body, { status, headers: HEADERS })
}

/** What a page may be told of: whatever is about its upload. That the application's key is wrong is none of its business. */
export function refuse(error: unknown): Response {
  if (error instanceof Response) return error
  const { code, message, status, title, remedy, field } = tellable(error)
  const problem = {
    type: 'about:blank',
    title: title ?? message,
    status,
    detail: message,
    code,
    ...(remedy !== null && { remedy }),
    ...(field !== null && { field }),
  }
  const headers = { ...HEADERS, 'content-type': 'application/problem+json' }
  return new Response(JSON.stringify(problem), { status: status ?? 500, headers })
}

const HIDDEN = new Set(['unauthenticated', 'api-key-invalid', 'forbidden', 'bucket-not-found'])

function tellable(error: unknown): HallpassError {
  if (isHallpassError(error)) {
    const { status, isOwn } = error as HallpassError & { readonly isOwn?: boolean }
    if (isOwn === true) return error
    const isAbout = status !== null && status >= 400 && status < 500 && !HIDDEN.has(error.code)
    if (isAbout) return error
  }
  return new HallpassError({
    code: 'store-unavailable',
    message: 'The upload cannot go on right now.',
    status: 503,
  })
}
