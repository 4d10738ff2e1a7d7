/** `hallpass serve` beside a ClamAV daemon, with a folder in which nobody sees a file before it was scanned, and those who come there. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { S3Client } from '@aws-sdk/client-s3'
import { waitUntil } from '../lib/patience.ts'
import { makeDataDir, spawnHallpass } from '../start/spawn-server.ts'
import type { Spawned } from '../start/spawn-server.ts'

export type Json = Record<string, unknown>

export interface Called {
  readonly status: number
  readonly json: Json
  readonly headers: Headers
}

export interface Guarded {
  readonly url: () => string
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Called>
  /** A key pair with full rights of its own. */
  readonly createClient: (name: string) => Promise<Sender>
  readonly createKey: (actions: readonly string[]) => Promise<string>
  /** Resolves once the server has said what became of it. */
  readonly verdictOn: (heldId: string) => Promise<'admitted' | Json>
  readonly setPolicy: (policy: object) => Promise<void>
  /** As a power cut does it, and starts it again over the same data. */
  readonly crash: () => Promise<void>
}

export interface Sender {
  readonly client: S3Client
  /** Under which id the file waits that was sent last; empty if it does not. */
  readonly heldId: () => string
}

export interface CallOptions {
  readonly key?: string
  readonly json?: unknown
  readonly body?: BodyInit
  readonly headers?: Readonly<Record<string, string>>
}

export const ADMIN_KEY = 'hp_conformance_0123456789abcdefghijklmnopqrstuvwxyz'

export async function startGuarded(
  t: TestContext,
  env: Readonly<Record<string, string>>,
  words: readonly string[] = [],
): Promise<Guarded> {
  const settings = {
    HALLPASS_DATA_DIR: makeDataDir(t),
    HALLPASS_PORT: '0',
    HALLPASS_ADMIN_KEY: ADMIN_KEY,
    ...env,
  }
  const start = (): Spawned => spawnHallpass(t, ['serve', ...words], settings)
  let running = start()
  let url = await running.ready()

  async function call(method: string, path: string, options: CallOptions = {}): Promise<Called> {
    const { key = ADMIN_KEY, json, body = null, headers = {} } = options
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        authorization: key,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: json === undefined ? body : JSON.stringify(json),
    })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    const parsed = isJson ? (JSON.parse(text) as Json) : {}
    return { status: response.status, json: parsed, headers: response.headers }
  }

  async function createKey(actions: readonly string[]): Promise<string> {
    const { json } = await call('POST', '/v1/api-keys', { json: { name: 'other', actions } })
    return String(json['key'] ?? json['secret'])
  }

  const guarded: Guarded = {
    url: () => url,
    call,
    createKey,
    createClient: async (name) => {
      const actions = ['read', 'write', 'delete', 'list', 'share']
      const { json } = await call('POST', '/v1/access-keys', { json: { name, actions } })
      const credentials = {
        accessKeyId: String(json['id']),
        secretAccessKey: String(json['secretAccessKey']),
      }
      const client = new S3Client({
        region: 'us-east-1',
        endpoint: url,
        forcePathStyle: true,
        credentials,
        maxAttempts: 1,
      })
      return { client, heldId: listenForHeld(client) }
    },
    verdictOn: async (heldId) => {
      let verdict: 'admitted' | Json | null = null
      await waitUntil(async () => {
        const { status, json } = await call('GET', `/v1/quarantine/${heldId}`)
        if (status === 404) verdict = 'admitted'
        else if (json['state'] === 'rejected') verdict = json
        return verdict !== null
      }, `a verdict on ${heldId}`)
      return verdict ?? 'admitted'
    },
    setPolicy: async (policy) => {
      const { status, json } = await call('PUT', '/v1/folders/acme/in/policy', { json: { policy } })
      assert.equal(status, 200, JSON.stringify(json))
    },
    crash: async () => {
      running.child.kill('SIGKILL')
      await running.exited
      running = start()
      url = await running.ready()
    },
  }
  assert.equal((await call('PUT', '/v1/buckets/acme', { json: {} })).status, 201)
  return guarded
}

/** The SDK hides headers that it does not know. */
function listenForHeld(client: S3Client): () => string {
  let heldId = ''
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      const { headers } = result.response as { headers: Record<string, string> }
      heldId = headers['x-hallpass-held'] ?? ''
      return result
    },
    { step: 'deserialize', name: 'held' },
  )
  return () => heldId
}
