import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { suite, test } from 'node:test'
import { explain } from '@hallpass/signing/explain'
import type { ExplainableRequest, ExplainKey, Explanation } from '@hallpass/signing/explain'
import { END, NOW, SECRET, signQuery } from './hand-signed.ts'

/** What people paste into a ticket: URLs that went through programs, mail filters and shells, and what the service answered. */

const HOST = 'reports.s3.eu-west-1.amazonaws.com'
const KEY: ExplainKey = { id: 'KEYID', secret: SECRET }
const SIGNED = signQuery({ host: HOST, path: '/a.pdf' }).url

interface Asked {
  readonly answer?: string
  readonly status?: number
  readonly key?: ExplainKey
  readonly now?: Date
}

function ask(request: string | ExplainableRequest, asked: Asked = {}): Explanation {
  const { answer, status = 403, key, now = NOW } = asked
  const given = typeof request === 'string' ? { method: 'GET', url: request, headers: [] } : request
  return explain(given, {
    now,
    ...(key === undefined ? {} : { keys: [key] }),
    ...(answer === undefined ? {} : { response: { status, headers: [], body: answer } }),
  })
}

function codes(explanation: Explanation): string[] {
  return explanation.causes.map(({ code }) => code)
}

function error(code: string, message: string, more = ''): string {
  return `<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`
}

const MISMATCH = error(
  'SignatureDoesNotMatch',
  'The request signature we calculated does not match.',
)

suite('what was done to the text', () => {
  test('a URL that was printed as a format names its printer, once and twice', () => {
    for (const verb of ['%!F(MISSING)', '%!!(MISSING)F(MISSING)']) {
      const explanation = ask(SIGNED.replaceAll('%2F', verb))
      assert.equal(explanation.causes[0]?.code, 'url-escapes-eaten', verb)
      assert.match(explanation.causes[0]?.what ?? '', /Printf/)
      assert.ok(!codes(explanation).includes('scope-malformed'))
    }
  })

  test('a URL in a batch file has lost its %2', () => {
    const explanation = ask(SIGNED.replaceAll('%2F', 'F'))
    assert.equal(explanation.causes[0]?.code, 'url-escapes-eaten')
    assert.match(explanation.causes[0]?.what ?? '', /batch file/)
  })

  test('a mail filter that keeps the address in its path, or in an encoding of its own, is named', () => {
    const starred = SIGNED.replace(/%/g, '*')
    const percents = Buffer.from('%'.repeat(starred.split('*').length - 1)).toString('base64url')
    const dashed = encodeURIComponent(SIGNED).replaceAll('-', '%2D').replaceAll('_', '%5F')
    const wrapped = [
      `https://urldefense.com/v3/__${SIGNED}__;!!abc!def$`,
      `https://urldefense.com/v3/__${starred}__;${percents}!!abc!def$`,
      `https://urldefense.proofpoint.com/v2/url?u=${dashed.replaceAll('%2F', '_').replaceAll('%', '-')}&d=x&c=y`,
      `https://secure-web.example.org/1x2y3z/${encodeURIComponent(SIGNED)}`,
    ]
    for (const url of wrapped) {
      const explanation = ask(url, { key: KEY })
      assert.equal(explanation.causes[0]?.code, 'url-wrapped', url)
      assert.ok(!codes(explanation).includes('key-mismatch'), url)
    }
  })

  test('the label of a chat is no part of the URL', () => {
    const explanation = ask(`<${SIGNED}|the report>`, { key: KEY })
    assert.equal(explanation.signature, 'valid')
    assert.match(explanation.causes[0]?.what ?? '', /\|the report>/)
  })

  test('a URL without its scheme is one of https', () => {
    assert.equal(ask(SIGNED.slice('https://'.length), { key: KEY }).signature, 'valid')
  })
})

