/** Attacks on presigned URLs: whatever is not exactly what its key's holder signed, in time, is refused and changes nothing. */
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { assertRefused } from '../lib/assert-refused.ts'
import type { Refusal } from '../lib/assert-refused.ts'
import { presign } from '../lib/clients.ts'
import { basicTime, encode, sha256, signHeaders, signQuery } from '../lib/hand-signer.ts'
import type { HandSigned } from '../lib/hand-signer.ts'
import { putFile, putPrivateAndPublicFile } from '../lib/put-files.ts'
import { sendRaw, targetOf } from '../lib/raw-http.ts'
import type { RawAnswer, RawRequestParts } from '../lib/raw-http.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const PATH = '/acme/a.txt'
const MISMATCH: Refusal = { status: 403, code: 'SignatureDoesNotMatch' }
const BAD_QUERY: Refusal = { status: 400, code: 'AuthorizationQueryParametersError' }
let server: RunningServer

before(async () => {
  server = await startServer()
  await putPrivateAndPublicFile(server)
})

after(async () => {
  await server.stop()
})

function send(parts: RawRequestParts): Promise<RawAnswer> {
  return sendRaw(server.port, parts)
}

function refused(name: string, parts: RawRequestParts, refusal: Refusal): Promise<RawAnswer> {
  return assertRefused(server, { name, send: () => send(parts) }, refusal)
}

/** A GET signed by hand with something wrong in it. */
function refusedUrl(
  name: string,
  change: Partial<HandSigned>,
  refusal: Refusal,
): Promise<RawAnswer> {
  const target = signQuery(server, { method: 'GET', path: PATH, ...change })
  return refused(name, { method: 'GET', target }, refusal)
}

async function served(name: string, parts: RawRequestParts): Promise<RawAnswer> {
  const answer = await send(parts)
  assert.equal(answer.status, 200, `${name}: ${answer.body.toString()}`)
  return answer
}

test('a URL signed by hand works, so that the refusals below mean something', async () => {
  const target = signQuery(server, { method: 'GET', path: PATH })
  assert.equal((await served('by hand', { method: 'GET', target })).body.toString(), 'secret')
})

test('each of the 64 hex digits of a signature counts, with every method', async () => {
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
    const target = targetOf(presign(server, method, 'acme/a.txt'))
    const start = target.indexOf('X-Amz-Signature=') + 16
    for (let at = 0; at < 64; at += method === 'GET' ? 1 : 9) {
      const digit = target.charAt(start + at)
      const flipped = (Number.parseInt(digit, 16) ^ 1).toString(16)
      const tampered = target.slice(0, start + at) + flipped + target.slice(start + at + 1)
      const body = method === 'PUT' ? { body: 'x' } : {}
      await refused(`${method} digit ${at}`, { method, target: tampered, ...body }, MISMATCH)
    }
  }
})

test('a hash without a key, an empty key and another key sign nothing', async () => {
  const other = await server.createKey({ name: 'other', actions: ['read'] })
  await refusedUrl('plain SHA-256', { sign: (text) => sha256(text) }, MISMATCH)
  await refusedUrl('empty secret', { secret: '' }, MISMATCH)
  await refusedUrl(
    'empty HMAC key',
    {
      sign: (text) => createHmac('sha256', '').update(text).digest('hex'),
    },
    MISMATCH,
  )
  await refusedUrl('another secret', { secret: other.secretAccessKey }, MISMATCH)
  await refusedUrl('the admin API key as secret', { secret: server.adminKey }, MISMATCH)
})

test('two secrets never give one signature, however alike they are', async () => {
  const secret = 'a/Secret+that.is~longer_than-one!block*of(SHA-256)and"so:hashed;first,AZ'
  const alike = [secret.toLowerCase(), secret.slice(1), `${secret}A`, secret.repeat(2)]
  for (let length = 32; length <= secret.length; length += 1) alike.push(secret.slice(0, length))
  const pairs = await Promise.all(
    ['one', 'two'].map((name) => server.createKey({ name, actions: ['read'] })),
  )
  const secrets = [...alike, ...pairs.map(({ secretAccessKey }) => secretAccessKey)]
  const date = basicTime(server.core.clock.now())
  const made = secrets.map((other) =>
    signQuery(server, { method: 'GET', path: PATH, secret: other, date }),
  )
  assert.equal(new Set(made).size, secrets.length)
  for (const { accessKeyId } of pairs) {
    for (const { accessKeyId: owner, secretAccessKey } of pairs) {
      const change = { accessKeyId, secret: secretAccessKey }
      if (accessKeyId !== owner) await refusedUrl('a secret of another key', change, MISMATCH)
      else {
        const target = signQuery(server, { method: 'GET', path: PATH, ...change })
        await served('its own secret', { method: 'GET', target })
      }
    }
  }
})

