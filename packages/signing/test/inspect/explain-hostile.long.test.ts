import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { detect } from '@hallpass/signing/detect'
import { explain, formatExplanation } from '@hallpass/signing/explain'
import type { ExplainKey, ExplainOptions } from '@hallpass/signing/explain'
import { anyText } from '../../../../conformance/lib/any-text.ts'
import { NOW } from './explain-corpus/case.ts'

const KEYS: readonly ExplainKey[] = [
  { id: 'AKIDEXAMPLE', secret: 'secret-of-the-test', sessionToken: 'token-of-the-test' },
  { secret: 'not base64 at all \ud800' },
  { publicKey: 'not a PEM' },
  { publicKey: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----' },
]

const SIGNED: Readonly<Record<string, string>> = {
  s3: 'https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20360314%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20360314T092653Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=',
  gcs: 'https://storage.googleapis.com/b/k?X-Goog-Algorithm=GOOG4-HMAC-SHA256&X-Goog-Credential=AKIDEXAMPLE%2F20360314%2Fauto%2Fstorage%2Fgoog4_request&X-Goog-Date=20360314T092653Z&X-Goog-Expires=900&X-Goog-SignedHeaders=host&X-Goog-Signature=',
  azure:
    'https://acct.blob.core.windows.net/c/b?sv=2020-12-06&sr=b&sp=r&se=2036-03-15T00:00:00Z&sig=',
  cloudfront: 'https://d1.cloudfront.net/a?Expires=2089099613&Key-Pair-Id=K1&Signature=',
  'cloud-cdn': 'https://m.test/a?Expires=2089099613&KeyName=AKIDEXAMPLE&Signature=',
  akamai: 'https://m.test/a?__token__=exp=2089099613~acl=/*~hmac=',
  bunny: 'https://z.b-cdn.net/a?expires=2089099613&token=HS256-aaaaaaaaaaaaaaaaaaaaaaaa',
  swift: 'https://s.test/v1/A/c/o?temp_url_expires=2089099613&temp_url_sig=',
  nginx: 'https://n.test/a?expires=2089099613&md5=_e4Nc3iduzkWRm01TBBNYw',
}

/** Tails of one MiB that made matchers of other tools slow. */
const TAILS: readonly string[] = [
  'a',
  '&',
  '=',
  '%',
  '%25',
  '%2',
  '+',
  '/',
  '//',
  '/./',
  '../',
  '?',
  '#',
  ';',
  '~',
  '!',
  '*',
  ' ',
  '\n',
  '=\n',
  '\\u0026',
  '&amp;',
  '(',
  ')',
  '"',
  '<',
  '.',
  '&X-Amz-Date=1',
  '&a=b',
  '&utm_source=x',
  'sig=',
  'Signature=%25',
  ',',
  ':',
  '[',
  '\u200b',
  '\ud800',
  'é',
  '%C3%A9',
]
const MIB = 1024 * 1024

/** Far above what is needed; a matcher that goes back over a MiB takes minutes. */
const MAX_CPU_MS = 5000

function assertQuick(run: () => void, what: string): void {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  const cpuMs = (user + system) / 1000
  assert.ok(cpuMs < MAX_CPU_MS, `${what} took ${Math.round(cpuMs)} ms of CPU`)
}

test('a MiB of anything after a signed URL is explained, with keys, and detected in linear time', () => {
  const urls = Object.entries(SIGNED)
  for (const [index, tail] of TAILS.entries()) {
    const [dialect, url] = urls[index % urls.length] ?? ['', '']
    const long = url + tail.repeat(MIB / tail.length)
    assertQuick(
      () => {
        explain({ method: 'GET', url: long, headers: [] }, { keys: KEYS, now: NOW })
        detect(long)
      },
      `${dialect} with ${JSON.stringify(tail)}`,
    )
  }
})

test('64 KiB of anything in the query or path of any dialect is explained in linear time', () => {
  for (const [dialect, url] of Object.entries(SIGNED)) {
    for (const tail of TAILS) {
      const long = tail.repeat(65_536 / tail.length)
      const options = { keys: KEYS, now: NOW }
      assertQuick(() => explain({ method: 'GET', url: url + long }, options), dialect)
      assertQuick(() => explain(url.replace('?', `${long}?`), options), dialect)
    }
  }
})

const HEX_64 = 'ab'.repeat(32)
const EXPIRES = '2089099613'
/** Signatures of the right form and of no key, so that everything is tried. */
const WELL_FORMED: Readonly<Record<string, string>> = {
  s3: `${SIGNED['s3']}${HEX_64}`,
  'gcs, HMAC': `${SIGNED['gcs']}${HEX_64}`,
  'gcs, RSA': `${SIGNED['gcs']?.replace('GOOG4-HMAC', 'GOOG4-RSA')}${HEX_64.repeat(8)}`,
  azure: `${SIGNED['azure']}${'a'.repeat(42)}E%3D`,
  cloudfront: `${SIGNED['cloudfront']}${'a'.repeat(342)}__`,
  'cloudfront, policy': `https://d1.cloudfront.net/a?Policy=${btoa(
    JSON.stringify({
      Statement: [
        {
          Resource: `https://d1.cloudfront.net/${'*a'.repeat(2000)}b`,
          Condition: { DateLessThan: { 'AWS:EpochTime': Number(EXPIRES) } },
        },
      ],
    }),
  ).replaceAll('=', '_')}&Key-Pair-Id=K1&Signature=${'a'.repeat(342)}__`,
  'cloud-cdn': `https://m.test/a?Expires=${EXPIRES}&KeyName=k&Signature=${'a'.repeat(27)}=`,
  'media-cdn': `https://m.test/a?Expires=${EXPIRES}&KeyName=k&Signature=${'a'.repeat(85)}A`,
  akamai: `https://m.test/a?__token__=exp=${EXPIRES}~hmac=${HEX_64}`,
  'akamai, acl': `https://m.test/a?__token__=exp=${EXPIRES}~acl=${'*a'.repeat(50_000)}b~hmac=${HEX_64}`,
  bunny: `https://z.b-cdn.net/a?expires=${EXPIRES}&token=HS256-${'a'.repeat(43)}`,
  swift: `https://s.test/v1/A/c/o?temp_url_expires=${EXPIRES}&temp_url_sig=${HEX_64}`,
  nginx: SIGNED['nginx'] ?? '',
  cloudflare: `https://c.test/a?verify=${EXPIRES}-${'a'.repeat(43)}%3D`,
  laravel: `https://l.test/a?expires=${EXPIRES}&signature=${HEX_64}`,
  imgix: `https://x.imgix.net/a?w=1&s=${'ab'.repeat(16)}`,
  oss: `https://o.test/a?OSSAccessKeyId=k&Expires=${EXPIRES}&Signature=${'a'.repeat(27)}%3D`,
  cos: `https://b-1.cos.ap-x.myqcloud.com/a?q-sign-algorithm=sha1&q-ak=k&q-sign-time=1;${EXPIRES}&q-key-time=1;${EXPIRES}&q-header-list=host&q-url-param-list=&q-signature=${'ab'.repeat(20)}`,
}

