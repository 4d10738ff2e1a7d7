import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { explain } from '@hallpass/signing/explain'
import { presignS3 } from '@hallpass/signing/s3'
import { readCurlCommand } from '../../../src/inspect/facts/curl-command.ts'
import { readShellWords } from '../../../src/inspect/facts/shell-words.ts'

const URL_OF_FILE = 'https://a.test/b?x=1&y=2'

suite('a command line of curl', () => {
  test('says the method as curl sends it', () => {
    const methods: readonly (readonly [options: string, method: string])[] = [
      ['', 'GET'],
      ['-X PUT', 'PUT'],
      ['-XDELETE', 'DELETE'],
      ['-sSX PATCH', 'PATCH'],
      ['--request PUT', 'PUT'],
      ['--request=PUT', 'PUT'],
      ['-I', 'HEAD'],
      ['-sSI', 'HEAD'],
      ['--head', 'HEAD'],
      ['-d a=b', 'POST'],
      ['--data-binary @file', 'POST'],
      ['--json {}', 'POST'],
      ['-F a=b', 'POST'],
      ['-T file.txt', 'PUT'],
      ['--upload-file file.txt', 'PUT'],
      ['-X PUT -d a=b', 'PUT'],
      ['-G -d a=b', 'GET'],
    ]
    for (const [options, method] of methods) {
      assert.equal(readCurlCommand(`curl ${options} '${URL_OF_FILE}'`)?.method, method, options)
    }
  })

  test('says the headers, those that other options stand for and those that curl adds', () => {
    const read = (options: string) => readCurlCommand(`curl ${options} '${URL_OF_FILE}'`)?.headers
    assert.deepEqual(read(`-H 'Content-Type: image/png' -H "x-amz-acl: private"`), [
      ['Content-Type', 'image/png'],
      ['x-amz-acl', 'private'],
    ])
    assert.deepEqual(read(`--header='A: b: c' -H 'X-Empty;' -H 'Accept:'`), [
      ['A', 'b: c'],
      ['X-Empty', ''],
    ])
    assert.deepEqual(read(`-A me -e https://b.test/ -b a=1 -r 0-9`), [
      ['User-Agent', 'me'],
      ['Referer', 'https://b.test/'],
      ['Cookie', 'a=1'],
      ['Range', 'bytes=0-9'],
    ])
    assert.deepEqual(read(`-d a=b`), [['Content-Type', 'application/x-www-form-urlencoded']])
    assert.deepEqual(read(`--json {}`), [['Content-Type', 'application/json']])
    assert.deepEqual(read(`-H 'content-type: a/b' -d a`), [['content-type', 'a/b']])
    assert.deepEqual(read(`-H 'Content-Type:' -d a`), [])
    assert.deepEqual(read(`-b cookies.txt -F a=b`), [])
  })

  test('says the body where it holds all of it, and takes it for the query with -G', () => {
    const read = (options: string) => readCurlCommand(`curl ${options} '${URL_OF_FILE}'`)
    assert.equal(read(`-d a=b --data-raw @c`)?.body, 'a=b&@c')
    assert.equal(read(`-d @file`)?.body, undefined)
    assert.equal(read(`-T file`)?.body, undefined)
    assert.equal(read(`-G -d c=3`)?.url, `${URL_OF_FILE}&c=3`)
  })

  test('has its URL anywhere, and no value of an option is taken for it', () => {
    for (const command of [
      `curl '${URL_OF_FILE}' -X PUT`,
      `curl --url "${URL_OF_FILE}"`,
      `curl -x http://proxy:1 --referer https://b.test/ -o https "${URL_OF_FILE}"`,
      `$ curl.exe -k "${URL_OF_FILE}" | jq .`,
      `curl ^\r\n  "${URL_OF_FILE}"`,
      `curl \\\n  -H 'a: b' \\\n  '${URL_OF_FILE}'`,
    ]) {
      assert.equal(readCurlCommand(command)?.url, URL_OF_FILE, command)
    }
    assert.equal(readCurlCommand('curl -s'), null)
    assert.equal(readCurlCommand(URL_OF_FILE), null)
  })

  test('with 1 MiB of anything behind it is read in linear time', () => {
    for (const piece of [' ', "'", '"', '\\', "$'", '^', '-H ', "''", '"\\"', 'a', "$'\\x"]) {
      const before = process.cpuUsage()
      readCurlCommand(`curl ${piece.repeat(1_048_576 / piece.length)}`)
      assert.ok(process.cpuUsage(before).user < 5_000_000, piece)
    }
  })
})

test('words are read as a shell reads them', () => {
  const words: readonly (readonly [text: string, words: readonly string[]])[] = [
    [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
    [`a\\ b 'c'"d"e`, ['a b', 'cde']],
    [`"a \\"b\\" \\$c \\n"`, ['a "b" $c \\n']],
    [`$'a\\tb\\'c\\x41\\u00e9\\101'`, ["a\tb'cA\u00e9A"]],
    [`'a\nb' c`, ['a\nb', 'c']],
    [`a \\\n b`, ['a', 'b']],
    [`a '' b`, ['a', '', 'b']],
    [`a & b`, ['a']],
    [`a | b`, ['a']],
    [`a > b`, ['a']],
    [`a\nb`, ['a']],
    [`'a`, ['a']],
  ]
  for (const [text, expected] of words) assert.deepEqual(readShellWords(text), expected, text)
})

test('explain judges a pasted command by its method and headers', () => {
  const now = new Date('2036-03-14T09:26:53Z')
  const key = { id: 'AKIDEXAMPLE', secret: 'hallpass-fake-key' }
  const { url } = presignS3({
    method: 'PUT',
    bucket: 'reports',
    key: 'a.png',
    region: 'eu-west-1',
    credentials: { accessKeyId: key.id, secretAccessKey: key.secret },
    headers: { 'content-type': 'image/png' },
    expiresInSeconds: 300,
    now,
  })
  const options = { keys: [key], now }
  const first = (command: string) => explain(command, options).causes[0]?.code
  const right = explain(`curl -T a.png -H 'Content-Type: image/png' '${url}'`, options)
  assert.equal(right.signature, 'valid')
  assert.equal(first(`curl -X POST -H 'Content-Type: image/png' '${url}'`), 'method-differs')
  assert.equal(first(`curl -T a.png -H 'Content-Type: image/jpeg' '${url}'`), 'header-changed')
  assert.equal(first(`curl -T a.png '${url}'`), 'header-missing')
})