test('a key nobody knows signs nothing', async () => {
  const unknown = { status: 403, code: 'InvalidAccessKeyId' }
  await refusedUrl('unknown', { accessKeyId: 'HPUNKNOWNUNKNOWNUNKN' }, unknown)
  await refusedUrl('__proto__', { accessKeyId: '__proto__' }, unknown)
})

test('a life that is no number of seconds is refused', async () => {
  for (const expires of [
    'NaN',
    '1e3',
    '0x10',
    '60.0',
    '60abc',
    ' 60',
    '60 ',
    '',
    '６０',
    'Infinity',
    '-0',
    '+-1',
    '--1',
    '1,000',
    'null',
    '[60]',
  ]) {
    await refusedUrl(`expires ${JSON.stringify(expires)}`, { expires }, { status: [400, 403] })
  }
  const malformed = ['NaN', '1e3', '0x10', '60.0', '60abc', ' 60', '+60', '', '６０']
  for (const expires of malformed) await refusedUrl(expires, { expires }, BAD_QUERY)
})

test('a life below zero or above a week is refused, and none at all is over', async () => {
  for (const expires of ['-1', '-604800', '604801', '9007199254740993', '9'.repeat(40)]) {
    await refusedUrl(expires, { expires }, BAD_QUERY)
  }
  await refusedUrl('0', { expires: '0' }, { status: 403, code: 'AccessDenied' })
  const target = signQuery(server, { method: 'GET', path: PATH, expires: '604800' })
  await served('a week', { method: 'GET', target })
})

test('a URL works from fifteen minutes before its date to its end, and not a second longer', async () => {
  const now = server.core.clock.now()
  const denied = { status: 403, code: ['AccessDenied', 'RequestTimeTooSkewed'] }
  await refusedUrl('16 minutes ahead', { date: basicTime(now + 16 * 60_000) }, denied)
  const ahead = signQuery(server, { method: 'GET', path: PATH, date: basicTime(now + 14 * 60_000) })
  await served('14 minutes ahead', { method: 'GET', target: ahead })
  const answer = await refusedUrl(
    'over',
    { date: basicTime(now - 302_000) },
    {
      status: 403,
      code: 'AccessDenied',
    },
  )
  assert.match(answer.body.toString(), /Request has expired/)
  await refusedUrl('no date', { date: 'yesterday', scopeDate: '20260101' }, BAD_QUERY)
  await refusedUrl('a date that does not exist', { date: '20260230T000000Z' }, BAD_QUERY)
})

test('the scope is for this day, region, service and version', async () => {
  await refusedUrl('another day', { scopeDate: '20200101' }, BAD_QUERY)
  await refusedUrl('no day', { scopeDate: '2026-01-01' }, BAD_QUERY)
  await refusedUrl('another region', { region: 'eu-west-1' }, BAD_QUERY)
  await refusedUrl('region in other letters', { region: 'US-EAST-1' }, BAD_QUERY)
  for (const service of ['iam', 's3tables', 'S3', 's3-object-lambda', '']) {
    await refusedUrl(`service ${service}`, { service }, BAD_QUERY)
  }
  await refusedUrl('another terminal', { terminal: 'aws5_request' }, BAD_QUERY)
})

