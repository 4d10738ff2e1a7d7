import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { REDACTED, redact } from '@hallpass/signing/redact'
import { chunked } from './chunked.ts'

const HEX = 'a5ffc147d2978f0c3fe0a77c8bc1d644b2a4f0d0d5b49e69a0eba82af7bb8244'
const BASE64 = 'qW7bK2vXz0p9TnR4sYc1dUeF3gHiJkLmNoPqRsTuVwA'

function assertEverywhere(input: string, expected: string): void {
  assert.equal(redact(input), expected)
  for (let cut = 0; cut <= input.length; cut += 1) {
    assert.equal(chunked(input, [cut]), expected, `cut at ${cut}`)
  }
}

suite('redact reads the value on the line behind its sign', () => {
  for (const [name, secret] of [
    ['X-Amz-Signature', HEX],
    ['X-Goog-Signature', HEX],
    ['sig', `${BASE64}%3D`],
    ['sig', `${BASE64}=`],
    ['Signature', `aB~9-${BASE64}__`],
    ['X-Amz-Security-Token', `FwoGZXIvYXdzEBYa${BASE64}==`],
    ['temp_url_sig', HEX],
  ] as const) {
    for (const gap of ['\n', '\r\n', '\n  ', ' \n', '\\n', '%0A']) {
      test(`${name}, ${JSON.stringify(gap)}, ${secret.slice(0, 4)}`, () => {
        const text = (value: string): string => `https://b.example/a?x=1&${name}=${gap}${value}`
        assertEverywhere(text(secret), text(REDACTED))
        assertEverywhere(text(`${secret}&y=2\n`), text(`${REDACTED}&y=2\n`))
      })
    }
  }

  test('an empty value ends with its line: the next assignment is none of it', () => {
    for (const text of [
      'X-Amz-Signature=\nX-Amz-Date=20260314T092653Z\n',
      'SECRET=\nPASSWORD2_A1B2C3D4E5F6=\nDB=x',
      'AWS_SECRET_ACCESS_KEY=\nAWS_DEFAULT_REGION_1A2B3C4D=eu-west-1',
      'api_key=\n# 2026-03-14T09:26:53Z 4711 begins',
      'token=\nhttps://b.example/2026/03/14/09/26/53',
      'secret=\nreturn compute(request)',
      'signature=(\n  compute(request)',
    ]) {
      assertEverywhere(text, text)
    }
  })
})

suite('redact leaves the parameters of a challenge', () => {
  for (const text of [
    'Authorization: Basic realm="x"',
    'Authorization: Basic realm=x',
    'Authorization: Basic realm="x", charset="UTF-8"',
    'Authorization: Bearer realm="example", error="invalid_token", error_description="it ended"',
    'authorization: Bearer scope="read write"',
    'WWW-Authenticate: Bearer resource_metadata="https://b.example/.well-known/x"',
    String.raw`{"Authorization":"Basic realm=\"x\""}`,
    'Authorization%3A%20Basic%20realm%3D%22x%22',
  ]) {
    test(text, () => assertEverywhere(text, text))
  }

  test('and takes the token that stands among them by its own name', () => {
    const text = (value: string): string => `Authorization: Token token="${value}", device="x"`
    assertEverywhere(text(HEX), text(REDACTED))
    const pair = `Authorization: Basic realm="x"\nAuthorization: Basic `
    assertEverywhere(`${pair}dXNlcjpwYXNzd29yZA==`, pair + REDACTED)
  })
})
