/** Calls of the REST API with the admin key, and what comes back. */
import type { RunningServer } from '../lib/start-server.ts'

export interface Called {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Record<string, unknown>
}

export async function call(
  server: RunningServer,
  method: string,
  path: string,
  options: { readonly json?: unknown; readonly body?: BodyInit; readonly key?: string } = {},
): Promise<Called> {
  const { json, body, key = server.adminKey } = options
  const response = await fetch(server.origin + path, {
    method,
    redirect: 'manual',
    headers: {
      authorization: key,
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...(body === undefined ? {} : { body }),
  })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  const parsed = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}
  return { status: response.status, headers: response.headers, text, json: parsed }
}

/** Uploads text with the raw body; resolves to the file. */
export async function upload(
  server: RunningServer,
  path: string,
  text: string,
): Promise<Record<string, unknown>> {
  const query = new URLSearchParams({ path })
  return (await call(server, 'PUT', `/v1/files?${query}`, { body: text })).json
}

/** Issues a link; resolves to its answer. */
export async function issue(
  server: RunningServer,
  options: object,
): Promise<{
  readonly id: string
  readonly url: string
  readonly headers: Record<string, string>
}> {
  const { json } = await call(server, 'POST', '/v1/links', { json: options })
  return json as { id: string; url: string; headers: Record<string, string> }
}

export async function statusOf(url: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(url, init)
  await response.arrayBuffer()
  return response.status
}