test('older, newer and misspelt algorithms are refused', async () => {
  const expires = Math.floor(server.core.clock.now() / 1000) + 300
  const version2 = `${PATH}?AWSAccessKeyId=${server.credentials.accessKeyId}&Expires=${expires}&Signature=abc`
  await refused('SigV2 query', { method: 'GET', target: version2 }, { status: [400, 403] })
  const headers = [['Authorization', `AWS ${server.credentials.accessKeyId}:abc`]] as const
  await refused(
    'SigV2 header',
    { method: 'GET', target: PATH, headers },
    {
      status: 400,
      code: 'InvalidRequest',
    },
  )
  for (const algorithm of [
    'AWS4-ECDSA-P256-SHA256',
    'aws4-hmac-sha256',
    'AWS4-HMAC-SHA1',
    'none',
    '',
  ]) {
    await refusedUrl(`algorithm ${algorithm}`, { algorithm }, BAD_QUERY)
  }
  const token = { query: [['X-Amz-Security-Token', 'abc']] } as const
  await refusedUrl('a session token', token, { status: 400, code: 'InvalidToken' })
})

test('a request with part of a signature is never anonymous, not even in a public folder', async () => {
  const whole = signQuery(server, { method: 'GET', path: '/open/a.txt' })
  await served('anonymous', { method: 'GET', target: '/open/a.txt' })
  const mark = whole.indexOf('?')
  const pieces = whole.slice(mark + 1).split('&')
  assert.equal(pieces.length, 6)
  for (let subset = 1; subset < 63; subset += 1) {
    const query = pieces.filter((_, index) => (subset & (1 << index)) !== 0).join('&')
    const answer = await send({ method: 'GET', target: `/open/a.txt?${query}` })
    assert.equal(answer.status, 400, query)
    assert.match(answer.body.toString(), /<Code>AuthorizationQueryParametersError<\/Code>/)
  }
})

test('a parameter that comes twice is refused, in any case of letters', async () => {
  const target = signQuery(server, { method: 'GET', path: PATH })
  for (const name of [
    'X-Amz-Signature',
    'X-Amz-Date',
    'X-Amz-Expires',
    'X-Amz-Credential',
    'x-amz-date',
  ]) {
    const repeated = `${target}&${name}=1`
    await refused(`${name} again`, { method: 'GET', target: repeated }, { status: 400 })
  }
  const query = [
    ['response-content-type', 'text/plain'],
    ['Response-Content-Type', 'text/html'],
  ] as const
  await refusedUrl('response-content-type twice', { query }, { status: 400 })
})

test('a parameter added after signing is refused', async () => {
  const target = signQuery(server, { method: 'GET', path: PATH })
  for (const added of [
    'response-content-disposition=inline',
    'versionId=1',
    'uploadId=1',
    'partNumber=1',
    'acl',
    'tagging',
    'X-Hallpass-Ip=0.0.0.0%2F0',
    'anything=1',
    'list-type=2',
    'X-Amz-Security-Token=abc',
  ]) {
    const refusal = added.startsWith('X-Amz-') ? { status: [400, 403] } : MISMATCH
    await refused(added, { method: 'GET', target: `${target}&${added}` }, refusal)
  }
})

test('query authentication beside a signed header is refused', async () => {
  const { target, headers } = signHeaders(server, { method: 'GET', path: PATH })
  await served('by header', { method: 'GET', target, headers })
  for (const added of ['X-Amz-Signature=abc', 'x-amz-signature=abc', 'X-Amz-Expires=5']) {
    await refused(
      added,
      { method: 'GET', target: `${target}?${added}`, headers },
      { status: [400, 403] },
    )
  }
  const both = signQuery(server, { method: 'GET', path: PATH })
  await refused(
    'both',
    { method: 'GET', target: both, headers },
    {
      status: 400,
      code: 'InvalidArgument',
    },
  )
})

test('an Authorization header of another kind neither helps nor harms a signed URL', async () => {
  for (const value of ['Bearer abc', 'Basic YTpi', `Bearer ${server.adminKey}`, server.adminKey]) {
    const headers = [['Authorization', value]] as const
    const target = signQuery(server, { method: 'GET', path: PATH })
    await served('with a signature', { method: 'GET', target, headers })
    await refused('without', { method: 'GET', target: PATH, headers }, { status: 400 })
  }
})

