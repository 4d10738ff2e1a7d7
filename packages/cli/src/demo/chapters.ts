/** The story of the demo, chapter by chapter. Each talks to the server as any client would: over HTTP, with a key or a URL. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Story } from './story.ts'

export interface DemoServer {
  readonly url: string
  readonly adminKey: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
}

export interface Link {
  readonly id: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export type Chapter = (server: DemoServer, story: Story) => Promise<void>

const FILE = 'acme/private/report.txt'
const TEXT = 'Revenue went up.'

export const CHAPTERS: readonly Chapter[] = [
  uploadPrivately,
  fetchBySignedUrl,
  refuseEverythingElse,
  letItExpire,
  revokeOne,
  useOnce,
  uploadDirectly,
]

/** A call of the REST API with the admin key. */
function callApi(
  { url, adminKey }: DemoServer,
  method: string,
  path: string,
  json?: unknown,
): Promise<Response> {
  return fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${adminKey}`,
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  })
}

async function issueLink(
  server: DemoServer,
  story: Story,
  options: { readonly path: string; readonly [name: string]: unknown },
): Promise<Link> {
  const { path: _path, ...limits } = options
  const answer = callApi(server, 'POST', '/v1/links', options)
  const what = `POST /v1/links ${JSON.stringify(limits)}`.replace(' {}', '')
  const body = await story.expect(what, answer, { status: 201 })
  return JSON.parse(body) as Link
}

async function uploadPrivately({ url, adminKey }: DemoServer, story: Story): Promise<void> {
  story.chapter('A file goes into a folder. Folders are private unless made public.')
  const upload = fetch(`${url}/v1/files?path=${FILE}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'text/plain' },
    body: TEXT,
  })
  await story.expect(`PUT /v1/files?path=${FILE}`, upload, { status: 201 })
  await story.expect('GET the file, as anybody', fetch(`${url}/${FILE}`), {
    status: 403,
    code: 'AccessDenied',
  })
}

async function fetchBySignedUrl(server: DemoServer, story: Story): Promise<void> {
  story.chapter('A signed URL fetches it: no key, no header, just the URL.')
  const link = await issueLink(server, story, { path: FILE, expiresIn: 300 })
  story.say(shorten(link.url))
  await story.expect('GET the signed URL', fetch(link.url), { status: 200, body: TEXT })
}

async function refuseEverythingElse(server: DemoServer, story: Story): Promise<void> {
  story.chapter('The URL does that one thing. Each refusal is the server’s own answer.')
  const { url } = await issueLink(server, story, { path: FILE })
  const mismatch = { status: 403, code: 'SignatureDoesNotMatch' }
  await story.expect('one digit of the signature changed', fetch(flipLastDigit(url)), mismatch)
  await story.expect('another file', fetch(url.replace('report.txt', 'salary.txt')), mismatch)
  await story.expect('a longer life', fetch(url.replace('Expires=300', 'Expires=9000')), mismatch)
  await story.expect('another method: PUT', fetch(url, { method: 'PUT', body: 'x' }), mismatch)
  await story.expect('another method: DELETE', fetch(url, { method: 'DELETE' }), mismatch)
  await story.expect('and as it is', fetch(url), { status: 200, body: TEXT })
}

async function letItExpire(server: DemoServer, story: Story): Promise<void> {
  story.chapter('It expires.')
  const { url } = await issueLink(server, story, { path: FILE, expiresIn: 1 })
  await story.expect('GET at once', fetch(url), { status: 200, body: TEXT })
  await sleep(2100)
  await story.expect('GET two seconds later', fetch(url), { status: 403, code: 'AccessDenied' })
}

async function revokeOne(server: DemoServer, story: Story): Promise<void> {
  story.chapter('A single link can be revoked before it expires.')
  const doomed = await issueLink(server, story, { path: FILE })
  const other = await issueLink(server, story, { path: FILE })
  await story.expect('GET the first link', fetch(doomed.url), { status: 200, body: TEXT })
  const revocation = callApi(server, 'DELETE', `/v1/links/${doomed.id}`)
  await story.expect('DELETE /v1/links/{id}', revocation, { status: 204 })
  await story.expect('GET the first link', fetch(doomed.url), { status: 403, code: 'AccessDenied' })
  await story.expect('GET the second link', fetch(other.url), { status: 200, body: TEXT })
}

async function useOnce(server: DemoServer, story: Story): Promise<void> {
  story.chapter('A link for one download. Looking at it (HEAD) uses nothing up.')
  const { url } = await issueLink(server, story, { path: FILE, maxUses: 1 })
  await story.expect('HEAD', fetch(url, { method: 'HEAD' }), { status: 200 })
  await story.expect('GET', fetch(url), { status: 200, body: TEXT })
  await story.expect('GET again', fetch(url), { status: 410, code: 'AccessDenied' })
}

async function uploadDirectly(server: DemoServer, story: Story): Promise<void> {
  story.chapter('A browser uploads straight to a signed URL: one path, one type, so many bytes.')
  const { url, headers } = await issueLink(server, story, {
    path: 'acme/inbox/photo.svg',
    method: 'PUT',
    contentType: 'image/svg+xml',
    maxBytes: 100,
  })
  const put = (body: string, type: string): Promise<Response> =>
    fetch(url, { method: 'PUT', body, headers: { ...headers, 'content-type': type } })
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
  await story.expect('PUT as text/html', put(svg, 'text/html'), {
    status: 403,
    code: 'SignatureDoesNotMatch',
  })
  await story.expect('PUT with 1000 bytes', put('x'.repeat(1000), 'image/svg+xml'), {
    status: 400,
    code: 'EntityTooLarge',
  })
  await story.expect('PUT as it was agreed', put(svg, 'image/svg+xml'), { status: 200 })
}

function flipLastDigit(url: string): string {
  return url.slice(0, -1) + (url.endsWith('0') ? '1' : '0')
}

function shorten(url: string): string {
  return url.replace(/(X-Amz-Signature=.{8}).*/, '$1…')
}
