import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import { detect } from '@hallpass/signing/detect'
import { explain } from '@hallpass/signing/explain'
import type { ExplainKey, Explanation } from '@hallpass/signing/explain'
import { END, NOW, SECRET, signQuery } from './hand-signed.ts'

/** What people reported that they had done, each with its siblings, signed here by hand. */

function first(url: string, key: ExplainKey, clientIp?: string): string | undefined {
  return ask(url, key, clientIp).causes[0]?.code
}

function ask(url: string, key: ExplainKey, clientIp = '192.0.2.1'): Explanation {
  return explain({ method: 'GET', url, headers: [], clientIp }, { keys: [key], now: NOW })
}

const V4_KEY = { id: 'KEYID', secret: SECRET }

test('a host signed with a scheme, a slash, a path or capitals is named', () => {
  const host = 'files.example.org'
  for (const signedHost of [
    'https://files.example.org',
    'http://files.example.org/',
    'files.example.org/',
    'files.example.org/docs',
    'FILES.EXAMPLE.ORG',
    'Files.example.org',
  ]) {
    assert.equal(first(signQuery({ host, signedHost }).url, V4_KEY), 'host-changed', signedHost)
  }
  const inHost = { host, signedHost: 'files.example.org/docs', signedPath: '/a.txt' }
  assert.equal(first(signQuery(inHost).url, V4_KEY), 'host-changed')
})

test('another host of the same provider is named', () => {
  const google = ['storage.cloud.google.com', 'commondatastorage.googleapis.com']
  for (const host of google) {
    const { url } = signQuery({ host, signedHost: 'storage.googleapis.com', isGoogle: true })
    assert.equal(first(url, V4_KEY), 'host-changed', host)
  }
  for (const signedHost of [
    'b.s3.amazonaws.com',
    'b.s3-accelerate.amazonaws.com',
    'b.s3.dualstack.eu-west-1.amazonaws.com',
  ]) {
    const { url } = signQuery({ host: 'b.s3.eu-west-1.amazonaws.com', signedHost })
    assert.equal(first(url, V4_KEY), 'host-changed', signedHost)
  }
})

test('a right signature in another alphabet, or with a digit changed, is told from a wrong one', () => {
  const { url, signature } = signQuery({ host: 'files.example.org' })
  const bytes = Buffer.from(signature, 'hex')
  for (const text of [bytes.toString('base64url'), encodeURIComponent(bytes.toString('base64'))]) {
    assert.equal(first(url.replace(signature, text), V4_KEY), 'signature-alphabet')
  }
  const other = signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
  assert.equal(first(url.replace(signature, other), V4_KEY), 'signature-digits-changed')
})

test('nginx: hex, another order, another text in the place of the path', () => {
  const link = (text: string, encoding: 'hex' | 'base64url' = 'base64url'): string => {
    const hash = createHash('md5').update(text).digest(encoding)
    return `https://f.example.org/d/a.pdf?md5=${hash}&expires=${END}`
  }
  const key = { secret: 'word', expression: '$secure_link_expires$uri$remote_addr word' }
  assert.equal(first(link(`${END}/d/a.pdf192.0.2.1 word`, 'hex'), key), 'signature-alphabet')
  assert.equal(first(link(`/d/a.pdf${END}192.0.2.1 word`), key), 'expression-differs')
  assert.equal(first(link(`${END}192.0.2.1/d/a.pdf word`), key), 'expression-differs')
  assert.equal(first(link(`${END}d/a.pdf192.0.2.1 word`), key), 'path-trailing-slash')
  assert.equal(
    first(link(`${END}https://f.example.org/d/a.pdf192.0.2.1 word`), key),
    'path-changed',
  )
})

test('nginx: every variable of an expression is read as the verifier reads it', () => {
  for (const [expression, text] of [
    ['$secure_link_expires$uri $secret', `${END}/a word`],
    ['$arg_expires$uri $secret', `${END}/a word`],
    ['${secure_link_expires}${document_uri}$request_method word', `${END}/aGET word`],
    ['$host$uri$secure_link_expires$secret', `f.example.org/a${END}word`],
  ] as const) {
    const hash = createHash('md5').update(text).digest('base64url')
    const url = `https://f.example.org/a?md5=${hash}&expires=${END}`
    assert.equal(ask(url, { secret: 'word', expression }).signature, 'valid', expression)
  }
})