suite('what the signer was given', () => {
  test('a variable that was empty is named where it shows', () => {
    const unset: readonly (readonly [url: string, where: RegExp])[] = [
      [SIGNED.replace('KEYID', 'undefined'), /^X-Amz-Credential is the text undefined/],
      [SIGNED.replace('eu-west-1%2F', 'None%2F'), /is the text None/],
      [SIGNED.replace(/Expires=\d+/, 'Expires=NaN'), /^X-Amz-Expires is the text NaN/],
      [`${SIGNED}&X-Amz-Security-Token=undefined`, /^X-Amz-Security-Token is the text undefined/],
      [SIGNED.replace('reports.', 'undefined.'), /^A part of the host/],
      [
        `https://d1.cloudfront.net/a?Expires=${END}&Signature=a~b&Key-Pair-Id=undefined`,
        /^Key-Pair-Id/,
      ],
    ]
    for (const [url, where] of unset) {
      const { causes } = ask(url)
      assert.equal(causes[0]?.code, 'value-unset', url)
      assert.match(causes[0].what, where)
    }
    const named = ask(signQuery({ host: HOST, path: '/up/undefined' }).url, { answer: MISMATCH })
    assert.ok(codes(named).includes('value-unset'))
    for (const path of ['/null', '/a/None', '/undefined-behaviour.pdf']) {
      assert.ok(!codes(ask(signQuery({ host: HOST, path }).url)).includes('value-unset'), path)
    }
  })

  test('a life that is the moment of its end says so', () => {
    const seconds = Math.floor(NOW.getTime() / 1000) + 300
    for (const moment of [seconds, seconds * 1000]) {
      const { causes } = ask(SIGNED.replace(/Expires=\d+/, `Expires=${moment}`))
      assert.equal(causes[0]?.code, 'expiry-as-moment')
      assert.match(causes[0].what, /2031-05-06T07:13:09Z.*X-Amz-Date/)
    }
    const life = error(
      'AuthorizationQueryParametersError',
      'X-Amz-Expires must be less than a week',
    )
    const long = ask(SIGNED.replace(/Expires=\d+/, 'Expires=700000'), { answer: life, status: 400 })
    assert.match(long.causes[0]?.what ?? '', /A life of 700000 s/)
  })

  test('a secret in the place of an id is not shown', () => {
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
    const url = SIGNED.replace('KEYID', encodeURIComponent(secret))
    const answer = error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist.')
    const explanation = ask(url, { answer })
    assert.match(explanation.causes[0]?.what ?? '', /id and secret may be swapped/)
    assert.ok(!JSON.stringify(explanation).includes('wJalrXUtnFEMI'))
  })

  test('an id of another length than the service takes is named', () => {
    const message = 'Credential access key has length 20, should be 32'
    const { causes } = ask(SIGNED, { answer: error('InvalidArgument', message), status: 400 })
    assert.equal(causes[0]?.code, 'key-invalid')
    assert.match(causes[0].what, /of 32 characters, and this one has 20/)
  })
})

suite('what the service answered', () => {
  const signature =
    '&Signature=VOzPlbAGQeCA98Rn60xoLr0qLxyd94j5UfIkRbOfd~6hkIT2uH1RXSvVKPUW1UCfw7CGJ-HTbGQ55lPrjPebdnR3doF36wHNpPN0U2AvItnbPeHt0GqDT0WUIhMZdH0h7uqTw4SZ86sEniJX3x2IZg__'
  const cloudFront = (host: string, keyId = 'K1') =>
    `https://${host}/a.mp4?Expires=${END}${signature}${keyId === '' ? '' : `&Key-Pair-Id=${keyId}`}`

  test('CloudFront misses a key id: one that is there was lost on the way', () => {
    const answer = error('MissingKey', 'Missing Key-Pair-Id query parameter or cookie value')
    assert.equal(
      ask(cloudFront('d1.cloudfront.net'), { answer }).causes[0]?.code,
      'parameter-removed',
    )
    assert.equal(
      ask(cloudFront('d1.cloudfront.net', ''), { answer }).causes[0]?.code,
      'parameter-missing',
    )
  })

  test('a signature for CloudFront opens nothing at S3', () => {
    const answer = error(
      'AccessDenied',
      'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
    )
    for (const host of ['b.s3.amazonaws.com', 's3.eu-west-1.amazonaws.com']) {
      assert.equal(ask(cloudFront(host), { answer }).causes[0]?.code, 'service-other', host)
    }
  })

  test('a query that a shell cut, and a signature whose plus became a blank, of the second version', () => {
    const answer = error(
      'AccessDenied',
      'Access denied.',
      '<Details>Anonymous caller does not have storage.objects.get access.</Details>',
    )
    const cut = 'https://storage.googleapis.com/b/o?GoogleAccessId=x%40p.iam.gserviceaccount.com'
    assert.equal(ask(cut, { answer }).causes[0]?.code, 'url-truncated')
    assert.equal(
      ask('https://b.s3.amazonaws.com/o?AWSAccessKeyId=AKIA1').causes[0]?.code,
      'url-truncated',
    )
    for (const start of [cut, 'https://b.s3.amazonaws.com/o?AWSAccessKeyId=AKIA1']) {
      const url = `${start}&Expires=${END}&Signature=LTT/YBYj+FQTg0tCIZPzFmA=`
      assert.equal(ask(url, { answer: MISMATCH }).causes[0]?.code, 'signature-plus-decoded', url)
    }
  })

  test('nothing is said of a signature that was not there, or of rights before their time', () => {
    const denied = error('AccessDenied', 'Access Denied')
    const unsigned = ask(`https://${HOST}/a.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256`, {
      answer: denied,
    })
    assert.deepEqual(codes(unsigned), ['url-truncated'])
    const early = new Date(NOW.getTime() - 5 * 3_600_000)
    const answer = error('AccessDenied', 'Request is not valid yet')
    assert.deepEqual(codes(ask(SIGNED, { answer, now: early })), ['url-not-yet-valid'])
  })

  test('answers without a detail are known: of Azure, and of preflights', () => {
    const azure =
      'https://a.blob.core.windows.net/c/b?sv=2022-11-02&sr=b&sp=rwdlc&se=2031-06-10T01:21Z&sig=UxALpIhwKeFkO31Xrf2Fy35SGFpQdZkeGAgiqZ5TD3Y%3D'
    const failed = error(
      'AuthenticationFailed',
      'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
    )
    assert.ok(!codes(ask(azure, { answer: failed })).includes('answer-unknown'))
    const answer = error('AccessForbidden', 'CORSResponse: CORS is not enabled for this bucket.')
    const preflight = { method: 'OPTIONS', url: SIGNED, headers: [] }
    assert.deepEqual(codes(ask(preflight, { answer })), ['cors-preflight-refused'])
  })

  test('the CDN in front of a Space has another host than the Space', () => {
    const signedHost = 'b.nyc3.digitaloceanspaces.com'
    const { url } = signQuery({ host: 'b.nyc3.cdn.digitaloceanspaces.com', signedHost })
    assert.equal(ask(url, { key: KEY }).causes[0]?.code, 'host-changed')
  })
})