function publicKeyOf(type: 'rsa' | 'ed25519'): string {
  const pair = type === 'rsa' ? generateKeyPairSync(type, { modulusLength: 2048 }) : null
  const { publicKey } = pair ?? generateKeyPairSync('ed25519')
  return publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

test('a long ring of keys makes no hostile request of any dialect cost more than its budget', () => {
  const [rsa, ed25519] = [publicKeyOf('rsa'), publicKeyOf('ed25519')]
  const secrets = Array.from({ length: 50 }, (_, index) => ({ secret: btoa(`key ${index}`) }))
  const signers = Array.from({ length: 12 }, (_, index) => ({
    publicKey: index % 2 === 0 ? rsa : ed25519,
  }))
  const pieces = ['/', '/a', 'a=1&', '%C3%A9', '/..', '%2F', '+', '*']
  let turn = 0
  for (const [dialect, url] of Object.entries(WELL_FORMED)) {
    const keys = /RSA|cloudfront|media/.test(dialect) ? signers : secrets
    for (const length of [1000, 14_000, 300_000]) {
      turn += 1
      const piece = pieces[turn % pieces.length] ?? ''
      const filling = piece.repeat(length / piece.length)
      const long = url.replace('?', piece.includes('&') ? `?${filling}` : `/${filling}?`)
      const what = `${dialect} with ${length} of ${piece}`
      assertQuick(
        () => explain({ method: 'GET', url: long, headers: [] }, { keys, now: NOW }),
        what,
      )
      assertQuick(() => explain(long, { keys, now: NOW }), `${what}, and no method`)
    }
  }
})

test('a MiB in a header, in the body and in the answer is explained in linear time', () => {
  const url = SIGNED['s3'] ?? ''
  for (const piece of ['/', '+', 'a', '<Code>', '\r\n', '--x', 'a=b;', '{', ',']) {
    const long = piece.repeat(MIB / piece.length)
    const headers: [string, string][] = [
      ['Content-Type', 'multipart/form-data; boundary=x'],
      ['Authorization', `AWS4-HMAC-SHA256 ${long}`],
      ['Cookie', long],
      ['Origin', long],
      ['User-Agent', long],
    ]
    const response = { status: 403, headers: [['Date', long]] as [string, string][], body: long }
    assertQuick(
      () =>
        explain({ method: 'POST', url, headers, body: long }, { keys: KEYS, now: NOW, response }),
      JSON.stringify(piece),
    )
  }
})

test('no text, mutated URL, header, body, answer or key makes it throw', () => {
  const mutated = fc
    .tuple(fc.constantFrom(...Object.values(SIGNED)), anyText({ maxLength: 40 }), fc.nat(400))
    .map(([url, text, at]) => url.slice(0, at) + text + url.slice(at))
  const pairs = fc.array(fc.tuple(fc.string({ maxLength: 20 }), fc.string({ maxLength: 40 })), {
    maxLength: 4,
  })
  fc.assert(
    fc.property(
      fc.oneof(mutated, fc.webUrl({ withQueryParameters: true }), anyText()),
      fc.record({
        method: fc.constantFrom('GET', 'PUT', '', 'OPTIONS'),
        headers: pairs,
        body: fc.string(),
      }),
      fc.record({ status: fc.integer({ min: 0, max: 700 }), headers: pairs, body: fc.string() }),
      (url, rest, response) => {
        const explanation = explain({ url, ...rest }, { keys: KEYS, response, now: NOW })
        assert.ok(explanation.causes.length > 0)
        for (const { what, fix, confidence } of explanation.causes) {
          assert.ok(confidence > 0 && confidence <= 1)
          assert.equal(/\{\w+\}/.test(what + fix), false)
        }
        formatExplanation(explanation)
        detect(url)
      },
    ),
    { numRuns: 500, seed: 20_360_314 },
  )
})

test('values of wrong types from untyped callers are taken as absent', () => {
  const wrong: unknown[] = [
    undefined,
    null,
    7,
    {},
    [],
    { url: 7 },
    { url: null, headers: 'x' },
    { url: 'x', headers: [[1, 2], null] },
  ]
  for (const input of wrong) {
    const request = (typeof input === 'object' && input !== null ? input : { url: input }) as {
      url: string
    }
    assert.equal(explain(request, { now: NOW }).causes[0]?.code, 'url-unrecognised')
    assert.equal(detect(request), null)
  }
  const options = {
    keys: [null, 7, 'x', [], { id: 7, secret: 7, dialect: {} }],
    response: { status: 'x', headers: 7, body: null },
    now: NOW,
  } as unknown as ExplainOptions
  assert.deepEqual(
    explain(SIGNED['s3'] ?? '', options),
    explain(SIGNED['s3'] ?? '', { keys: [{}], response: {}, now: NOW }),
  )
})

test('an option of the wrong type is refused by its name', () => {
  const refused: readonly [object, RegExp][] = [
    [{ keys: 'x' }, /^keys must be of type array$/],
    [{ response: null }, /^response must be of type object$/],
    [{ maxTrials: '10' }, /^maxTrials must be of type number$/],
  ]
  for (const [options, message] of refused) {
    assert.throws(() => explain(SIGNED['s3'] ?? '', options), { name: 'TypeError', message })
  }
})