test('Bunny: hex, standard base64 and a missing mark are told apart', () => {
  const key = { secret: 'made-up-zone-key' }
  const mac = createHmac('sha256', key.secret).update(`/v/a.mp4${END}`).digest()
  const link = (token: string): string =>
    `https://z.b-cdn.net/v/a.mp4?token=${token}&expires=${END}`
  assert.equal(first(link(mac.toString('hex')), key), 'signature-alphabet')
  assert.equal(first(link(encodeURIComponent(mac.toString('base64'))), key), 'signature-alphabet')
  assert.equal(first(link(mac.toString('base64url')), key), 'signature-malformed')
  assert.equal(ask(link(`HS256-${mac.toString('base64url')}`), key).signature, 'valid')
})

test('Cloud CDN: a key taken as text, and a signature in hex', () => {
  const secret = 'bWFkZS11cC1rZXktMDAwMQ=='
  const text = `https://m.example.org/v/a.mp4?Expires=${END}&KeyName=k1`
  const sign = (key: string | Buffer): Buffer => createHmac('sha1', key).update(text).digest()
  const asText = sign(secret).toString('base64url')
  assert.equal(first(`${text}&Signature=${asText}=`, { id: 'k1', secret }), 'secret-encoded')
  const hex = sign(Buffer.from(secret, 'base64')).toString('hex')
  assert.equal(first(`${text}&Signature=${hex}`, { id: 'k1', secret }), 'signature-alphabet')
})

test('Azure: custom domains, DNS zones and the secondary are judged by the account of the key', () => {
  const key = {
    id: 'hallpasstest',
    secret: Buffer.from('a made-up account key').toString('base64'),
  }
  const end = '2031-05-06T08:08:09Z'
  const lines = ['r', '', end, '/blob/hallpasstest/c/a.txt', '', '', 'https', '2022-11-02', 'b']
  const text = [...lines, '', '', '', '', '', '', ''].join('\n')
  const sig = createHmac('sha256', Buffer.from(key.secret, 'base64')).update(text).digest('base64')
  const query = `sv=2022-11-02&sr=b&sp=r&spr=https&se=${encodeURIComponent(end)}&sig=${encodeURIComponent(sig)}`
  for (const host of [
    'hallpasstest.blob.core.windows.net',
    'hallpasstest-secondary.blob.core.windows.net',
    'hallpasstest.z12.blob.storage.azure.net',
    'files.example.org',
  ]) {
    assert.equal(ask(`https://${host}/c/a.txt?${query}`, key).signature, 'valid', host)
  }
})

test('signatures for other services of Amazon are recognised as what they are', () => {
  for (const service of ['execute-api', 'sts', 'rds-db', 'iotdevicegateway', 'eks', 'ec2']) {
    const { url } = signQuery({ host: `${service}.eu-west-1.amazonaws.com`, service })
    assert.equal(explain(url, { now: NOW }).causes[0]?.code, 'service-other', service)
    assert.equal(ask(url, V4_KEY).signature, 'valid', service)
    assert.equal(detect(url)?.scheme, `SigV4 for ${service}`)
    assert.deepEqual(detect(url)?.methods, [])
  }
  const express = signQuery({
    host: 'b--x--x-s3.s3express-x.eu-west-1.amazonaws.com',
    service: 's3express',
  })
  assert.equal(ask(express.url, V4_KEY).signature, 'valid')
  assert.equal(detect(express.url)?.scheme, 'SigV4')
})

test('a signature for another service does not open a host of S3', () => {
  const { url } = signQuery({ host: 'b.s3.eu-west-1.amazonaws.com', service: 'sts' })
  assert.equal(first(url, V4_KEY), 'service-other')
  assert.notEqual(ask(url, V4_KEY).signature, 'valid')
})
