import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import { detect } from '@hallpass/signing/detect'
import { explain } from '@hallpass/signing/explain'
import type { ExplainKey, Explanation } from '@hallpass/signing/explain'
import { cloudFrontSample, handMadeCloudFront } from './explain-corpus/other-samples.ts'
import { createRandom } from './explain-corpus/random.ts'
import { NOW as CORPUS_NOW } from './explain-corpus/case.ts'
import { END, NOW, SECRET, signHeaders, signQuery } from './hand-signed.ts'
import type { HandSignedHeaders } from './hand-signed.ts'

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
  assert.equal(first(link(`${END}d/a.pdf192.0.2.1 word`), key), 'path-changed')
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
    ['$scheme$uri$secure_link_expires $secret', `https/a${END} word`],
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

function askHeaders(given: Omit<HandSignedHeaders, 'host' | 'path'>): Explanation {
  const host = 'b.s3.eu-west-1.amazonaws.com'
  const headers = signHeaders({ host, path: '/a', ...given })
  return explain({ method: 'GET', url: `https://${host}/a`, headers }, { keys: [V4_KEY], now: NOW })
}

const OWN = ['host', 'x-amz-content-sha256', 'x-amz-date']

test('the list of signed headers is judged in an Authorization header as in a query', () => {
  const sent = [['x-amz-acl', 'private']] as const
  const right = ['host', 'x-amz-acl', 'x-amz-content-sha256', 'x-amz-date']
  assert.equal(askHeaders({ sent, names: right }).signature, 'valid')
  for (const names of [
    right.toReversed(),
    [...right, 'x-amz-date'],
    right.map((name) => name.replace(/^h/, 'H')),
    right.slice(1),
  ]) {
    const { causes, signature } = askHeaders({ sent, names })
    assert.equal(causes[0]?.code, 'parameter-malformed', names.join(';'))
    assert.notEqual(signature, 'valid')
  }
  const lines = right.toReversed()
  assert.equal(askHeaders({ sent, names: right, lines }).causes[0]?.code, 'string-to-sign-differs')
})

test('lines that a signer wrote in an order of its own are told, however many its caller added', () => {
  const added = [
    ['x-amz-storage-class', 'STANDARD'],
    ['x-amz-server-side-encryption', 'AES256'],
    ['x-amz-acl', 'private'],
  ] as const
  const sent = [...added, ['content-type', 'text/plain']] as const
  const own = ['host', 'content-type', 'x-amz-content-sha256', 'x-amz-date']
  const asSent = added.map(([name]) => name)
  const names = [...own, ...asSent].toSorted()
  assert.equal(askHeaders({ sent, names }).signature, 'valid')
  for (const lines of [
    [...own, ...asSent],
    [...own.toReversed(), ...asSent.toSorted()],
    [...asSent, ...own],
  ]) {
    const [cause] = askHeaders({ sent, names, lines }).causes
    assert.equal(cause?.code, 'string-to-sign-differs', lines.join(';'))
    assert.match(cause.what, /order of their names/)
  }
})

test('the name of a header is shown, however long, and its value is not guessed at elsewhere', () => {
  for (const name of [
    'x-amz-security-token',
    'x-amz-meta-original-name',
    'x-amz-server-side-encryption',
    'content-disposition',
  ]) {
    const names = [...OWN, name].toSorted()
    const missing = askHeaders({ sent: [], names, signed: { [name]: 'x' } })
    assert.equal(missing.causes[0]?.code, 'header-missing', name)
    assert.ok(missing.causes[0].what.includes(name))
    const changed = askHeaders({ sent: [[name, 'y']], names, signed: { [name]: 'x' } })
    const cause = changed.causes.find(({ code }) => code === 'header-changed')
    assert.equal(cause?.what, `The header ${name} differs from the value that was signed.`)
  }
})

