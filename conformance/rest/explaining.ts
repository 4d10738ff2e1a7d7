/** A server that is asked why requests to it fail, and what none of its answers may hold. */
import assert from 'node:assert/strict'
import { presignS3 } from '@hallpass/signing/s3'
import type { ExplainRequest } from '../../packages/client/src/index.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call } from './call.ts'

export interface Cause {
  readonly code: string
  readonly from: string
  readonly confidence: number
  readonly what: string
  readonly fix: string | null
  readonly evidence: string | null
}

export interface Explained {
  readonly isHere: boolean
  readonly dialect: string | null
  readonly signature: string
  readonly causes: readonly Cause[]
  readonly link: { readonly id: string } | null
}

export interface Presigned {
  readonly method?: 'GET' | 'PUT' | 'DELETE'
  readonly query?: Readonly<Record<string, string>>
  readonly contentType?: string
  readonly secretAccessKey?: string | undefined
  readonly accessKeyId?: string | undefined
  readonly sessionToken?: string
  readonly region?: string
  readonly now?: Date
  readonly expiresInSeconds?: number
}

export interface Explaining {
  readonly server: RunningServer
  /** Of the administrator. */
  readonly keyId: string
  /** Asks with the administrator's key, or with the key given; the answer holds nothing that it must not. */
  explain(request: ExplainRequest, key?: string): Promise<Explained>
  /** A URL signed with the access key of a client, unless its options say otherwise. */
  presign(path: string, options?: Presigned): string
  keyWith(actions: readonly string[], pathPrefix: string): Promise<string>
  /** What no answer and no line of the log may hold. */
  hide(secret: string, what: string): void
  requireClean(text: string): Promise<void>
}

/** Whoever starts it stops it. */
export async function startExplaining(): Promise<Explaining> {
  const server = await startServer()
  const canaries = new Map<string, string>()

  async function requireClean(text: string): Promise<void> {
    const { snapshot } = await server.core.keyRing.refresh()
    for (const { id, sealedSecret } of snapshot.accessKeys) {
      const secret = server.core.sealer.open(id, sealedSecret)
      assert.ok(!text.includes(secret) && !text.includes(encodeURIComponent(secret)), 'a secret')
    }
    for (const [hidden, what] of canaries) assert.ok(!text.includes(hidden), what)
  }

  return {
    server,
    keyId: String((await call(server, 'GET', '/v1/me')).json['id']),
    explain: async (request, key) => {
      const { url } = request
      canaries.set(signatureOf(url) ?? url, `what was sent: ${url}`)
      const options = { json: request, ...(key !== undefined && { key }) }
      const { status, text, json } = await call(server, 'POST', '/v1/explain', options)
      assert.equal(status, 200, text)
      await requireClean(text)
      return json as unknown as Explained
    },
    presign: (path, options = {}) => {
      const url = presignFor(server, path, options)
      canaries.set(signatureOf(url) ?? url, `a right signature for ${path}`)
      return url
    },
    keyWith: async (actions, pathPrefix) => {
      const json = { name: 'n', actions, pathPrefix }
      return String((await call(server, 'POST', '/v1/api-keys', { json })).json['key'])
    },
    hide: (secret, what) => void canaries.set(secret, what),
    requireClean,
  }
}

function signatureOf(url: string): string | null {
  return new URL(url).searchParams.get('X-Amz-Signature')
}

function presignFor(server: RunningServer, path: string, options: Presigned): string {
  const { accessKeyId, secretAccessKey, sessionToken, ...others } = options
  const slash = path.indexOf('/')
  return presignS3({
    method: 'GET',
    region: server.region,
    endpoint: server.origin,
    bucket: path.slice(0, slash),
    key: path.slice(slash + 1) || null,
    addressing: 'path',
    expiresInSeconds: 600,
    ...others,
    credentials: {
      accessKeyId: accessKeyId ?? server.credentials.accessKeyId,
      secretAccessKey: secretAccessKey ?? server.credentials.secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
    },
  }).url
}

export function codesOf({ causes }: Explained): string[] {
  return causes.map(({ code }) => code)
}

export function evidenceOf({ causes }: Explained, code: string): string {
  const found = causes.find((cause) => cause.code === code)
  assert.ok(found, `${code} is not among ${causes.map((cause) => cause.code).join(', ')}`)
  return found.evidence ?? ''
}