suite('the second version of S3', () => {
  const end = String(END)
  const sign = (method: string, type: string, resource: string, secret = SECRET): string => {
    const text = `${method}\n\n${type}\n${end}\n${resource}`
    return encodeURIComponent(createHmac('sha1', secret).update(text).digest('base64'))
  }
  const url = (signature: string, more = ''): string =>
    `https://my-bucket.s3.amazonaws.com/up/a.jpg?AWSAccessKeyId=KEYID&Expires=${end}${more}&Signature=${signature}`
  const put = (type: string | null): Omit<ExplainableRequest, 'url'> => ({
    method: 'PUT',
    headers: type === null ? [] : [['content-type', type]],
  })

  test('a type that the client added, left out or changed is found by the key', () => {
    const plain = url(sign('PUT', '', '/my-bucket/up/a.jpg'))
    const typed = url(sign('PUT', 'image/jpeg', '/my-bucket/up/a.jpg'))
    const faults: readonly (readonly [string, string | null, string])[] = [
      [plain, 'application/x-www-form-urlencoded', 'header-changed'],
      [plain, 'image/jpeg', 'header-changed'],
      [typed, null, 'header-missing'],
      [typed, 'multipart/form-data; boundary=x', 'header-changed'],
    ]
    for (const [at, type, code] of faults) {
      const { causes, signature } = ask({ ...put(type), url: at }, { answer: MISMATCH, key: KEY })
      assert.equal(causes[0]?.code, code)
      assert.equal(signature, 'invalid')
    }
    assert.ok(
      codes(ask({ ...put('a/b'), url: plain }, { answer: MISMATCH })).includes('header-changed'),
    )
  })

  test('a wrong method, path or secret is found by the key, and a right one is refused for its version alone', () => {
    const right = url(sign('GET', '', '/my-bucket/up/a.jpg'))
    assert.equal(ask({ ...put(null), url: right }, { key: KEY }).causes[0]?.code, 'method-differs')
    const spaced = url(sign('GET', '', '/my-bucket/up/a.jpg', `${SECRET}\n`))
    assert.equal(ask(spaced, { key: KEY, answer: MISMATCH }).causes[0]?.code, 'secret-whitespace')
    const type = '&response-content-type=text%2Fplain'
    const changed = url(
      sign('GET', '', '/my-bucket/up/a.jpg?response-content-type=text/plain'),
      type,
    )
    for (const fine of [right, changed]) {
      const { causes, signature } = ask(fine, { key: KEY })
      assert.equal(causes[0]?.code, 'sigv2-refused')
      assert.equal(signature, 'refused')
    }
  })
})
