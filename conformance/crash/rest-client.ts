/** The few calls of the REST API the harness needs: links, moves and revocations. */
import { hash } from 'node:crypto'

export interface RestClient {
  /** Makes an API key of its own; resolves to its id and secret. */
  createKey(): Promise<ApiKey>
  /** With a number of uses; rejects when the connection broke. */
  issueLink(key: ApiKey, path: string, maxUses: number): Promise<{ id: string; url: string }>
  /** `null` if there is no such link. */
  linkState(id: string): Promise<string | null>
  revokeLink(id: string): Promise<number>
  /** Every link that the key issued. */
  revokeLinksOf(keyId: string): Promise<number>
  /** The id of the file at a path. */
  findFile(path: string): Promise<string>
  /** What is at the target is replaced. */
  moveFile(id: string, path: string): Promise<number>
}

export interface ApiKey {
  readonly id: string
  readonly secret: string
}

export interface FollowedLink {
  readonly status: number
  readonly sha256: string
}

/**
 * A link as a browser opens it, behind a proxy that the server trusts. Each time from another address: what breaks off may be gone on
 * with from its own alone, and no client knows whether it did. Rejects when the connection broke.
 */
export async function followLink(url: string): Promise<FollowedLink> {
  const answer = await fetch(url, { headers: { 'x-forwarded-for': nextAddress() } })
  const bytes = Buffer.from(await answer.arrayBuffer())
  return { status: answer.status, sha256: hash('sha256', bytes, 'hex') }
}

let addresses = 0

function nextAddress(): string {
  addresses += 1
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`
}

interface Answer {
  readonly status: number
  readonly json: Readonly<Record<string, unknown>>
}

export function createRestClient(origin: string, adminKey: string): RestClient {
  async function call(
    method: string,
    path: string,
    { json, key = adminKey }: { readonly json?: object; readonly key?: string } = {},
  ): Promise<Answer> {
    const answer = await fetch(origin + path, {
      method,
      headers: {
        authorization: key,
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })
    const text = await answer.text()
    const isJson = /json/.test(answer.headers.get('content-type') ?? '')
    return { status: answer.status, json: isJson ? (JSON.parse(text) as Answer['json']) : {} }
  }

  async function make(path: string, json: object, key?: string): Promise<Answer['json']> {
    const answer = await call('POST', path, { json, ...(key !== undefined && { key }) })
    if (answer.status === 201) return answer.json
    throw new UnexpectedAnswer(
      `POST ${path}: ${answer.status} ${JSON.stringify(answer.json)}`,
      answer.status,
    )
  }

  return {
    async createKey() {
      const made = await make('/v1/api-keys', { name: 'a client', actions: ['read', 'share'] })
      return { id: String(made['id']), secret: String(made['key']) }
    },
    async issueLink(key, path, maxUses) {
      const made = await make('/v1/links', { path, maxUses, expiresIn: LINK_SECONDS }, key.secret)
      return { id: String(made['id']), url: String(made['url']) }
    },
    async linkState(id) {
      const { status, json } = await call('GET', `/v1/links/${id}`)
      return status === 404 ? null : `${String(json['status'])} ${String(json['uses'])}`
    },
    revokeLink: async (id) => (await call('DELETE', `/v1/links/${id}`)).status,
    revokeLinksOf: async (keyId) =>
      (await call('POST', '/v1/revocations', { json: { key: keyId } })).status,
    async findFile(path) {
      const { status, json } = await call('GET', `/v1/files?${new URLSearchParams({ path })}`)
      if (status !== 200) throw new UnexpectedAnswer(`${path} is not found: ${status}`, status)
      return String(json['id'])
    },
    moveFile: async (id, path) =>
      (await call('PATCH', `/v1/files/${id}`, { json: { path, overwrite: true } })).status,
  }
}

/** Longer than any run. */
const LINK_SECONDS = 24 * 3600

/** The server answered, and not as it has to. */
export class UnexpectedAnswer extends Error {
  /** `null` if it is not the status that is wrong. */
  readonly status: number | null

  constructor(message: string, status: number | null = null) {
    super(message)
    this.status = status
  }
}
