import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { suite, test } from 'node:test'
import { detect } from '@hallpass/signing/detect'
import { explain, formatExplanation } from '@hallpass/signing/explain'
import type { ExplainKey, ExplainOptions, Explanation } from '@hallpass/signing/explain'
import { NOW, SECRET, signQuery } from './hand-signed.ts'
import type { HandSigned } from './hand-signed.ts'

const HOST = 'b.s3.eu-west-1.amazonaws.com'
const V4_KEY: ExplainKey = { id: 'KEYID', secret: SECRET }

function ask(url: string, key: ExplainKey = V4_KEY, options: ExplainOptions = {}): Explanation {
  return explain({ method: 'GET', url, headers: [] }, { keys: [key], now: NOW, ...options })
}

function first(url: string, key?: ExplainKey): string | undefined {
  return ask(url, key).causes[0]?.code
}

function firstOf(given: Omit<HandSigned, 'host'> & { readonly host?: string }): string | undefined {
  return first(signQuery({ host: HOST, ...given }).url)
}

/** Every byte but the unreserved ones, as S3 signs a path. */
function strict(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

suite('paths of other encoders', () => {
  const name = "a b!'()*~$&+=:@,;[x]é"
  const path = `/${strict(name)}`
  const url = new URL('http://files.example.org')
  url.pathname = `/${name}`
  const encoders: Readonly<Record<string, string>> = {
    WHATWG: url.pathname,
    Go: path.replace(/%(?:24|26|2B|3D|3A|40)/g, (escape) => decodeURIComponent(escape)),
    Java: `/${strict(name).replaceAll('%20', '+').replaceAll('%2A', '*').replaceAll('~', '%7E')}`,
    'lower-case escapes': path.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    encodeURI: `/${encodeURI(name)}`,
  }
  for (const [encoder, signedPath] of Object.entries(encoders)) {
    test(`${encoder}: named when it was signed`, () => {
      assert.equal(firstOf({ path, signedPath }), 'path-escape-case')
    })
  }
})

test('a slash in a name, escaped once, twice or not at all, is told in every direction', () => {
  const spellings = ['/a/x/b', '/a/x%2Fb', '/a/x%252Fb']
  for (const path of spellings) {
    for (const signedPath of spellings) {
      // What the service makes of the path sent is what it compares.
      const isTaken = path.replaceAll('%2F', '/') === signedPath
      if (isTaken || path === signedPath) continue
      assert.equal(firstOf({ path, signedPath }), 'path-double-encoded', `${path} ${signedPath}`)
    }
  }
})

test('slashes that were merged or doubled are told, one or all of them', () => {
  for (const [path, signedPath] of [
    ['/a//b', '/a/b'],
    ['/a/b', '/a//b'],
    ['/a/b/c', '/a//b//c'],
    ['/a//b//c', '/a/b/c'],
    ['/a', '//a'],
  ] as const) {
    assert.equal(firstOf({ path, signedPath }), 'path-slashes-merged', signedPath)
  }
})

test('hosts of the same store are told: global, dual stack, accelerated, FIPS, website, another region', () => {
  for (const signedHost of [
    'b.s3.amazonaws.com',
    'b.s3.dualstack.eu-west-1.amazonaws.com',
    'b.s3-accelerate.amazonaws.com',
    'b.s3-accelerate.dualstack.amazonaws.com',
    'b.s3-fips.eu-west-1.amazonaws.com',
    'b.s3-website-eu-west-1.amazonaws.com',
    'b.s3-eu-west-1.amazonaws.com',
    'b.s3.us-east-1.amazonaws.com',
    's3.eu-west-1.amazonaws.com',
  ]) {
    assert.equal(firstOf({ signedHost }), 'host-changed', signedHost)
    // Without the bucket nothing tells which one was signed.
    if (!signedHost.startsWith('b.')) continue
    // A host that names another region than the scope is a fault of its own.
    const code = signedHost.includes('us-east-1') ? 'region-wrong' : 'host-changed'
    assert.equal(firstOf({ host: signedHost, signedHost: HOST }), code, signedHost)
  }
})

test('an own name in front of a bucket is told, the bucket of the same name or of its first label', () => {
  const host = 'files.example.org'
  for (const signedHost of [
    'files.example.org.s3.eu-west-1.amazonaws.com',
    'files.s3.eu-west-1.amazonaws.com',
    'files-example-org.s3.eu-west-1.amazonaws.com',
    's3.eu-west-1.amazonaws.com',
  ]) {
    assert.equal(firstOf({ host, signedHost }), 'host-changed', signedHost)
  }
  for (const signedHost of ['files.example.org.storage.googleapis.com', 'storage.googleapis.com']) {
    assert.equal(firstOf({ host, signedHost, isGoogle: true }), 'host-changed', signedHost)
  }
  const elsewhere = {
    host,
    signedHost: 'storage.googleapis.com',
    signedPath: '/reports/docs/a.txt',
  }
  assert.equal(firstOf({ ...elsewhere, isGoogle: true }), 'host-changed')
})

test('a download name that was encoded again, decoded, or stripped of its quotes is told', () => {
  const name = 'response-content-disposition'
  const text = `attachment; filename="a b.txt"; filename*=UTF-8''a%20b.txt`
  const right = strict(text)
  const changes: Readonly<Record<string, string>> = {
    'encoded twice': strict(right),
    'its extended name decoded': strict(text.replace('a%20b', 'a b')),
    'without quotes': strict(text.replaceAll('"', '')),
    'without blanks': strict(text.replaceAll('; ', ';')),
    'without its second form': strict(text.replace(/; filename\*.*/, '')),
    'as text': text,
  }
  for (const [change, value] of Object.entries(changes)) {
    const signed = { query: [[name, right]], signedQuery: [[name, value]] } as const
    assert.match(firstOf(signed) ?? '', /^(?:query-encoding|url-double-encoded)$/, change)
  }
  const bare = { query: [[name, right]], signedQuery: [[name, encodeURIComponent(text)]] } as const
  assert.equal(firstOf(bare), 'query-unescaped-reserved')
})

test('a digit or two that were changed, swapped, lost or doubled are told from another signature', () => {
  const { url, signature } = signQuery({ host: HOST })
  const other = (digit: string | undefined): string => (digit === '0' ? '1' : '0')
  const changed = [
    other(signature[0]) + signature.slice(1),
    other(signature[0]) + signature.slice(1, 9) + other(signature[9]) + signature.slice(10),
    signature.slice(0, 10) + signature.slice(11),
    signature.slice(0, 10) + signature.slice(12),
    `${signature.slice(0, 10)}${signature[9] ?? ''}${signature.slice(10)}`,
  ]
  for (const text of changed) {
    assert.equal(first(url.replace(signature, text)), 'signature-digits-changed')
  }
  assert.equal(first(url.replace(signature, signature.slice(0, 50))), 'url-truncated')
  assert.equal(first(url.replace(signature, 'f'.repeat(64))), 'key-mismatch')
})

suite('hand-made signers of the fourth version', () => {
  const headers: HandSigned['signedHeaders'] = [
    ['content-type', 'text/plain'],
    ['x-amz-acl', 'private'],
  ]
  const sent: [string, string][] = [
    ['x-amz-acl', 'private'],
    ['Content-Type', 'text/plain'],
  ]
  const firstSent = (given: Partial<HandSigned>): string | undefined => {
    const { url } = signQuery({ host: HOST, signedHeaders: headers, ...given })
    const explanation = explain({ method: 'GET', url, headers: sent }, { keys: [V4_KEY], now: NOW })
    return explanation.causes[0]?.code
  }
  test('header lines in another order, with capitals, or without the blank line', () => {
    assert.equal(firstSent({}), 'nothing-found')
    const order = { signedLines: 'x-amz-acl:private\ncontent-type:text/plain\nhost:' + HOST + '\n' }
    assert.equal(firstSent(order), 'string-to-sign-differs')
    const capitals = {
      signedLines: 'Content-Type:text/plain\nhost:' + HOST + '\nx-amz-acl:private\n',
    }
    assert.equal(firstSent(capitals), 'string-to-sign-differs')
  })
  test('a secret without AWS4 in front, and a key of another region', () => {
    assert.equal(firstOf({ keyPrefix: '' }), 'string-to-sign-differs')
    assert.equal(firstOf({ keyRegion: 'us-east-1' }), 'string-to-sign-differs')
  })
})

suite('SAS', () => {
  const key = { id: 'acct', secret: Buffer.from('a made-up account key').toString('base64') }
  const end = '2031-05-06T08:08:09Z'
  const right = [
    'r',
    '',
    end,
    '/blob/acct/c/a.txt',
    '',
    '',
    'https',
    '2022-11-02',
    'b',
    ...Array.from({ length: 7 }, () => ''),
  ]
  const sign = (
    text: string,
    secret: string | Buffer = Buffer.from(key.secret, 'base64'),
  ): string => createHmac('sha256', secret).update(text).digest('base64')
  const urlOf = (sig: string, host = 'acct.blob.core.windows.net'): string =>
    `https://${host}/c/a.txt?sv=2022-11-02&sr=b&sp=r&spr=https&se=${encodeURIComponent(end)}&sig=${encodeURIComponent(sig)}`
  const texts: Readonly<Record<string, string>> = {
    'without /blob': right.with(3, '/acct/c/a.txt').join('\n'),
    'without a slash in front': right.with(3, 'blob/acct/c/a.txt').join('\n'),
    'without the account': right.with(3, '/blob/c/a.txt').join('\n'),
    'the container alone': right.with(3, '/blob/acct/c').join('\n'),
    'the whole URL': right.with(3, 'https://acct.blob.core.windows.net/c/a.txt').join('\n'),
    'for the file service': right.with(3, '/file/acct/c/a.txt').join('\n'),
    'without the encryption scope': right.toSpliced(10, 1).join('\n'),
    'without snapshot and encryption scope': right.toSpliced(9, 2).join('\n'),
    'the lines of 2015': right.toSpliced(8, 3).join('\n'),
    'without the protocol': right.toSpliced(6, 1).join('\n'),
    'a line feed too many': `${right.join('\n')}\n`,
    'CR LF': right.join('\r\n'),
    'a backslash and an n': right.join('\\n'),
    'an encoded end': right.with(2, encodeURIComponent(end)).join('\n'),
    'lines in another place': right.with(4, 'https').with(6, '').join('\n'),
    'fractions of a second': right.with(2, end.replace('Z', '.0000000Z')).join('\n'),
    'the lines of 2012': [
      ...right.slice(0, 3),
      '/acct/c/a.txt',
      '',
      '2022-11-02',
      ...right.slice(-5),
    ].join('\n'),
    'no empty lines': right.filter((line) => line !== '').join('\n'),
  }
  test('the text as the service builds it is valid', () => {
    assert.equal(ask(urlOf(sign(right.join('\n'))), key).signature, 'valid')
  })
  for (const [what, text] of Object.entries(texts)) {
    test(`another layout of the text is told: ${what}`, () => {
      const explanation = ask(urlOf(sign(text)), key)
      assert.equal(explanation.causes[0]?.code, 'string-to-sign-differs')
      assert.equal(explanation.signature, 'invalid')
    })
  }
  test('the right bytes in another alphabet, and the key taken as text', () => {
    const bytes = Buffer.from(sign(right.join('\n')), 'base64')
    for (const text of [bytes.toString('hex'), bytes.toString('base64url')]) {
      assert.equal(first(urlOf(text), key), 'signature-alphabet')
    }
    assert.equal(first(urlOf(sign(right.join('\n'), key.secret)), key), 'secret-encoded')
  })
  test('tokens of queues, tables and files are called what they are, with a key and without', () => {
    for (const service of ['queue', 'table', 'file']) {
      const url = urlOf(sign(right.join('\n')), `acct.${service}.core.windows.net`)
      assert.equal(detect(url)?.scheme, `service SAS for Azure ${service}`)
      assert.equal(first(url, key), 'service-other')
      assert.equal(explain(url, { now: NOW }).causes[0]?.code, 'service-other')
      assert.notEqual(ask(url, key).signature, 'valid')
    }
  })
})

suite('keys', () => {
  const publicKey = '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----'
  const { url } = signQuery({ host: HOST })
  test('a key of another id is said not to be the one, and nobody is asked for a key', () => {
    const explanation = ask(url, { id: 'OTHER', secret: 'x'.repeat(40) })
    assert.equal(explanation.causes[0]?.code, 'key-not-given')
    assert.equal(explanation.signature, 'unchecked')
  })
  test('a key of the other kind is said to be that', () => {
    assert.equal(first(url, { id: 'KEYID', publicKey }), 'key-invalid')
    assert.equal(first(url, { id: 'KEYID', secret: publicKey }), 'key-invalid')
    const google = signQuery({ host: 'storage.googleapis.com', isGoogle: true })
    assert.equal(first(google.url, { id: 'KEYID', publicKey }), 'key-invalid')
  })
})

suite('what was given is not asked for', () => {
  const refused = {
    status: 403,
    headers: [] as [string, string][],
    body: '<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>',
  }
  const everything = { keys: [V4_KEY], now: NOW, response: refused }
  test('with request, key and answer nothing is asked for', () => {
    const { url } = signQuery({ host: HOST })
    const request = { method: 'GET', url, headers: [['Host', HOST]] as [string, string][] }
    for (const options of [
      everything,
      { ...everything, keys: [{ id: 'OTHER', secret: 'abcdef' }] },
    ]) {
      const text = formatExplanation(explain(request, options))
      assert.doesNotMatch(text, /Give explain|explain again with the key/)
    }
  })
  test('what is missing is asked for by name', () => {
    const { url } = signQuery({ host: HOST })
    const [cause] = explain({ method: 'GET', url, headers: [] }, { now: NOW }).causes
    assert.equal(cause?.code, 'nothing-found')
    assert.equal(
      cause.fix,
      'Give explain what it was not given: the answer of the provider, the key.',
    )
  })
})

suite('advice', () => {
  test('it stands apart from the causes', () => {
    const { url } = signQuery({ host: HOST, signedMethod: 'PUT' })
    const request = { method: 'PUT', url, headers: [] as [string, string][] }
    const explanation = explain(request, { keys: [V4_KEY], now: NOW })
    assert.deepEqual(
      explanation.causes.map(({ code }) => code),
      ['nothing-found'],
    )
    assert.deepEqual(
      explanation.advice.map(({ code }) => code),
      ['content-type-unbound', 'size-unbound'],
    )
    assert.match(formatExplanation(explanation), /\nBeside it, and no reason of the failure:\n- /)
  })
})

test('mail in quoted-printable is read, soft line breaks and all', () => {
  const { url } = signQuery({ host: HOST })
  const quoted = url.replaceAll('=', '=3D')
  assert.equal(first(quoted), 'url-line-broken')
  assert.equal(first(quoted.replace(/(.{70})/g, '$1=\r\n')), 'url-line-broken')
})

test('a URL in a command, an element, behind a hash or with two question marks is read', () => {
  const { url } = signQuery({ host: HOST })
  assert.equal(first(`wget -O a.txt '${url}'`), 'url-trailing-junk')
  assert.equal(first(`<a class="x" href="${url}">file</a>`), 'url-trailing-junk')
  assert.equal(first(url.replace('?', '#')), 'url-fragment')
  assert.equal(first(url.replace('&', '?')), 'url-question-mark')
})

test('a key for another scheme is none for this one', () => {
  const link = `https://z.b-cdn.net/v/a.mp4?token=HS256-${'a'.repeat(43)}&expires=1935904089`
  const explanation = ask(link, { dialect: 's3', ...V4_KEY })
  assert.equal(explanation.signature, 'unchecked')
  assert.match(explanation.causes[0]?.fix ?? '', /a key for bunny: none of those given/)
})

test('a life in milliseconds is told from one of days', () => {
  const { url } = signQuery({ host: HOST })
  const withLife = (life: number): string => url.replace('Expires=600', `Expires=${life}`)
  for (const life of [3_600_000, 900_000, 86_400_000, 604_800_000]) {
    const [cause] = explain(withLife(life), { now: NOW }).causes
    assert.equal(cause?.code, 'expiry-in-milliseconds', String(life))
  }
  for (const days of [8, 30, 90, 365, 3650]) {
    const [cause] = explain(withLife(days * 86_400), { now: NOW }).causes
    assert.equal(cause?.code, 'expiry-too-long', String(days))
  }
})
