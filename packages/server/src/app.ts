/** One port, two worlds: hands each request to the face that `chooseFace` finds for its host and its raw target. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isConsoleTarget } from './api/console/console-face.ts'
import type { RestExchange } from './api/rest/context.ts'
import { createCors } from './api/s3/cors.ts'
import { createObjectPlane } from './api/s3/object-plane.ts'
import { createAddressSet, parseAddress } from './core/addresses.ts'
import { chooseFace } from './choose-face.ts'
import type { Destination } from './choose-face.ts'
import type { CoreContext } from './core/context.ts'
import { refusal } from './core/errors.ts'
import type { AllowedOrigins } from './http/allowed-origins.ts'
import { createBufferPool } from './http/buffer-pool.ts'
import type { BufferSizes } from './http/buffer-pool.ts'
import { createClientAddresses } from './http/client-addresses.ts'
import type { ClientAddresses } from './http/client-addresses.ts'
import { createHttpServer } from './http/create-server.ts'
import type { HttpServer } from './http/create-server.ts'
import { discardBody } from './http/discard-body.ts'
import { HttpFault } from './http/faults.ts'
import { createHosts, isLoopbackAddress } from './http/hosts.ts'
import type { HostRole } from './http/hosts.ts'
import { HTTP_LIMITS } from './http/limits.ts'
import type { HttpLimits } from './http/limits.ts'
import { headerValues } from './http/raw-headers.ts'
import { readBody } from './http/read-body.ts'
import { createRequestIds } from './http/request-id.ts'
import { normalizeDomain } from './http/virtual-host.ts'
import { createDeadlines } from './http/deadlines.ts'
import type { Deadlines } from './http/deadlines.ts'
import type { Metrics } from './platform/metrics.ts'

export interface AppOptions {
  readonly core: CoreContext
  /** Answers `/v1/…`, `/-/…`. */
  readonly rest: Face
  /** Answers `/s/…`. */
  readonly share: Face
  /** Answers `/-/tus…`, and the same on the pages of drops. */
  readonly tus: Face
  /** Answers `/-/uppy/…`. */
  readonly uppy: Face
  /** Answers `/-/console`; nobody does unless given. */
  readonly console?: Pick<Face, 'handle'> | null
  /** Buckets are also `BUCKET.domain`. */
  readonly virtualHostDomain?: string | null
  /** Pages of other origins that may use the object plane; none unless given. */
  readonly corsOrigins?: AllowedOrigins
  /** Proxies whose word on the client's address counts; none unless given. */
  readonly trustedProxies?: readonly string[] | null
  readonly metrics?: Metrics
  readonly limits?: Partial<HttpLimits>
}

/** What answers an exchange in full. */
interface Face {
  handle(exchange: RestExchange): Promise<void>
  refuse(exchange: RestExchange, error: Error): Promise<void>
}

export type App = HttpServer

const READ_BUFFERS_KEPT = 32
/** A download has two buffers: so 64 read at full speed, and ten thousand that stand still hold 0.4 GiB. */
const READ_BUFFERS: BufferSizes = {
  largest: { bytes: 512 * 1024, atMost: 128 },
  middle: [{ bytes: 64 * 1024, atMost: 1024 }],
  smallestBytes: 16 * 1024,
}

export function createApp(options: AppOptions): App {
  const { core } = options
  const limits: HttpLimits = { ...HTTP_LIMITS, ...options.limits }
  const deadlines = createDeadlines(core.clock)
  const buffers = createBufferPool(READ_BUFFERS_KEPT, READ_BUFFERS)
  const nextRequestId = createRequestIds(core.random)
  const clients = createClientAddresses(readTrust(options.trustedProxies ?? null))
  const answerObject = createObjectPlane({
    face: { core, limits, deadlines, buffers },
    scheme: core.filesUrl.startsWith('https:') ? 'https' : 'http',
    clients,
    nextRequestId,
    isStopping: () => http.isStopping(),
    metrics: options.metrics ?? null,
    cors: createCors(withOwnPages(options), core.log),
  })

  const answerBy = createFaceCaller({ deadlines, limits, clients, nextRequestId })

  function handle(
    request: IncomingMessage,
    response: ServerResponse,
    waits: boolean,
  ): Promise<void> {
    const hosts = headerValues(request.rawHeaders, 'host')
    const { face, bucketOfHost, isServed } = destinationOf(request, findRole(hosts))
    const call = { expectsContinue: waits, refusal: refuseHost(hosts, isServed) }
    if (face === 'tus' || face === 'uppy' || face === 'share') {
      return answerBy(options[face], { request, response, ...call })
    }
    if (face === 'rest') {
      const { handle: answer } = consoleFor(options, request) ?? options.rest
      return answerBy({ ...options.rest, handle: answer }, { request, response, ...call })
    }
    if (face === 'start' && call.refusal === null) {
      response.once('finish', () => discardBody(request, deadlines, limits))
      leadToDocs(response)
      return Promise.resolve()
    }
    return answerObject(request, response, { ...call, bucketOfHost })
  }

  const http = createHttpServer({ limits, deadlines, handle })
  const findRole = createRoles(options, http)
  clients.attach(http.server, limits.headersTimeoutMs)
  return {
    ...http,
    close: async () => {
      clients.close()
      await http.close()
    },
  }
}

