import assert from 'node:assert/strict'
import { test } from 'node:test'
import { put } from '../../support/core.ts'
import { S3_ROUTES } from '../../../src/api/s3/routes.ts'
import { withS3 } from './support.ts'
import type { S3Server } from './support.ts'

const PATHS = { service: '', bucket: 'acme', object: 'acme/a.txt' } as const

async function ask(url: string, init: RequestInit = {}): Promise<readonly [number, string]> {
  const answer = await fetch(url, init)
  return [answer.status, await answer.text()]
}

/** What is answered to every operation that is sent with these headers. */
async function askAll(
  { presign }: S3Server,
  headers: Record<string, string>,
): Promise<readonly (readonly [string, number, string])[]> {
  const answers: [string, number, string][] = []
  for (const { name, on, method, query } of S3_ROUTES) {
    const asked = Object.fromEntries(query.map((parameter) => [parameter, '']))
    const url = presign(method, PATHS[on], { query: asked, headers })
    const [status, text] = await ask(url, {
      method,
      headers,
      ...(method === 'PUT' || method === 'POST' ? { body: 'x' } : {}),
    })
    answers.push([name, status, text])
  }
  return answers
}

test('every operation refuses a request that is meant for the bucket of somebody else', async () => {
  await withS3(async (server) => {
    await put(server.core, 'a.txt', 'x')
    for (const header of ['x-amz-expected-bucket-owner', 'x-amz-source-expected-bucket-owner']) {
      for (const [name, status, text] of await askAll(server, { [header]: '111122223333' })) {
        assert.equal(status, 403, `${name} with ${header}`)
        if (text !== '') assert.match(text, /<Code>AccessDenied<.*hallpass/, name)
      }
    }
    const found = await server.core.files.find({ bucket: 'acme', key: 'a.txt' })
    assert.equal(found?.size, 1)
    assert.ok((await server.core.catalog.buckets.find('acme')) !== null)
    for (const owner of ['hallpass', 'HALLPASS', '']) {
      const query = { 'x-amz-expected-bucket-owner': owner }
      const [status] = await ask(server.presign('GET', 'acme/a.txt', { query }))
      assert.equal(status, owner === 'hallpass' ? 200 : 403, owner)
    }
  })
})

test('version 2 signatures are answered with the setting that mends them, client by client', async () => {
  await withS3(async ({ origin }) => {
    const [status, text] = await ask(
      `${origin}/acme/a.txt?AWSAccessKeyId=AKID&Signature=c2ln&Expires=2000000000`,
    )
    assert.equal(status, 400)
    assert.match(text, /<Code>InvalidRequest<.*Please use AWS4-HMAC-SHA256/)
    assert.match(text, /<AwsCli>aws configure set default\.s3\.signature_version s3v4</)
    assert.match(text, /<Boto3>.*s3v4/)
    assert.match(text, /<S3cmd>signature_v2 = False/)
    const header = await ask(`${origin}/acme/a.txt`, {
      headers: { authorization: 'AWS AKID:c2ln' },
    })
    assert.equal(header[0], 400)
    assert.match(header[1], /<AwsCli>/)
  })
})

test('an Authorization header that is none of ours is a bad request, an empty one is nobody', async () => {
  await withS3(async (server) => {
    const { origin, port } = server
    for (const authorization of [
      'garbage',
      'Bearer abc',
      'Basic YTpi',
      'AWS4-HMAC-SHA256 garbage',
    ]) {
      const [status, text] = await ask(`${origin}/acme/a.txt`, { headers: { authorization } })
      assert.equal(status, 400, text)
      assert.match(text, /<Code>(?:InvalidArgument|AuthorizationHeaderMalformed)</)
    }
    const empty = await server.raw(
      `GET /acme/a.txt HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization:\r\nConnection: close\r\n\r\n`,
    )
    assert.match(empty, /^HTTP\/1\.1 403 .*<Code>AccessDenied</s)
  })
})

test('a session token that is not the key’s own is an invalid token, wherever it stands', async () => {
  await withS3(async ({ presign, credentials: own }) => {
    const credentials = Object.assign({ sessionToken: 'nonsense' }, own)
    const [status, text] = await ask(presign('GET', 'acme/a.txt', { credentials }))
    assert.equal(status, 400)
    assert.match(text, /<Code>InvalidToken</)
  })
})

test('a body without a type is binary/octet-stream', async () => {
  await withS3(async ({ core, presign }) => {
    const body = new Uint8Array([1])
    const [status] = await ask(presign('PUT', 'acme/a'), { method: 'PUT', body })
    assert.equal(status, 200)
    const file = await core.files.find({ bucket: 'acme', key: 'a' })
    assert.equal(file?.contentType, 'binary/octet-stream')
  })
})
