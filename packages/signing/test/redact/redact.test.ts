import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import { REDACTED, createRedactor, redact } from '@hallpass/signing/redact'
import { anyText } from '../../../../conformance/lib/any-text.ts'
import { chunked } from './chunked.ts'
import { cleanLogLines, cleanSourceLines } from './corpus.ts'

const SIGNATURE = 'a5ffc147d2978f0c3fe0a77c8bc1d644b2a4f0d0d5b49e69a0eba82af7bb8244'

suite('redact on lines without secrets', () => {
  test('changes at most 1 in 1,000 of 6,000 log lines', () => {
    const changed = cleanLogLines(6000).filter((line) => redact(line) !== line)
    assert.ok(changed.length <= 6, changed.slice(0, 3).join('\n'))
  })

  test('changes at most 1 in 1,000 lines of source code and documentation', () => {
    const lines = cleanSourceLines()
    assert.ok(lines.length >= 5000)
    const changed = lines.filter((line) => redact(line) !== line)
    assert.ok(changed.length <= lines.length / 1000, changed.slice(0, 3).join('\n'))
  })

  test('answers the same string when there is nothing to take out', () => {
    const line = 'GET /design/tokens?policy=strict 200'
    assert.equal(redact(line), line)
    assert.equal(redact(''), '')
  })
})

suite('redact leaves what helps to read a log', () => {
  const cases: readonly (readonly [title: string, input: string, output: string])[] = [
    [
      'the key id of a credential',
      `X-Amz-Credential=AKIA0001%2F20260314%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=${SIGNATURE}`,
      `X-Amz-Credential=AKIA0001%2F20260314%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=${REDACTED}`,
    ],
    [
      'the scheme of an Authorization header',
      'Authorization: Basic YWxpY2U6cGFzc3dvcmQx',
      `Authorization: Basic ${REDACTED}`,
    ],
    [
      'the account of a shared key',
      'authorization: SharedKey acct:ZhNJfRPeCZ5HHFnRhOVtYpmtL9q+hViRjeLSOfqgxmg=',
      `authorization: SharedKey acct:${REDACTED}`,
    ],
    [
      'the fields of an Akamai token',
      `hdnts=exp=1773484013~acl=/*~hmac=${SIGNATURE}`,
      `hdnts=exp=1773484013~acl=/*~hmac=${REDACTED}`,
    ],
    [
      'the path behind a path token',
      `/edge-cache-token=Expires=1&KeyName=k&Signature=MQEk9PmXxdLbKsQwLMvWNJoJ3l41Kz1Z/v/a.m3u8`,
      `/edge-cache-token=Expires=1&KeyName=k&Signature=${REDACTED}/v/a.m3u8`,
    ],
    [
      'the prefix of a Hallpass key',
      'key hp_4fTz9QeR7mN2bVx0LkJ8sWd3YuC6aPg1HiOoZtEr.',
      `key hp_${REDACTED}`,
    ],
    [
      'paging tokens',
      '?list-type=2&continuation-token=1ueGcxLPRx1Tr%2FXYExHnhbYLgveDs2J%2F',
      '?list-type=2&continuation-token=1ueGcxLPRx1Tr%2FXYExHnhbYLgveDs2J%2F',
    ],
    [
      'checksums',
      'md5=d41d8cd98f00b204e9800998ecf8427e sha256=' + SIGNATURE,
      'md5=d41d8cd98f00b204e9800998ecf8427e sha256=' + SIGNATURE,
    ],
  ]
  for (const [title, input, output] of cases) {
    test(title, () => assert.equal(redact(input), output))
  }

  for (const line of [
    'cookie: CloudFront-Signature=@',
    'Cookie: a=b; CloudFront-Signature=@; c=d',
    'Cookie: CloudFront-Policy=e30; CloudFront-Key-Pair-Id=K1; CloudFront-Signature=@',
    'set-cookie: CloudFront-Signature=@; Path=/; Secure',
    '"cookie": "CloudFront-Key-Pair-Id=K1; cloudfront-signature=@"',
    "-H 'Cookie: CloudFront-Signature=@'",
    'CloudFront-Signature=@',
  ]) {
    test(line, () => {
      // Letters alone, as in a test or a short one: a cookie of this name holds nothing else.
      for (const signature of ['abcdefghijklmnopqrst', 'Zm9yLXRlc3Rz~x-y_z'.repeat(19)]) {
        assert.equal(redact(line.replace('@', signature)), line.replace('@', REDACTED))
      }
    })
  }

  test('the closing tag of an element is no name', () => {
    const xml = '<SessionToken></SessionToken>0123456789abcdef0123456789abcdef'
    assert.equal(redact(xml), xml)
  })

  test('an escape of a deeper layer belongs to the value, one of its own layer ends it', () => {
    assert.equal(redact('?token=abcd%26efgh%3D12&x=1'), `?token=${REDACTED}&x=1`)
    assert.equal(redact('%3Ftoken%3Dabcd2526efgh%26x%3D1'), `%3Ftoken%3D${REDACTED}%26x%3D1`)
  })
})

