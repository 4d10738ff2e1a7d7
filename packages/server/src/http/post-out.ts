/**
 * Posts to an address that somebody else chose. Where its name leads is checked at the socket, for every connection, on the very
 * address that is connected to: what a name led to a moment ago says nothing. No redirect is followed, no proxy asked, and of the
 * answer nothing but its status is kept, and as much of its text as somebody asks for.
 */
import { request as requestHttp } from 'node:http'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { AddressNotAllowed, createCheckedLookup } from '../platform/checked-lookup.ts'

export interface PostOutOptions {
  /** Whether a network address may be connected to, and whether without TLS. */
  readonly mayConnect: (address: string, isSecure: boolean) => boolean
  /** From the first look-up to the end of the answer's head, and of its text where that is wanted. */
  readonly timeoutMs: number
}

export interface OutgoingPost {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
  /** The text of the answer is wanted if it has at most so many bytes; none without it. */
  readonly answerBytes?: number
}

export type PostAnswer =
  /** `text`: empty where none was wanted, or more came. */
  | { readonly status: number; readonly fault: null; readonly text: string }
  | { readonly status: null; readonly fault: PostFault }

/** Why there was no answer: short, and without a word of the other side. */
export type PostFault =
  | 'address-not-allowed'
  | 'name-not-found'
  | 'connection-failed'
  | 'certificate-invalid'
  | 'timed-out'

/** Never rejects. */
export type PostOut = (post: OutgoingPost) => Promise<PostAnswer>

export function createPostOut({ mayConnect, timeoutMs }: PostOutOptions): PostOut {
  return async ({ url: text, headers, body, signal, answerBytes = 0 }) => {
    const url = new URL(text)
    const isSecure = url.protocol === 'https:'
    const isAllowed = (address: string): boolean => mayConnect(address, isSecure)
    const hostname = url.hostname.replace(/^\[|\]$/g, '')
    // A literal is connected to without a look-up.
    if (isIP(hostname) !== 0 && !isAllowed(hostname)) return fault('address-not-allowed')
    const deadline = AbortSignal.timeout(timeoutMs)
    const options: RequestOptions = {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      lookup: createCheckedLookup(isAllowed),
      // A connection kept from before was checked before.
      agent: false,
      signal: AbortSignal.any([deadline, signal]),
    }
    try {
      const answer = await send(isSecure, { url, options, body, answerBytes })
      return { ...answer, fault: null }
    } catch (error) {
      return fault(deadline.aborted ? 'timed-out' : nameFault(error))
    }
  }
}

function fault(reason: PostFault): PostAnswer {
  return { status: null, fault: reason }
}

interface Sending {
  readonly url: URL
  readonly options: RequestOptions
  readonly body: string
  readonly answerBytes: number
}

interface Answered {
  readonly status: number
  readonly text: string
}

function send(isSecure: boolean, { url, options, body, answerBytes }: Sending): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>()
  const onAnswer = (answer: IncomingMessage): void => {
    const status = answer.statusCode ?? 0
    readText(answer, answerBytes).then((text) => resolve({ status, text }), reject)
  }
  const request = (isSecure ? requestHttps : requestHttp)(url, options, onAnswer)
  request.on('error', reject)
  request.end(body)
  return promise
}

/** Whatever else it says is nobody's business, and may have no end. */
async function readText(answer: IncomingMessage, most: number): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  if (most > 0) {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      pieces.push(piece)
      size += piece.length
      if (size > most) break
    }
  }
  answer.destroy()
  return size > most ? '' : Buffer.concat(pieces).toString('utf8')
}

function nameFault(error: unknown): PostFault {
  if (error instanceof AddressNotAllowed) return 'address-not-allowed'
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name-not-found'
  return /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)
    ? 'certificate-invalid'
    : 'connection-failed'
}
