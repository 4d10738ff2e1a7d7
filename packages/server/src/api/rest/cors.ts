/**
 * Lets the pages of other origins call the API for their users, with the users' own tokens [FETCH-CORS]. Cookies mean nothing here, so
 * credentials are never allowed. Where nobody comes with tokens, no page of elsewhere has anything to do here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createOriginList } from '../../http/allowed-origins.ts'
import type { AllowedOrigins } from '../../http/allowed-origins.ts'

export interface RestCors {
  /** True for a page of elsewhere that is let in. */
  allows(origin: string | null): boolean
  /** Adds to whatever the answer will be what lets such a page read it. */
  share(request: IncomingMessage, response: ServerResponse): void
  /** True if the request only asks whether another one may be sent, which is then answered. */
  answerPreflight(request: IncomingMessage, response: ServerResponse): boolean
}

/** Headers that scripts use and that are not readable anyway. */
const EXPOSED = 'Location, ETag, Retry-After, x-hallpass-file-id, x-hallpass-next-cursor'
const METHODS = 'GET, POST, PUT, PATCH, DELETE'
/** Browsers keep an answer for as long as they like best: two hours at most. */
const MAX_AGE_SECONDS = 7200
/** Names of headers as a browser lists them. */
const HEADER_NAMES = /^[\w\-, ]{1,1024}$/

/** `isOpen`: there is somebody who may come from a page. */
export function createRestCors(origins: AllowedOrigins, isOpen: boolean): RestCors {
  const isForAll = origins === '*'
  const isListed = createOriginList(origins === null || isForAll ? [] : origins)
  const allows = (origin: string | null): boolean =>
    isOpen && origin !== null && (isForAll || isListed(origin))

  return {
    allows,
    share({ headers: { origin } }, response) {
      if (!isOpen || origins === null) return
      if (!isForAll) response.setHeader('vary', 'Origin')
      if (origin === undefined || !allows(origin)) return
      response.setHeader('access-control-allow-origin', isForAll ? '*' : origin)
      response.setHeader('access-control-expose-headers', EXPOSED)
    },
    answerPreflight({ method, headers }, response) {
      const wanted = headers['access-control-request-headers'] ?? ''
      const isPreflight =
        method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
      if (!isPreflight || !allows(headers.origin ?? null)) return false
      response.setHeader('access-control-allow-methods', METHODS)
      if (HEADER_NAMES.test(wanted)) response.setHeader('access-control-allow-headers', wanted)
      response.setHeader('access-control-max-age', String(MAX_AGE_SECONDS))
      response.writeHead(204).end()
      return true
    },
  }
}
