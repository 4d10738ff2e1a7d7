/**
 * Hands out the console under `/-/console`. It is the same for everybody and holds no secret: who uses it signs in, and all it does goes
 * through `/v1`.
 */
import type { CoreContext } from '../../core/context.ts'
import type { ConsoleExchange } from './console-exchange.ts'
import type { ConsoleFile, ConsoleFiles } from './console-files.ts'
import { legOf, signInWithOpenId } from './sign-in-with-open-id.ts'

export interface ConsoleFace {
  /** Answers the exchange in full; never rejects. */
  handle(exchange: ConsoleExchange): Promise<void>
}

export interface ConsoleFaceOptions {
  readonly files: ConsoleFiles
  readonly core: CoreContext
}

/** Where the API is, and where signed URLs lead: the console shows and stores files there. */
type Origins = Pick<CoreContext, 'publicUrl' | 'filesUrl'>

const ROOT = '/-/console'
const YEAR_SECONDS = 31_536_000

/** True for the console and all below it. */
export function isConsoleTarget(target: string): boolean {
  return target.startsWith(ROOT) && /^(?:[/?]|$)/.test(target.slice(ROOT.length))
}

export function createConsoleFace({ files, core }: ConsoleFaceOptions): ConsoleFace {
  return {
    async handle(exchange) {
      const { request, response } = exchange
      const { method = '', url = '' } = request
      if (method !== 'GET' && method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD', 'content-length': '0' }).end()
        return
      }
      const path = (url.split('?', 1)[0] ?? '').slice(`${ROOT}/`.length)
      const leg = method === 'GET' ? legOf(path) : null
      if (core.signIn !== null && leg !== null) {
        await signInWithOpenId({ core, signIn: core.signIn, leg }, exchange)
        return
      }
      // Its own addresses, such as /-/console/links, have no ending: the program finds its way from there.
      const file = files.find(path) ?? (path.startsWith('assets/') ? null : files.start)
      if (file === null) {
        response.writeHead(404, { 'content-length': '0', 'cache-control': 'no-store' }).end()
        return
      }
      sendFile(file, core, exchange)
    },
  }
}

function sendFile(
  file: ConsoleFile,
  origins: Origins,
  { request: { method, headers }, response }: ConsoleExchange,
): void {
  response.setHeaders(new Map(Object.entries(headersOf(file, origins))))
  if (headers['if-none-match'] === file.etag) {
    response.writeHead(304).end()
    return
  }
  const isZipped = /\bgzip\b/.test(headers['accept-encoding'] ?? '')
  const body = isZipped ? file.gzip() : file.bytes
  if (isZipped) response.setHeader('content-encoding', 'gzip')
  response.writeHead(200, { 'content-length': String(body.length) })
  response.end(method === 'HEAD' ? undefined : body)
}
function headersOf(file: ConsoleFile, origins: Origins): Record<string, string> {
  return {
    'content-type': file.contentType,
    etag: file.etag,
    vary: 'Accept-Encoding',
    'cache-control': file.isForever
      ? `public, max-age=${YEAR_SECONDS}, immutable`
      : 'no-cache, no-transform',
    'content-security-policy': contentSecurityPolicy(origins),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  }
}

/** Of its own origin everything, of the files' what shows and stores them, of nobody else anything. */
function contentSecurityPolicy({ filesUrl: files, publicUrl }: Origins): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    `img-src 'self' data: blob: ${files}`,
    `media-src ${files}`,
    `object-src ${files}`,
    `frame-src ${files}`,
    `connect-src 'self' ${files} ${publicUrl}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