suite('redact knows the secrets of S3 in every form that people and programs write them', () => {
  const made = 'hps_W9QeR7mN2bVx0LkJ8sWd3YuC6aPg1HiOoZtE'
  const older = 'OiziW9QeR7mN2bVx0LkJ8sWd3YuC6aPg1HiOoZtE'
  const forms = [
    '  S3 secret access key  @',
    'S3 secret access key: @',
    'secret access key: @',
    'Secret access key = @',
    'Secret key: @',
    'HALLPASS_SECRET_ACCESS_KEY=@',
    "export AWS_SECRET_ACCESS_KEY='@'",
    '--secret-access-key @',
    '{"accessKeyId":"HPAAAA","secretAccessKey":"@"}',
    'aws_secret_access_key = @',
    'aws configure set aws_secret_access_key @',
    'AZURE_STORAGE_KEY=@',
    '        - name: AZURE_STORAGE_KEY\n          value: "@"',
    'SUPABASE_SERVICE_ROLE_KEY=@',
    'BUNNY_TOKEN_KEY=@',
    'storageKey: "@"',
  ]
  for (const form of forms) {
    test(form, () => {
      assert.equal(redact(form.replace('@', older)), form.replace('@', REDACTED))
      assert.equal(redact(form.replace('@', made)), form.replace('@', REDACTED))
    })
  }

  test('one that the server made is known wherever it stands', () => {
    assert.equal(redact(made), `hps_${REDACTED}`)
    assert.equal(redact(`try ${made}, please`), `try hps_${REDACTED}, please`)
    assert.equal(
      redact('max_hps_count and hps_limit_per_second'),
      'max_hps_count and hps_limit_per_second',
    )
  })

  test('words about keys stay', () => {
    const text = 'The secret access key  is shown once. API key: none. Press any key: twice'
    assert.equal(redact(text), text)
  })
})

suite('redact takes the inside of a private key', () => {
  const lines = [
    'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj',
    'ZmFrZTAxMjM0NTY3ODlhYmNkZWZBQkNERUYwMTIzNDU2Nzg5YWJjZGVmQUJDREVG',
    'MDEyMzQ1Njc4OQ==',
  ]
  for (const [name, lineEnd] of [
    ['lines', '\n'],
    ['lines of Windows', '\r\n'],
    ['escapes, as in a key file of Google', '\\n'],
    ['blanks', ' '],
  ] as const) {
    test(`whose lines end in ${name}, cut anywhere`, () => {
      for (const label of ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY']) {
        const inside = lineEnd + lines.join(lineEnd) + lineEnd
        const text = `"key": "-----BEGIN ${label}-----${inside}-----END ${label}-----", "x": 1`
        const expected = `"key": "-----BEGIN ${label}-----${REDACTED}-----END ${label}-----", "x": 1`
        assert.equal(redact(text), expected)
        for (let cut = 1; cut < text.length; cut += 7) {
          const redactor = createRedactor()
          const pieces = redactor.push(text.slice(0, cut)) + redactor.push(text.slice(cut))
          assert.equal(pieces + redactor.flush(), expected)
        }
      }
    })
  }

  test('public keys, certificates and placeholders stay', () => {
    const [line = ''] = lines
    for (const text of [
      `-----BEGIN PUBLIC KEY-----\n${line}\n-----END PUBLIC KEY-----`,
      `-----BEGIN CERTIFICATE-----\n${line}\n-----END CERTIFICATE-----`,
      '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
      'privateKey: fs.readFileSync("key.pem")',
      'PRIVATE KEY-----',
    ]) {
      assert.equal(redact(text), text)
    }
  })
})

