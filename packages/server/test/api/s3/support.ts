/** An object plane on a real port over a core of its own, and the clients that talk to it. */
import { connect } from 'node:net'
import { presignS3, signS3Headers } from '@hallpass/signing/s3'
import { createShareFace } from '../../../src/api/share/share-face.ts'
import { createTusFace } from '../../../src/api/tus/tus-face.ts'
import { createUppyFace } from '../../../src/api/uppy/uppy-face.ts'
import { createMetrics } from '../../../src/platform/metrics.ts'
import { createApp } from '../../../src/app.ts'
import type { App } from '../../../src/app.ts'
import { createAccessKey } from '../../../src/core/keys/access-keys.ts'
import type { AccessKeyOptions } from '../../../src/core/keys/access-keys.ts'
import type { HttpLimits } from '../../../src/http/limits.ts'
import { authorizeInstance } from '../../../src/core/policy/authorize.ts'
import type { Log } from '../../../src/platform/log.ts'
import { admin, createTestCore } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface S3Server {
  readonly app: App
  readonly core: TestCore
  readonly port: number
  readonly origin: string
  readonly credentials: Credentials
  /** A presigned URL of the full-rights key unless another is given. */
  readonly presign: (method: string, path: string, options?: PresignOptions) => string
  /** Sends bytes as they are and resolves to everything that came back until the connection ended. */
  readonly raw: (text: string) => Promise<string>
  readonly createKey: (options: AccessKeyOptions) => Promise<Credentials>
}

export interface PresignOptions {
  readonly credentials?: Credentials
  readonly expiresInSeconds?: number
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly now?: Date
}

export interface S3ServerOptions {
  /** Instead of what the core has. */
  readonly core?: { readonly log?: Log; readonly publicUrl?: string; readonly filesUrl?: string }
  readonly limits?: Partial<HttpLimits>
  readonly virtualHostDomain?: string
  readonly corsOrigins?: '*' | readonly string[]
  readonly trustedProxies?: readonly string[]
}

export async function withS3(
  use: (server: S3Server) => Promise<void>,
  { core: changes, ...options }: S3ServerOptions = {},
): Promise<void> {
  const core = { ...(await createTestCore()), ...changes }
  const pages = { core, metrics: createMetrics(), corsOrigins: null }
  const app = createApp({
    core,
    share: createShareFace({ core, metrics: createMetrics() }),
    tus: createTusFace(pages),
    uppy: createUppyFace(pages),
    rest: {
      handle: async ({ response }) => {
        response.writeHead(200, ['Content-Type', 'text/plain', 'Content-Length', '4'])
        response.end('rest')
      },
      refuse: async ({ response }) => {
        response.writeHead(421, ['Content-Length', '0'])
        response.end()
      },
    },
    ...options,
  })
  const { port } = await app.listen({ host: '127.0.0.1', port: 0 })
  // Links of the server's own lead to where it listens.
  const url = `http://127.0.0.1:${port}`
  Object.assign(core, { publicUrl: url, filesUrl: url, ...changes })
  try {
    await use(await describeServer(app, core, port))
  } finally {
    app.server.closeAllConnections()
    await app.close()
  }
}

async function describeServer(app: App, core: TestCore, port: number): Promise<S3Server> {
  const origin = `http://127.0.0.1:${port}`
  async function createKey(options: AccessKeyOptions): Promise<Credentials> {
    const permit = await authorizeInstance(core, admin)
    const { record, secretAccessKey } = await createAccessKey(core, permit, options)
    await core.keyRing.refresh()
    return { accessKeyId: record.id, secretAccessKey }
  }
  const credentials = await createKey({
    name: 'test',
    actions: ['read', 'write', 'delete', 'list', 'share', 'publish', 'admin'],
    maxExpiresInSeconds: 604_800,
    mayPresignDelete: true,
  })
  return {
    app,
    core,
    port,
    origin,
    credentials,
    createKey,
    raw: (text) => exchangeRaw(port, text),
    presign: (method, path, options = {}) => {
      const slash = path.indexOf('/')
      const bucket = slash === -1 ? path : path.slice(0, slash)
      return presignS3({
        credentials: options.credentials ?? credentials,
        region: core.region,
        method,
        ...(bucket !== '' && { bucket }),
        key: slash === -1 ? null : path.slice(slash + 1),
        endpoint: origin,
        addressing: 'path',
        expiresInSeconds: options.expiresInSeconds ?? 300,
        now: options.now ?? new Date(core.clock.now()),
        ...(options.query !== undefined && { query: options.query }),
        ...(options.headers !== undefined && { headers: options.headers }),
      }).url
    },
  }
}

function exchangeRaw(port: number, text: string): Promise<string> {
  const done = Promise.withResolvers<string>()
  const socket = connect({ port, host: '127.0.0.1' })
  let seen = ''
  socket.on('data', (chunk) => {
    seen += chunk.toString('latin1')
  })
  socket.on('error', () => undefined)
  socket.on('close', () => done.resolve(seen))
  socket.write(Buffer.from(text, 'latin1'))
  return done.promise
}

/** A request signed in its header; resolves to the status. A PUT brings a body that is not signed. */
export async function signedFetch(
  server: S3Server,
  method: string,
  path: string,
  options: PresignOptions = {},
): Promise<number> {
  const slash = path.indexOf('/')
  const bucket = slash === -1 ? path : path.slice(0, slash)
  const { url, headers } = signS3Headers({
    credentials: options.credentials ?? server.credentials,
    region: server.core.region,
    method,
    ...(bucket !== '' && { bucket }),
    key: slash === -1 ? null : path.slice(slash + 1),
    endpoint: server.origin,
    addressing: 'path',
    payloadHash: 'UNSIGNED-PAYLOAD',
    now: options.now ?? new Date(server.core.clock.now()),
    ...(options.query !== undefined && { query: options.query }),
  })
  const answer = await fetch(url, {
    method,
    headers: { ...headers },
    ...(method === 'PUT' ? { body: 'x' } : {}),
  })
  await answer.arrayBuffer()
  return answer.status
}
