import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from '../run-cli.ts'

const URLS = [
  'https://x/y?X-Amz-Algorithm=AWS4-HMAC-SHA256',
  'https://x/y?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260314T092653Z&X-Amz-Expires=999999999999999&X-Amz-Signature=aa',
  'https://x/y?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=99999999T999999Z&X-Amz-Expires=-1&X-Amz-Signature=',
  'https://x/y?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Expires=NaN&X-Goog-Signature=zz',
  'https://a.blob.core.windows.net/c/b?sv=9999-99-99&se=275760-09-14T00:00:00Z&sr=b&sp=r&sig=%',
  'https://d.cloudfront.net/a?Expires=9999999999999&Signature=_&Key-Pair-Id=',
  'https://d.cloudfront.net/a?Policy=e30_&Signature=_&Key-Pair-Id=K',
  'https://m.example/a?Expires=9999999999999&KeyName=k&Signature=AAAA',
  'https://m.example/a?__token__=exp=9999999999999~hmac=zz',
  'https://m.b-cdn.net/bcdn_token=HS256-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&expires=9999999999999/a',
  'https://m.example/a?md5=AAAAAAAAAAAAAAAAAAAAAA&expires=9999999999999',
  'https://m.example/a?temp_url_sig=00&temp_url_expires=9999999999999',
  'https://m.example/a?verify=9999999999-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D',
  '',
  '%',
  '?',
  'https://',
  'https://[::1?X-Amz-Signature=%F0%9F',
  '\u202e\u0000https://x',
  `https://x/y?X-Amz-Signature=${'a'.repeat(5000)}`,
]

test('no URL makes detect, explain or redact fail: each answers with an exit code of its own', async () => {
  for (const url of URLS) {
    for (const command of [['detect'], ['explain'], ['detect', '--json'], ['explain', '--json']]) {
      const { exitCode, stderr } = await run([...command, '--', url === '' ? 'x' : url], {
        env: {},
      })
      assert.ok([0, 1, 2].includes(exitCode), `${command.join(' ')} ${url}: ${exitCode} ${stderr}`)
      assert.doesNotMatch(stderr, /Invalid time value|RangeError|TypeError|undefined/)
    }
  }
})

test('no request written as JSON makes explain fail', async () => {
  const lines = URLS.flatMap((url) => [
    JSON.stringify({ url, method: 'GET', headers: [['Host']], response: { status: 'x' } }),
    JSON.stringify({ url, method: 5, headers: 'x', body: {}, response: [] }),
    JSON.stringify({ url, headers: [['authorization', 'AWS4-HMAC-SHA256 =,=']], response: null }),
    JSON.stringify([url, null, 5]),
  ])
  const { exitCode, stderr } = await run(['explain', '--json'], {
    env: {},
    stdin: lines.join('\n'),
  })
  assert.ok([0, 2].includes(exitCode), stderr)
  assert.doesNotMatch(stderr, /Invalid time value|is not a function|undefined/)
})
