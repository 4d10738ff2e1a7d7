/** The REST face over a core in memory, behind a real socket on the loopback interface. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { createRestApi } from '../../src/api/rest/rest-api.ts'
import { findAsked } from '../../src/api/s3/find-asked.ts'
import type { KeyScope } from '../../src/catalog/records.ts'
import { createApiKey } from '../../src/core/keys/api-keys.ts'
import type { AllowedOrigins } from '../../src/http/allowed-origins.ts'
import { peerAddress } from '../../src/http/capture-request.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import type { InstanceSettings } from '../../src/core/checklist/facts.ts'
import { authorizeInstance } from '../../src/core/policy/authorize.ts'
import { admin, createTestCore } from './core.ts'
import type { TestCore } from './core.ts'

export interface RestAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; `{}` if it is none. */
  readonly json: Record<string, unknown>
}

export interface RestHarness {
  /** As if somebody had asked the server to stop. */
  readonly stopping: () => void
  readonly core: TestCore
  readonly url: string
  readonly adminKey: string
  createKey(scope: Partial<KeyScope>): Promise<string>
  /** Sends JSON, text or bytes with the admin key, or with the key given; `null` sends none. */
  call(method: string, path: string, options?: CallOptions): Promise<RestAnswer>
}

export interface CallOptions {
  readonly key?: string | null
  readonly json?: unknown
  readonly body?: BodyInit
  readonly headers?: Readonly<Record<string, string>>
}

/** As a server has them that nobody set anything for. */
const SETTINGS: InstanceSettings = {
  trustedProxies: null,
  takesEveryOrigin: false,
  signingKeyDays: 30,
  eventDays: 30,
  auditDays: 400,
  addressRequestsPerSecond: 0,
  keyRequestsPerSecond: 0,
}

export interface RestOptions extends Partial<Pick<TestCore, 'filesDomain' | 'log' | 'userTokens'>> {
  readonly corsOrigins?: AllowedOrigins
}

/** `toOptions` is given the core, whose clock and log some things need. */
export async function startRest(
  t: TestContext,
  toOptions: (plain: TestCore) => RestOptions = () => ({}),
): Promise<RestHarness> {
  const plain = await createTestCore()
  const { corsOrigins = null, ...change } = toOptions(plain)
  const core = { ...plain, ...change }
  let isReady = true
  const api = await createRestApi({
    core,
    metrics: createMetrics(),
    version: '9.9.9',
    storage: { catalog: 'sqlite', blobs: 'disk' },
    settings: SETTINGS,
    findAsked,
    corsOrigins,
    whyNotReady: async () => (isReady ? null : 'the server is stopping'),
  })
  // It keeps connections as long as the client does: whoever is slow sends nothing into one that just ended.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void api.handle({
      request,
      response,
      requestId: 'REQUEST1',
      clientIp: peerAddress(request.socket),
      readBody: () => request,
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(async () => {
    isReady = false
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await api.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function createKey(scope: Partial<Omit<KeyScope, 'quota'>>): Promise<string> {
    const options = { name: 'test', actions: [], pathPrefix: '', ...scope }
    return (await createApiKey(core, await authorizeInstance(core, admin), options)).secret
  }
  const adminKey = await createKey({
    actions: ['read', 'write', 'delete', 'list', 'share', 'publish', 'admin'],
  })

  return {
    stopping: () => void (isReady = false),
    core,
    url,
    adminKey,
    createKey,
    call: async (method, path, { key = adminKey, json, body, headers = {} } = {}) => {
      const response = await fetch(url + path, {
        method,
        redirect: 'manual',
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        ...(body === undefined ? {} : { body }),
      })
      const text = await response.text()
      const isJson = /json\b/.test(response.headers.get('content-type') ?? '')
      const parsed = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}
      return { status: response.status, headers: response.headers, text, json: parsed }
    },
  }
}
