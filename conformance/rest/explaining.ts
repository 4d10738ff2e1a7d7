/** A server that is asked why requests to it fail, and what none of its answers may hold. */
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { presignS3 } from '@hallpass/signing/s3'
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

let started: RunningServer | null = null

/** The one of this file, from its first test to its last. */
export function useServer(): () => RunningServer {
  before(async () => {
    started = await startServer()
  })
  after(() => started?.stop())
  return theServer
}

function theServer(): RunningServer {
  assert.ok(started !== null, 'The server is not there yet.')
  return started
}

/** Of the administrator. */
export async function adminKeyId(): Promise<string> {
  return String((await call(theServer(), 'GET', '/v1/me')).json['id'])
}

/** Everything that no answer and no line of the log may hold. */
export const canaries = new Map<string, string>()

async function secretsOf(): Promise<readonly string[]> {
  const { core } = theServer()
  const { snapshot } = await core.keyRing.refresh()
  return snapshot.accessKeys.map(({ id, sealedSecret }) => core.sealer.open(id, sealedSecret))
}

export async function requireClean(text: string): Promise<void> {
  for (const secret of await secretsOf()) {
    assert.ok(!text.includes(secret) && !text.includes(encodeURIComponent(secret)), 'a secret')
  }
  for (const [signature, what] of canaries) assert.ok(!text.includes(signature), what)
}

function signatureOf(url: string): string {
  return new URL(url).searchParams.get('X-Amz-Signature') ?? ''
}

export async function explain(request: object, key?: string): Promise<Explained> {
  const { url } = request as { url: string }
  if (URL.canParse(url)) canaries.set(signatureOf(url) || url, `what was sent: ${url}`)
  const options = { json: request, ...(key !== undefined && { key }) }
  const { status, text, json } = await call(theServer(), 'POST', '/v1/explain', options)
  assert.equal(status, 200, text)
  await requireClean(text)
  return json as unknown as Explained
}

export const codesOf = ({ causes }: Explained): string[] => causes.map(({ code }) => code)

export function evidenceOf({ causes }: Explained, code: string): string {
  const found = causes.find((cause) => cause.code === code)
  assert.ok(found, `${code} is not among ${causes.map((cause) => cause.code).join(', ')}`)
  return found.evidence ?? ''
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

/** One signed with the access key of a client, unless its options say otherwise. */
export function presign(path: string, options: Presigned = {}): string {
  const {
    accessKeyId = theServer().credentials.accessKeyId,
    secretAccessKey = theServer().credentials.secretAccessKey,
    sessionToken,
    ...others
  } = options
  const slash = path.indexOf('/')
  const { url } = presignS3({
    method: 'GET',
    region: theServer().region,
    endpoint: theServer().origin,
    bucket: path.slice(0, slash),
    key: path.slice(slash + 1),
    addressing: 'path',
    expiresInSeconds: 600,
    ...others,
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
    },
  })
  canaries.set(signatureOf(url), `a right signature for ${path}`)
  return url
}

export async function keyWith(actions: readonly string[], pathPrefix: string): Promise<string> {
  const json = { name: 'n', actions, pathPrefix }
  return String((await call(theServer(), 'POST', '/v1/api-keys', { json })).json['key'])
}
