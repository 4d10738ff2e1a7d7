import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import type { EventRecord } from '../../../src/catalog/event-steps.ts'
import { issue, put } from '../../support/core.ts'
import { askEvents } from '../../support/events.ts'
import { withS3 } from './support.ts'
import type { S3Server } from './support.ts'

async function usesOf({ core }: S3Server): Promise<readonly EventRecord[]> {
  await core.events.flush()
  const { events } = await core.catalog.events.list(askEvents())
  const isUse = ({ kind }: EventRecord): boolean =>
    /^(?:link\.used|link\.previewed|file\.read|key\.used|upload\.rejected|request\.refused)$/.test(
      kind,
    )
  return events.map(({ event }) => event).filter(isUse)
}

test('a download by a link says which, from where, with what and from whose page, and no more', async () => {
  await withS3(async (server) => {
    await put(server.core, 'a.txt', 'hello')
    const { url, id } = await issue(server.core, 'a.txt', { method: 'GET' })
    const referer = `https://user:secret@blog.example:8443/post?token=secret`
    const headers = { 'user-agent': 'reader/1', referer }
    assert.equal(await (await fetch(url, { headers })).text(), 'hello')
    await fetch(url, { method: 'HEAD', headers })
    const [use, ...others] = await usesOf(server)
    assert.deepEqual(others, [])
    const { id: _, at: __, ...said } = use ?? { id: '', at: 0 }
    assert.deepEqual(said, {
      kind: 'link.used',
      code: null,
      linkId: id,
      keyId: server.core.signingKeyId,
      path: 'acme/a.txt',
      target: null,
      address: '127.0.0.1',
      agent: 'reader/1',
      referrer: 'blog.example:8443',
      bytes: 5,
      count: 1,
      detail: {},
    })
  })
})

test('refusals say why, also before anything could be believed, and hold nothing of the query', async () => {
  await withS3(async (server) => {
    const { core, origin } = server
    await put(core, 'a.txt', 'hello')
    const { url, id } = await issue(core, 'a.txt', { method: 'GET', maxUses: 1 })
    const signature = new URL(url).searchParams.get('X-Amz-Signature') ?? 'none'
    await fetch(url, { headers: { 'user-agent': 'Slackbot 1.0' } })
    await fetch(url.replace('/a.txt', '/b.txt'))
    await fetch(url.replace('?', '%3F'))
    await fetch(`${origin}/acme/a.txt`)
    const upload = await issue(core, 'b.txt', { method: 'PUT', terms: { maxBytes: 3 } })
    await fetch(upload.url, { method: 'PUT', body: 'hello', headers: upload.headers })
    const uses = await usesOf(server)
    const told = uses
      .map(({ kind, code, linkId }) => [kind, code, linkId])
      .toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
    assert.deepEqual(told, [
      ['link.previewed', 'link-preview-refused', id],
      ['request.refused', 'signature-mismatch', id],
      ['request.refused', 'unauthenticated', null],
      ['request.refused', 'unauthenticated', null],
      ['upload.rejected', 'file-too-large', upload.id],
    ])
    assert.ok(!JSON.stringify(uses).includes(signature))
  })
})

test('of a link that has ended only URLs that were signed say so', async () => {
  await withS3(async (server) => {
    const { core, origin } = server
    await put(core, 'a.txt', 'hello')
    const { url, id } = await issue(core, 'a.txt', { method: 'GET' })
    const invented = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `${core.signingKeyId}/20200101/us-east-1/s3/aws4_request`,
      'X-Amz-Date': '20200101T000000Z',
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host',
      'X-Hallpass-Link': id,
      'X-Amz-Signature': '0'.repeat(64),
    }).toString()
    assert.equal((await fetch(`${origin}/acme/b.txt?${invented}`)).status, 403)
    core.clock.advance(3_600_000)
    assert.equal((await fetch(url)).status, 403)
    assert.equal((await fetch(url, { method: 'HEAD' })).status, 403)
    assert.equal((await fetch(url.replace('a.txt?', 'b.txt?'))).status, 403)
    const uses = await usesOf(server)
    assert.deepEqual(
      new Map(uses.map(({ code, linkId, path, count }) => [path, [code, linkId, count]])),
      new Map([
        ['acme/a.txt', ['signature-expired', id, 2]],
        ['acme/b.txt', ['signature-expired', null, 2]],
      ]),
    )
  })
})

test('a download that broke off is no whole one', async () => {
  await withS3(async (server) => {
    await put(server.core, 'large.bin', 'x'.repeat(40_000_000))
    const { url } = await issue(server.core, 'large.bin', { method: 'GET' })
    const target = url.slice(server.origin.length)
    const socket = connect(server.port, '127.0.0.1')
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`)
    await once(socket, 'data')
    socket.destroy()
    for (;;) {
      const [use] = await usesOf(server)
      if (use === undefined) await new Promise((resolve) => setTimeout(resolve, 10))
      else return assert.deepEqual([use.kind, use.code, use.bytes], ['link.used', 'client-gone', 0])
    }
  })
})
