import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '../../../src/platform/log.ts'
import { issue, put } from '../../support/core.ts'
import { withS3 } from './support.ts'
import type { S3Server } from './support.ts'

type Line = Readonly<Record<string, unknown>>

async function withLog(
  use: (server: S3Server, lines: () => readonly Line[], text: () => string) => Promise<void>,
): Promise<void> {
  let text = ''
  const log = createLog('trace', { write: (line) => void (text += line) })
  const lines = (): readonly Line[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line)
      .filter(({ msg }) => msg === 's3')
  await withS3((server) => use(server, lines, () => text), { core: { log } })
}

test('a link whose question mark arrived as %3F is not logged', async () => {
  await withLog(async (server, _lines, text) => {
    await put(server.core, 'a.txt', 'x')
    const { url } = await issue(server.core, 'a.txt', { method: 'GET' })
    const signature = new URL(url).searchParams.get('X-Amz-Signature') ?? 'none'
    const mangled = [
      url.replace('?', '%3F'),
      url.replace('?', '%3F').replaceAll('&', '%26').replaceAll('=', '%3D'),
      url.replace('?', '/%3F'),
      url.replace('/acme/', `/acme/${encodeURIComponent(url)}/`),
    ]
    for (const target of mangled) {
      for (const headers of [{}, { accept: 'text/html' }]) {
        const answer = await fetch(target, { headers })
        assert.ok(answer.status >= 400)
        assert.ok(!(await answer.text()).includes(signature), 'in the answer')
      }
    }
    assert.match(text(), /"operation":"GetObject"/)
    assert.ok(!text().includes(signature), 'in the log')
  })
})

test('a link in the agent, the method or the bucket is not logged either', async () => {
  await withLog(async (server, _lines, text) => {
    await put(server.core, 'a.txt', 'x')
    const { url } = await issue(server.core, 'a.txt', { method: 'GET' })
    const signature = new URL(url).searchParams.get('X-Amz-Signature') ?? 'none'
    await fetch(`${server.origin}/acme/none`, { headers: { 'user-agent': url.slice(-150) } })
    await fetch(`${server.origin}/${encodeURIComponent(url)}`)
    assert.ok(!text().includes(signature))
  })
})

test('every line of a refusal has its code, who asked, and what the URL claims to be', async () => {
  await withLog(async (server, lines) => {
    const { core, presign, credentials, origin } = server
    await put(core, 'a.txt', 'x')
    const link = await issue(core, 'a.txt', { method: 'GET', ips: ['192.0.2.1'] })
    const mine = { linkKeyId: core.signingKeyId, linkId: link.id }
    const changed = { claimedKeyId: core.signingKeyId, claimedLinkId: link.id }
    const old = new Date(core.clock.now() - 3_600_000)
    const cases: readonly (readonly [string, string, Line])[] = [
      [link.url, 'link-ip-not-allowed', mine],
      [link.url.replace('a.txt', 'b.txt'), 'signature-mismatch', changed],
      [
        presign('GET', 'acme/a.txt', { now: old }),
        'signature-expired',
        { claimedKeyId: credentials.accessKeyId },
      ],
      [presign('GET', 'acme/none'), 'file-not-found', { linkKeyId: credentials.accessKeyId }],
      [
        presign('GET', 'acme', { query: { analytics: '' } }),
        'not-implemented',
        { feature: 'analytics' },
      ],
      [`${origin}/acme/a.txt`, 'unauthenticated', { keyId: 'anonymous' }],
      [`${origin}/acme/%00`, 'path-invalid', {}],
    ]
    for (const [url, code, fields] of cases) {
      const before = lines().length
      await fetch(url, { headers: { 'user-agent': 'curl/8.5.0' } })
      const line = lines()[before]
      assert.equal(line?.['code'], code)
      assert.equal(line?.['agent'], 'curl/8.5.0')
      for (const [name, value] of Object.entries(fields)) assert.equal(line?.[name], value, code)
    }
  })
})

test('what a URL claims is logged only if it looks like an id', async () => {
  await withLog(async ({ origin, credentials }, _lines, text) => {
    const secret = credentials.secretAccessKey
    const claims = [
      `X-Amz-Credential=${secret}/20260314/us-east-1/s3/aws4_request`,
      `X-Amz-Credential=${encodeURIComponent(secret)}%2F20260314`,
      `X-Hallpass-Link=${secret}`,
      'X-Hallpass-Link=%22%7D%0A',
    ]
    for (const claim of claims) await fetch(`${origin}/acme/a.txt?X-Amz-Signature=0&${claim}`)
    assert.ok(!text().includes(secret))
  })
})

test('an answer that was given says nothing of a refusal', async () => {
  await withLog(async ({ core, presign }, lines) => {
    await put(core, 'a.txt', 'x')
    await (await fetch(presign('GET', 'acme/a.txt'))).text()
    const [line] = lines()
    assert.equal(line?.['status'], 200)
    assert.equal(line?.['code'], undefined)
    assert.equal(line?.['agent'], undefined)
  })
})
