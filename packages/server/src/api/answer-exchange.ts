/** How one request of a page is answered, whatever the face: served or refused, sent, and noted once nothing of it is under way any more. */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** One request and its answer, as app.ts hands them over. */
export interface PageExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  readonly clientIp: string
  /** The body with back-pressure and pace; the first read sends `100 Continue` to a client that waits for it. */
  readonly readBody: () => AsyncIterable<Uint8Array>
}

/** What goes out; the headers that every answer has come besides. */
export interface PageAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface AnswerSteps<Call> {
  readonly serve: (call: Call) => Promise<PageAnswer>
  /** Makes an answer of whatever was thrown. */
  readonly refuse: (call: Call, error: unknown) => PageAnswer
  /** Of every answer of the face, over those of every page. */
  readonly headers: Readonly<Record<string, string>>
  /** Called at the very end, with the answer sent or broken off. */
  readonly note: (call: Call) => void
}

/** Nobody on the way keeps it, no search engine lists it, and where it leads is not told where it was. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow, noarchive',
} as const

/** Never rejects. */
export async function answerExchange<Call extends PageExchange>(
  call: Call,
  { serve, refuse, headers, note }: AnswerSteps<Call>,
): Promise<void> {
  const closed = Promise.withResolvers<void>()
  call.response.once('close', () => closed.resolve())
  let answered: PageAnswer
  try {
    answered = await serve(call)
  } catch (error) {
    answered = refuse(call, error)
  }
  send(call, answered, headers)
  await closed.promise
  note(call)
}

function send(
  { request, response }: PageExchange,
  { status, headers, body }: PageAnswer,
  common: Readonly<Record<string, string>>,
): void {
  const bytes = Buffer.from(body)
  const length = status === 204 ? {} : { 'content-length': bytes.byteLength }
  response.writeHead(status, { ...HEADERS, ...common, ...headers, ...length })
  response.end(request.method === 'HEAD' || status === 204 ? undefined : bytes)
}
