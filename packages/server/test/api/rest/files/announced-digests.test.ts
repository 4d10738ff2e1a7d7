import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { startRest } from '../../../support/rest.ts'

const BODY = 'the body'
const TARGET = '/v1/files?path=acme/a.txt'

function base64(algorithm: string, body: string = BODY): string {
  return hash(algorithm, body, 'base64')
}

function crc(body: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return bytes.toString('base64')
}

/** Of a body, in each header there is for it. */
const HEADERS: readonly (readonly [string, (body: string) => string])[] = [
  ['Content-MD5', (body) => base64('md5', body)],
  ['Content-Digest', (body) => `sha-256=:${base64('sha256', body)}:`],
  ['Content-Digest', (body) => `sha=:AAAA:, md5=:${base64('md5', body)}:`],
  ['Content-Digest', (body) => `sha-512=:${base64('sha512', body)}:`],
  ['Repr-Digest', (body) => `sha-256=:${base64('sha256', body)}:`],
  ['x-amz-content-sha256', (body) => hash('sha256', body)],
  ['x-amz-checksum-sha256', (body) => base64('sha256', body)],
  ['x-amz-checksum-sha512', (body) => base64('sha512', body)],
  ['x-amz-checksum-sha1', (body) => base64('sha1', body)],
  ['x-amz-checksum-crc32', crc],
]

test('a body is stored if every digest that came with it is its own, and else nothing is', async (t) => {
  const rest = await startRest(t)
  for (const [name, of] of HEADERS) {
    const wrong = await rest.call('PUT', TARGET, { body: BODY, headers: { [name]: of('other') } })
    assert.equal(wrong.status, 400, name)
    assert.equal(wrong.json['code'], 'digest-mismatch', name)
    assert.equal((await rest.call('GET', TARGET)).status, 404, name)
    const right = await rest.call('PUT', TARGET, { body: BODY, headers: { [name]: of(BODY) } })
    assert.equal(right.status, 201, `${name} ${right.text}`)
    await rest.call('DELETE', `/v1/files/${String(right.json['id'])}`)
  }
})

test('a digest that cannot be one, or cannot be compared, is refused with its header', async (t) => {
  const rest = await startRest(t)
  const broken: readonly (readonly [string, string])[] = [
    ['Content-MD5', 'notbase64'],
    ['Content-MD5', ''],
    ['x-amz-checksum-crc32', 'AAAA'],
    ['x-amz-checksum-sha384', base64('sha384')],
    ['x-amz-content-sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'],
    ['Content-Digest', 'sha-256=abc'],
    ['Content-Digest', 'sha-256'],
    ['Content-Digest', `sha=:${base64('sha1')}:`],
    ['Repr-Digest', 'sha-256=:AAAA:'],
  ]
  for (const [name, value] of broken) {
    const answer = await rest.call('PUT', TARGET, { body: BODY, headers: { [name]: value } })
    assert.equal(answer.status, 400, `${name}: ${value}`)
    assert.equal(answer.json['field'], name.toLowerCase(), `${name}: ${value}`)
  }
  const form = new FormData()
  form.append('folder', 'acme')
  form.append('file', new Blob([BODY]), 'a.txt')
  const headers = { 'Content-MD5': base64('md5') }
  const refused = await rest.call('POST', '/v1/files', { body: form, headers })
  assert.equal(refused.json['field'], 'content-md5')
  assert.equal((await rest.call('GET', TARGET)).status, 404)
})