suite('createRedactor', () => {
  test('gives what redact gives for random texts, cut at random', () => {
    const piece = fc.constantFrom(
      'token',
      'Signature',
      'X-Amz-Signature',
      'sig',
      'policy',
      'hp_',
      'hps_',
      'secret access key',
      'eyJ',
      '=',
      ': ',
      '":"',
      '%3D',
      '%253D',
      '&amp;',
      '&',
      '?',
      '\\u003d',
      '\\"',
      '\n',
      '\r\n\r\n',
      ' ',
      'Bearer ',
      'Authorization: ',
      '/',
      '.',
      SIGNATURE,
      'eyJhbGciOiJIUzI1NiJ9.eyJ1cmwiOiJhIn0abc.Zm9yLXRlc3Rz',
      'AbC9dEf0GhI1jKl2MnO3',
      '<a>',
      'name="',
      '%',
      '%2',
      "value='",
      '[',
      '[redacted]',
      ' = ',
      '--token ',
      'é',
      '€',
    )
    const texts = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))
    const cuts = fc.array(fc.nat(300), { maxLength: 5 })
    fc.assert(
      fc.property(texts, cuts, (text, positions) => {
        const inside = positions.filter((position) => position < text.length)
        assert.equal(chunked(text, inside), redact(text))
      }),
      { numRuns: 3000, seed: 7 },
    )
  })

  test('passes a complete line on at once', () => {
    const redactor = createRedactor()
    assert.equal(
      redactor.push('GET /a?sig=abcdefgh123&x=1 200\n'),
      `GET /a?sig=${REDACTED}&x=1 200\n`,
    )
    assert.equal(redactor.push('plain line\n'), 'plain line\n')
  })

  test('takes out a secret longer than any chunk, and nothing behind it', () => {
    const redactor = createRedactor()
    let output = redactor.push('token=')
    for (let round = 0; round < 100; round += 1) output += redactor.push('A1b2C3d4'.repeat(1000))
    output += redactor.push(' then 200\n') + redactor.flush()
    assert.equal(output, `token=${REDACTED} then 200\n`)
  })
})

test('no text makes redact throw, and redacting is done after one time', () => {
  const piece = fc.oneof(
    anyText(),
    fc.constantFrom(
      'token=',
      '"Signature":"',
      SIGNATURE,
      '%25',
      '%',
      '\\',
      '\\u',
      '&#',
      '&amp;',
      'eyJ',
      '?',
      'Bearer ',
      'Authorization: ',
      '\ud83d',
      'name="policy"\r\n',
      '--token ',
      '[',
      ']',
      "'",
      '=>',
      REDACTED,
    ),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const once = redact(pieces.join(''))
      assert.equal(redact(once), once)
    }),
    { numRuns: 3000, seed: 5 },
  )
})

test('a secret in a path is found at the very beginning of a text, as request targets begin', () => {
  const token = 'qW7bK2vXz0p9TnR4sYc1dUeF3gHiJkLmNoPqRsTuVwA'
  assert.equal(redact(`/p/${token}/n/ns/b/box/o/a`), `/p/${REDACTED}/n/ns/b/box/o/a`)
})

test('what is no text is refused in words', () => {
  for (const value of [{}, null, undefined, 5, new Uint8Array(3)]) {
    assert.throws(() => Reflect.apply(redact, undefined, [value]), {
      name: 'TypeError',
      message: /^text must be a string/,
    })
    const push = (chunk: string): string => createRedactor().push(chunk)
    assert.throws(() => Reflect.apply(push, undefined, [value]), /^TypeError: chunk must be a/)
  }
})