test('CloudFront: a policy of two statements, a wildcard in a canned one, and the refusal of the origin', () => {
  const end = Math.floor(CORPUS_NOW.getTime() / 1000) + 600
  const url = 'https://d1.cloudfront.net/v/a.mp4'
  const statement = (resource: string): unknown => ({
    Resource: resource,
    Condition: { DateLessThan: { 'AWS:EpochTime': end } },
  })
  const askSample = (sample: ReturnType<typeof cloudFrontSample>, response?: object): Explanation =>
    explain(sample.request, {
      keys: [sample.key],
      now: CORPUS_NOW,
      ...(response === undefined ? {} : { response }),
    })
  const two = JSON.stringify({ Statement: [statement('https://x.test/*'), statement(url)] })
  const encoded = Buffer.from(two).toString('base64')
  const policy = encoded.replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~')
  const doubled = askSample(handMadeCloudFront(url, two, `Policy=${policy}`))
  assert.equal(doubled.causes[0]?.code, 'policy-malformed')
  const wild = JSON.stringify({ Statement: [statement('https://d1.cloudfront.net/v/*')] })
  const canned = askSample(handMadeCloudFront(url, wild, `Expires=${end}`))
  assert.equal(canned.causes[0]?.code, 'resource-mismatch')
  const body =
    '<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>1</RequestId><HostId>2</HostId></Error>'
  const refused = askSample(cloudFrontSample(createRandom(3), { url }), {
    status: 403,
    headers: [['Server', 'AmazonS3']],
    body,
  })
  assert.equal(refused.causes[0]?.code, 'origin-refused')
  assert.equal(refused.signature, 'valid')
})

test('Azure: what its answer says is said first', () => {
  const answers: Readonly<Record<string, string>> = {
    AuthorizationFailure: 'network-refused',
    KeyBasedAuthenticationNotPermitted: 'account-refuses-keys',
    MissingRequiredHeader: 'header-missing',
    ContainerNotFound: 'bucket-missing',
    AccountIsDisabled: 'account-problem',
  }
  const url = `https://acct.blob.core.windows.net/c/a?sv=2022-11-02&sr=b&sp=r&se=2031-05-06T08%3A08%3A09Z&sig=${'A'.repeat(43)}%3D`
  for (const [code, cause] of Object.entries(answers)) {
    const body = `<Error><Code>${code}</Code><Message>x</Message><HeaderName>x-ms-blob-type</HeaderName></Error>`
    const response = { status: 403, headers: [] as [string, string][], body }
    const [found] = explain({ method: 'GET', url, headers: [] }, { now: NOW, response }).causes
    assert.equal(found?.code, cause, code)
  }
})

test('Akamai: a key taken as text', () => {
  const secret = 'a1b2c3d4e5f60718293a4b5c6d7e8f90'
  const fields = `exp=${END}~acl=/v/*`
  const mac = (key: string | Buffer): string =>
    createHmac('sha256', key).update(fields).digest('hex')
  const link = (hmac: string): string =>
    `https://v.example.org/v/1.mp4?__token__=${fields}~hmac=${hmac}`
  assert.equal(ask(link(mac(Buffer.from(secret, 'hex'))), { secret }).signature, 'valid')
  assert.equal(first(link(mac(secret)), { secret }), 'secret-encoded')
})

test('an id and a secret in each other’s place are told from a key that was not given', () => {
  const swapped = (url: string, key: ExplainKey): boolean =>
    (ask(url, key).causes[0]?.what ?? '').includes('stand in each other’s place')
  const { url } = signQuery({ host: 'files.example.org' })
  assert.ok(swapped(url, { id: SECRET, secret: 'KEYID' }))
  assert.ok(swapped(url, { id: SECRET, secret: 'AKIAFAKEFAKEFAKE0001' }))
  const signedSo = url.replace('KEYID', 'a-secret-for-an-id')
  assert.ok(swapped(signedSo, { id: 'KEYID', secret: 'a-secret-for-an-id' }))
  assert.ok(
    !JSON.stringify(ask(signedSo, { id: 'K', secret: 'a-secret-for-an-id' })).includes('for-an-id'),
  )
  for (const [key, code] of [
    [{ id: 'OTHER', secret: SECRET }, 'key-not-given'],
    [{ id: 'AKIAFAKEFAKEFAKE0001', secret: SECRET }, 'key-not-given'],
    [{ id: 'KEYID', secret: 'KEYID' }, 'key-mismatch'],
    [{ secret: 'KEYID' }, 'key-mismatch'],
  ] as const) {
    assert.equal(first(url, key), code)
  }
  assert.equal(ask(url, { id: 'KEYID', secret: SECRET }).signature, 'valid')
})
