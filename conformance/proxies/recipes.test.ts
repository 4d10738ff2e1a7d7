/** What the manual promises of each of its configurations: no link and no share in any log, and the client's address believed of nobody else. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { describe, test } from 'node:test'
import { audit } from '../../packages/signing/src/audit.ts'
import { presign } from '../lib/clients.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { issue } from '../rest/call.ts'
import { share } from '../share/visit.ts'
import { readSnippet, readTrustedProxies } from './documented-config.ts'
import { DOCUMENTED_PROXIES } from './proxies.ts'
import type { ProxiedServer } from './with-proxy.ts'
import { withProxy } from './with-proxy.ts'

/** Which no part of a signed URL or a key can be written without. */
const SECRETS = /X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|hallpass-link=|Bearer/i
const NAME = 'spoken-of-in-the-log.txt'
/** Another address of this machine, for a client that is not the proxy. */
const CLIENT = '127.0.0.2'

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Where the client sits. */
  readonly from?: string
}

async function ask(url: string, { method, headers, body, from }: Asked = {}): Promise<number> {
  const sent = request(url, {
    agent: false,
    ...(method !== undefined && { method }),
    ...(headers !== undefined && { headers }),
    ...(from !== undefined && { localAddress: from }),
  })
  sent.end(body)
  const [answer] = (await once(sent, 'response')) as [
    NodeJS.ReadableStream & { statusCode?: number },
  ]
  answer.resume()
  await once(answer, 'end')
  return answer.statusCode ?? 0
}

/** Links in every place where a log finds them: asked for, asked for in vain, referred to, redirected to, and with nobody there. */
async function keepLinksOutOfLogs({ server, front, stopProxy }: ProxiedServer): Promise<void> {
  await makeBucket(server, 'acme')
  await putFile(server, { bucket: 'acme', key: NAME }, 'x')
  const { url } = await issue(front, { path: `acme/${NAME}` })
  const key = { authorization: `Bearer ${front.adminKey}` }
  const found = `${front.origin}/v1/files?${new URLSearchParams({ path: `acme/${NAME}` })}`
  const { id } = (await (await fetch(found, { headers: key })).json()) as { id: string }
  const upload = presign(front, 'PUT', 'acme/uploaded.txt')
  assert.equal(await ask(url), 200)
  assert.equal(await ask(`${url}0`), 403)
  assert.equal(await ask(`${front.origin}/acme/none`, { headers: { referer: url } }), 403)
  const content = `${front.origin}/v1/files/${id}/content`
  assert.equal(await ask(content, { headers: { ...key, referer: url } }), 302)
  assert.equal(await ask(upload, { method: 'PUT', body: 'y' }), 200)
  await server.stop()
  for (const [method, target] of [
    ['GET', url],
    ['PUT', upload],
  ] as const) {
    const status = await ask(target, { method, headers: { ...key, referer: url } })
    assert.ok(status >= 500, String(status))
  }
  const logs = await stopProxy()
  assert.match(logs, /\b403\b/, 'it logs nothing')
  assert.match(logs, /\b50[234]\b/, 'it does not log what it could not pass on')
  assert.doesNotMatch(logs, SECRETS)
  assert.ok(!logs.includes(front.adminKey))
  assert.deepEqual(audit({ path: 'access.log', text: logs }, { now: new Date() }), [])
}

/** The same of a share, whose secret is in its path. `namesPaths`: its log is to have those of everything else. */
async function keepSharesOutOfLogs(
  { server, front, stopProxy }: ProxiedServer,
  { namesPaths }: { readonly namesPaths: boolean },
): Promise<void> {
  await makeBucket(server, 'acme')
  await putFile(server, { bucket: 'acme', key: NAME }, 'x')
  await putFile(server, { bucket: 'acme', key: 's/kept-name.txt' }, 'x')
  const { url } = await share(front, { path: `acme/${NAME}` })
  const token = url.slice(`${front.origin}/s/`.length)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const press = { method: 'POST', headers: form, body: 'action=download' }
  assert.equal(await ask(url), 200)
  assert.equal(await ask(`${url}?preview=1`, { headers: { referer: url } }), 200)
  assert.equal(await ask(url, press), 303)
  assert.equal(
    await ask(`${front.origin}/acme/s/kept-name.txt`, { headers: { referer: url } }),
    403,
  )
  await ask(`${front.origin}//s/${token}`)
  for (const path of ['/-/tus/', '/-/uppy/', '//-//uppy/']) {
    await ask(`${front.origin}${path}${token}/s3/params`, { headers: { referer: url } })
  }
  await server.stop()
  assert.ok((await ask(url, press)) >= 500)
  await askWhoHangsUp(server.port, url)
  const logs = await stopProxy()
  assert.match(logs, /\b303\b/, 'it logs nothing')
  assert.match(logs, /\b50[234]\b/, 'it does not log what it could not pass on')
  assert.ok(!logs.includes(token.slice(8)), logs)
  assert.equal(logs.includes('/acme/s/kept-name.txt'), namesPaths)
}

/** The proxy gets a connection there, and no answer. */
async function askWhoHangsUp(port: number, url: string): Promise<void> {
  const silent = createServer((socket) => {
    socket.once('data', () => socket.destroy())
    socket.on('error', () => {})
  })
  silent.listen(port, '127.0.0.1')
  await once(silent, 'listening')
  try {
    assert.ok((await ask(url)) >= 500)
  } finally {
    silent.close()
  }
}

async function tellAddresses({ server, front }: ProxiedServer): Promise<void> {
  await makeBucket(server, 'acme')
  await putFile(server, { bucket: 'acme', key: NAME }, 'x')
  const { url } = await issue(front, { path: `acme/${NAME}`, ip: CLIENT })
  assert.equal(await ask(url, { from: CLIENT }), 200)
  for (const headers of [
    {},
    { 'x-forwarded-for': CLIENT },
    { forwarded: `for=${CLIENT}` },
    { 'x-forwarded-for': CLIENT, forwarded: `for=${CLIENT}`, 'x-real-ip': CLIENT },
  ]) {
    assert.equal(await ask(url, { headers }), 403, JSON.stringify(headers))
    assert.equal(await ask(url, { headers, from: CLIENT }), 200, JSON.stringify(headers))
  }
}

for (const [name, { start, language }] of Object.entries(DOCUMENTED_PROXIES)) {
  describe(`${name} as the manual configures it`, () => {
    test('writes no link and no key into anything', async (context) => {
      const trustedProxies = readTrustedProxies(await readSnippet(language))
      await withProxy(context, start, keepLinksOutOfLogs, { trustedProxies })
    })
    test('writes no address of a share into anything', async (context) => {
      const trustedProxies = readTrustedProxies(await readSnippet(language))
      // Traefik can only name a path whole or not at all.
      const namesPaths = name !== 'traefik'
      await withProxy(context, start, (proxied) => keepSharesOutOfLogs(proxied, { namesPaths }), {
        trustedProxies,
      })
    })
    test('says where a request comes from, whatever its client says', async (context) => {
      const trustedProxies = readTrustedProxies(await readSnippet(language))
      await withProxy(context, start, tellAddresses, { trustedProxies })
    })
    test('passes the audit of configurations', async () => {
      const text = await readSnippet(language)
      assert.deepEqual(audit({ path: `deploy/${name}.conf`, text }, { now: new Date() }), [])
    })
  })
}
