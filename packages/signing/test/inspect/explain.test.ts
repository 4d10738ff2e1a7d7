import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CAUSE_CODES, explain } from '@hallpass/signing/explain'
import { NOW } from './explain-corpus/case.ts'
import { textsOf } from './explain-corpus/texts-of.ts'

test('secrets planted in names, paths, hosts and answers do not come out', () => {
  const secret = 'CANARYsecret0123456789abcdefCANARY'
  const url = `https://${secret}.s3.eu-west-1.amazonaws.com/${secret}?X-Amz-Algorithm=${secret}&X-Amz-Credential=${secret}%2F20360314%2F${secret}%2Fs3%2Faws4_request&X-Amz-Date=20360314T092653Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host;${secret}&X-Amz-Signature=00&${secret}=1&${secret}=2`
  const explanation = explain(
    {
      method: 'GET',
      url,
      headers: [
        [`x-amz-${secret}`, 'x'],
        ['Authorization', `Bearer ${secret}`],
      ],
    },
    {
      keys: [{ secret }],
      now: NOW,
      response: {
        status: 400,
        body: `<Error><Code>X</Code><Message>the region '${secret}' is wrong; expecting '${secret}'</Message><Region>${secret}</Region></Error>`,
      },
    },
  )
  assert.ok(explanation.causes.length > 2)
  assert.equal(textsOf(explanation).includes(secret), false)
})

test('tokens that stand in a path, a cookie or a form do not come out', () => {
  const token = 'CANARYtokenCANARYtoken0123456789'
  const form = [
    'key=a',
    'policy=e30',
    `x-amz-signature=${token}`,
    'x-amz-credential=A/1/2/s3/x',
  ].join('&')
  const requests = [
    { url: `https://z.b-cdn.net/bcdn_token=HS256-${token}&expires=1773484013/a/b.ts` },
    { url: `https://m.test/a/edge-cache-token=Expires=1&KeyName=k&Signature=${token}/b.ts` },
    {
      url: 'https://m.test/b/x.ts',
      headers: [
        [
          'Cookie',
          `Cloud-CDN-Cookie=URLPrefix=aHR0cHM6Ly9tLnRlc3QvYS8=:Expires=1:KeyName=k:Signature=${token}`,
        ],
      ],
    },
    {
      url: 'https://d1.cloudfront.net/a',
      headers: [
        [
          'Cookie',
          `CloudFront-Policy=${token}; CloudFront-Signature=${token}; CloudFront-Key-Pair-Id=K`,
        ],
      ],
    },
    {
      method: 'POST',
      url: 'https://b.s3.amazonaws.com/',
      headers: [['Content-Type', 'application/x-www-form-urlencoded']],
      body: form,
    },
    { url: `https://m.test/vod/1.ts?__token__=exp=1~acl=/live/*~hmac=${token}` },
  ] as { url: string; headers: [string, string][] }[]
  for (const request of requests) {
    const explanation = explain(request, { keys: [{ secret: token }], now: NOW })
    assert.notEqual(explanation.dialect, null, request.url)
    assert.equal(textsOf(explanation).includes(token), false, request.url)
  }
})

test('codes are kebab-case and each is listed once', () => {
  for (const code of CAUSE_CODES) assert.match(code, /^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  assert.equal(new Set(CAUSE_CODES).size, CAUSE_CODES.length)
})
