/** Shares as a key makes them and strangers open them: without a key, and without a script. */
import { call } from '../rest/call.ts'
import type { RunningServer } from '../lib/start-server.ts'

export interface Share {
  readonly id: string
  readonly url: string
}

export async function share(server: RunningServer, asked: object): Promise<Share> {
  const { status, json, text } = await call(server, 'POST', '/v1/shares', { json: asked })
  if (status !== 201) throw new Error(`${status}: ${text}`)
  return json as unknown as Share
}

export interface Seen {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface Looking {
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: string
}

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

export async function look(url: string, { headers = {}, method }: Looking = {}): Promise<Seen> {
  const sent = { headers: { ...BROWSER, ...headers }, redirect: 'manual' } as const
  return seen(await fetch(url, { ...sent, ...(method !== undefined && { method }) }))
}

/** Sends the form of a page. */
export async function press(
  url: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Seen> {
  const body = new URLSearchParams(fields)
  const sent = { method: 'POST', body, headers: { ...BROWSER, ...headers } } as const
  return seen(await fetch(url, { ...sent, redirect: 'manual' }))
}

async function seen(response: Response): Promise<Seen> {
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** Where an answer leads. */
export function leadsTo({ headers }: Seen, from: string): string {
  return new URL(headers.get('location') ?? '', from).href
}

/** As a browser sends it back. */
export function cookieOf({ headers }: Seen): string {
  return (headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
}