test('headers that change what a request means must be signed', async () => {
  for (const name of [
    'x-amz-copy-source',
    'x-amz-tagging',
    'x-amz-meta-a',
    'x-amz-acl',
    'x-amz-website-redirect-location',
    'X-AMZ-META-B',
    'x-amz-server-side-encryption',
  ]) {
    const target = signQuery(server, { method: 'PUT', path: PATH })
    const answer = await refused(
      name,
      {
        method: 'PUT',
        target,
        headers: [[name, '/acme/a.txt']],
        body: 'x',
      },
      { status: 403, code: 'AccessDenied' },
    )
    assert.match(answer.body.toString(), new RegExp(`<HeadersNotSigned>${name.toLowerCase()}<`))
  }
  const target = signQuery(server, { method: 'GET', path: PATH })
  await served('ordinary headers', {
    method: 'GET',
    target,
    headers: [
      ['Range', 'bytes=0-99,5-6'],
      ['X-Custom', 'a'],
      ['Accept', '*/*'],
    ],
  })
})

test('the list of signed headers is exact', async () => {
  for (const signedHeaders of [
    '',
    'range',
    'host;host',
    'range;host',
    'Host',
    'host;x-absent',
    'host;',
    ';host',
    'host range',
  ]) {
    await refusedUrl(`signed headers ${signedHeaders}`, { signedHeaders }, { status: [400, 403] })
  }
  const target = signQuery(server, { method: 'GET', path: PATH, headers: [['x-one', 'a']] })
  await served('one', { method: 'GET', target, headers: [['x-one', 'a']] })
  await refused(
    'twice',
    {
      method: 'GET',
      target,
      headers: [
        ['x-one', 'a'],
        ['x-one', 'b'],
      ],
    },
    MISMATCH,
  )
})

test('a URL works with its own method only', async () => {
  for (const method of ['PUT', 'DELETE', 'HEAD', 'POST']) {
    const target = signQuery(server, { method: 'GET', path: PATH })
    await refused(method, { method, target, body: '' }, MISMATCH)
  }
  const target = signQuery(server, { method: 'GET', path: PATH })
  for (const name of ['X-HTTP-Method-Override', 'X-Method-Override', 'X-HTTP-Method']) {
    await served(name, { method: 'GET', target, headers: [[name, 'DELETE']] })
  }
  await refused('_method', { method: 'GET', target: `${target}&_method=DELETE` }, MISMATCH)
  assert.equal((await served('still there', { method: 'GET', target })).body.toString(), 'secret')
})

test('signatures of every wrong length and alphabet are refused alike, wherever they stand', async () => {
  for (const signature of [
    '',
    'a',
    'a'.repeat(63),
    'a'.repeat(65),
    'a'.repeat(128),
    'a'.repeat(10_000),
    'g'.repeat(64),
    'A'.repeat(64),
    '%00'.repeat(64),
    '😀'.repeat(16),
  ]) {
    const name = `${signature.slice(0, 3)} × ${signature.length}`
    const sign = (): string => encode(signature).slice(0, 10_000)
    const target = signQuery(server, { method: 'GET', path: PATH, sign })
    await refused(`query: ${name}`, { method: 'GET', target }, { status: 403 })
    const { headers } = signHeaders(server, { method: 'GET', path: PATH, sign })
    await refused(`header: ${name}`, { method: 'GET', target: PATH, headers }, { status: 403 })
    await assertRefused(
      server,
      { name: `form: ${name}`, send: () => sendForm(signature) },
      // Of a form one that is empty counts as none.
      { status: signature === '' ? 400 : 403 },
    )
  }
  const upper = signQuery(server, { method: 'GET', path: PATH }).replace(
    /X-Amz-Signature=(.*)$/,
    (text, hex: string) => text.replace(hex, hex.toUpperCase()),
  )
  await refused('upper case', { method: 'GET', target: upper }, MISMATCH)
})