/** The console sends files to a host of their own, where there is one. */
function withOwnPages({
  core: { publicUrl, filesUrl },
  console = null,
  corsOrigins = null,
}: AppOptions): AllowedOrigins {
  if (console === null || publicUrl === filesUrl || corsOrigins === '*') return corsOrigins
  return [...(corsOrigins ?? []), publicUrl]
}

/** Under a name where no files are, nothing else is at the root. */
function leadToDocs(response: ServerResponse): void {
  response.writeHead(302, ['Location', '/-/docs', 'Content-Length', '0'])
  response.end()
}

/** `null` where something else is asked for, or there is none. */
function consoleFor(
  { console = null }: AppOptions,
  { url = '' }: IncomingMessage,
): Pick<Face, 'handle'> | null {
  return isConsoleTarget(url) ? console : null
}

function destinationOf({ url = '', headers }: IncomingMessage, role: HostRole | null): Destination {
  return chooseFace(url, role, /^AWS4-/i.test(headers.authorization ?? ''))
}

/** Made at the first request: the names follow from the address that the server listens on. */
function createRoles(
  { core, virtualHostDomain = null }: AppOptions,
  { server }: HttpServer,
): (hosts: readonly string[]) => HostRole | null {
  let find: ((host: string | null) => HostRole | null) | null = null
  return ([host = null]) => {
    find ??= createHosts({
      publicUrl: core.publicUrl,
      filesUrl: core.filesUrl,
      domain: normalizeDomain(virtualHostDomain),
      listensOnLoopback: isLoopbackAddress(addressOf(server)),
    })
    return find(host)
  }
}

/** Of two names each reader could take another one [RFC9112 3.2]. */
function refuseHost(hosts: readonly string[], isServed: boolean): Error | null {
  if (hosts.length > 1) {
    const reason = 'it is there more than once'
    return refusal('field-invalid', { field: 'Host', reason })
  }
  return isServed ? null : new HttpFault('host-not-served')
}

/** `''` for a socket that is no address. */
function addressOf(server: HttpServer['server']): string {
  const address = server.address()
  return address === null || typeof address === 'string' ? '' : address.address
}

function readTrust(cidrs: readonly string[] | null): Parameters<typeof createClientAddresses>[0] {
  return cidrs === null ? null : { isTrusted: createAddressSet(cidrs), parseAddress }
}

interface Edge {
  readonly deadlines: Deadlines
  readonly limits: HttpLimits
  readonly clients: ClientAddresses
  readonly nextRequestId: () => string
}

interface FaceCall {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly expectsContinue: boolean
  readonly refusal: Error | null
}

/** Hands a request to a face that reads small bodies, with what the edge knows of it. */
function createFaceCaller({
  deadlines,
  limits,
  clients,
  nextRequestId,
}: Edge): (face: Face, call: FaceCall) => Promise<void> {
  return (face, { request, response, expectsContinue, refusal: refused }) => {
    const source = { request, response, expectsContinue }
    response.once('finish', () => discardBody(request, deadlines, limits))
    const exchange = {
      request,
      response,
      requestId: nextRequestId(),
      clientIp: clients.find(request),
      readBody: () => readBody(source, deadlines, limits),
    }
    return refused === null ? face.handle(exchange) : face.refuse(exchange, refused)
  }
}