/** A form that is in order but for its signature. */
function sendForm(signature: string): Promise<RawAnswer> {
  const now = server.core.clock.now()
  const scope = `${basicTime(now).slice(0, 8)}/${server.region}/s3/aws4_request`
  const fields = {
    key: 'form.txt',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${server.credentials.accessKeyId}/${scope}`,
    'X-Amz-Date': basicTime(now),
    Policy: Buffer.from('{}').toString('base64'),
    'X-Amz-Signature': signature,
    file: 'x',
  }
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `--B\r\nContent-Disposition: form-data; name="${name}"${name === 'file' ? '; filename="a"' : ''}\r\n\r\n${value}\r\n`,
  )
  return send({
    method: 'POST',
    target: '/acme',
    headers: [['Content-Type', 'multipart/form-data; boundary=B']],
    body: `${parts.join('')}--B--\r\n`,
  })
}

test('a path is decoded exactly once', async () => {
  await putFile(server, { bucket: 'acme', key: '%2e%2e' }, 'a name with percent signs')
  await putFile(server, { bucket: 'acme', key: 'a+b' }, 'plus')
  const twice = signQuery(server, { method: 'GET', path: '/acme/%252e%252e' })
  const answer = await served('twice encoded', { method: 'GET', target: twice })
  assert.equal(answer.body.toString(), 'a name with percent signs')
  const plus = signQuery(server, { method: 'GET', path: '/acme/a%2Bb' })
  assert.equal((await served('plus', { method: 'GET', target: plus })).body.toString(), 'plus')
  const lower = plus.replace('%2B', '%2b')
  assert.equal(
    (await served('lower-case hex', { method: 'GET', target: lower })).body.toString(),
    'plus',
  )
  const slash = signQuery(server, { method: 'GET', path: PATH }).replace('/a.txt', '%2Fa.txt')
  const same = await served('an encoded slash names the same object', {
    method: 'GET',
    target: slash,
  })
  assert.equal(same.body.toString(), 'secret')
})

test('a path that was rewritten on the way is refused, and never becomes another operation', async () => {
  const doubled = signQuery(server, { method: 'GET', path: '//acme/a.txt' })
  await refused('//', { method: 'GET', target: doubled }, { status: 400 })
  await refused(
    'PUT //',
    { method: 'PUT', target: signQuery(server, { method: 'PUT', path: '//newbucket' }), body: '' },
    { status: 400 },
  )
  const signed = signQuery(server, { method: 'GET', path: '/acme//a.txt' })
  await refused(
    'folded by a proxy',
    { method: 'GET', target: signed.replace('//a.txt', '/a.txt') },
    MISMATCH,
  )
  await refused(
    'slash added',
    {
      method: 'GET',
      target: signQuery(server, { method: 'GET', path: PATH }).replace('a.txt?', 'a.txt/?'),
    },
    MISMATCH,
  )
  const dots = signQuery(server, { method: 'GET', path: '/acme/x/../a.txt' })
  await refused('dots', { method: 'GET', target: dots }, { status: 400, code: 'InvalidURI' })
})

test('a hash of the body that was signed binds the body', async () => {
  const payload = createHash('sha256').update('right').digest('hex')
  const headers = [['x-amz-content-sha256', payload]] as const
  const target = signQuery(server, { method: 'PUT', path: '/acme/hashed', headers, payload })
  await refused(
    'another body',
    { method: 'PUT', target, headers, body: 'wrong' },
    {
      status: 400,
      code: 'XAmzContentSHA256Mismatch',
    },
  )
  await served('the body', { method: 'PUT', target, headers, body: 'right' })
  const inQuery = signQuery(server, {
    method: 'PUT',
    path: '/acme/hashed',
    query: [['X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD']],
  })
  await served('UNSIGNED-PAYLOAD in the query', {
    method: 'PUT',
    target: inQuery,
    body: 'anything',
  })
})

test('a header moved into the query counts as that header, and may not be contradicted', async () => {
  const query = [['x-amz-meta-colour', 'blue']] as const
  const target = signQuery(server, { method: 'PUT', path: '/acme/hoisted', query })
  await served('hoisted', { method: 'PUT', target, body: 'x' })
  const read = await served('read', {
    method: 'GET',
    target: signQuery(server, { method: 'GET', path: '/acme/hoisted' }),
  })
  assert.deepEqual(read.headers.get('x-amz-meta-colour'), ['blue'])
  const headers = [['x-amz-meta-colour', 'red']] as const
  await refused(
    'unsigned header',
    { method: 'PUT', target, headers, body: 'x' },
    { status: [400, 403] },
  )
  const both = signQuery(server, { method: 'PUT', path: '/acme/hoisted', query, headers })
  await refused(
    'two colours',
    { method: 'PUT', target: both, headers, body: 'x' },
    { status: [400, 403] },
  )
})
